import type { SettingAnswer } from "@/api/gen";
import { typed } from "@/lib/typed";

export type Origin = "default" | "preset" | "file" | "keys" | "environment" | "command";

/** Where a value comes from, out of the words of the server. */
export function originOf(origin: string): Origin {
  if (origin === "default") return "default";
  if (origin.startsWith("preset ")) return "preset";
  if (origin.startsWith("key store")) return "keys";
  if (origin.startsWith("--set")) return "command";
  if (origin.startsWith("environment") || origin.startsWith(".env")) return "environment";
  return "file";
}

/** A value as it is shown and typed; nothing where there is none. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value) && value.every((one) => typeof one !== "object")) return value.join(", ");
  return typeof value === "object" ? JSON.stringify(value, null, 2) : String(value);
}

/** True where a list holds more than words and numbers, and is written as JSON. */
export const isDeep = (value: unknown): boolean =>
  Array.isArray(value) ? value.some((one) => typeof one === "object") : typeof value === "object" && value !== null;

/** What is typed as the value that is sent; undefined where it cannot be one. Null leaves the setting empty. */
export function readFrom(setting: SettingAnswer, text: string): unknown {
  const plain = text.trim();
  if (setting.shape === "list") return listOf(plain);
  if (plain === "" && setting.optional) return null;
  if (setting.shape === "integer" || setting.shape === "number") {
    const value = typed(plain);
    if (value === null) return undefined;
    return setting.shape === "integer" && !Number.isInteger(value) ? undefined : value;
  }
  return plain;
}

function listOf(text: string): unknown {
  if (!text.startsWith("[")) {
    const words = text.split(",").map((word) => word.trim());
    return words.filter(Boolean).map((word) => (/^-?\d+(\.\d+)?$/.test(word) ? Number(word) : word));
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The section of a key; a key without one is a section of its own. */
export const sectionOf = (key: string): string => key.split(".")[0] ?? key;
