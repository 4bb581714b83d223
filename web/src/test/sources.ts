import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const SOURCE = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/** Files below a folder of the sources whose name fits. */
export function filesOf(folder: string, fits: RegExp): string[] {
  return readdirSync(join(SOURCE, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => fits.test(name))
    .map((name) => join(SOURCE, folder, name));
}
