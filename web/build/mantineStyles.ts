import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Plugin } from "vite";

const NAME = "virtual:mantine-styles";
const CORE = "node_modules/@mantine/core";
const FIRST = ["baseline", "default-css-variables", "global"];
/** Packages of Mantine that draw with its core. */
const BESIDE = ["notifications", "spotlight"];

/** The styles of those of Mantine's components that the page draws, and of what those draw; in Mantine's order. */
export function mantineStyles(web: string): Plugin {
  return {
    name: "mantine-styles",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    load: (id) => (id === `\0${NAME}` ? imports(web) : null),
  };
}

function imports(web: string): string {
  const roots = [join(web, "src"), ...BESIDE.map((name) => join(web, `node_modules/@mantine/${name}/esm`))];
  const wanted = new Set<string>();
  for (const root of roots) {
    for (const name of filesOf(root).flatMap(namesOf)) add(web, name, wanted);
  }
  const whole = readFileSync(join(web, CORE, "styles.css"), "utf8");
  const styles = [...wanted].filter((name) => existsSync(join(web, CORE, `styles/${name}.css`)));
  const place = (name: string) =>
    whole.indexOf(readFileSync(join(web, CORE, `styles/${name}.css`), "utf8").slice(0, 60));
  styles.sort((a, b) => place(a) - place(b));
  return [...FIRST, ...styles].map((name) => `import "@mantine/core/styles/${name}.css";`).join("\n");
}

function filesOf(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(tsx?|mjs)$/.test(name) && !name.endsWith(".d.ts"))
    .map((name) => resolve(root, name));
}

function namesOf(file: string): string[] {
  const found = readFileSync(file, "utf8").matchAll(/import\s*\{([^}]*)\}\s*from\s*"@mantine\/core"/g);
  return [...found].flatMap(([, names]) => (names ?? "").split(",").map((name) => name.trim().replace(/^type /, "")));
}

/** A component, and by the imports of its folder those that it is drawn with. */
function add(web: string, name: string, wanted: Set<string>): void {
  const folder = join(web, CORE, "esm/components", name);
  if (wanted.has(name) || !/^[A-Z]\w+$/.test(name)) return;
  wanted.add(name);
  if (!existsSync(folder)) return;
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".mjs")) continue;
    const text = readFileSync(join(folder, file), "utf8");
    if (file.endsWith(".module.mjs")) wanted.add(file.replace(/^.*\/|\.module\.mjs$/g, ""));
    for (const [, other] of text.matchAll(/from "\.\.\/(?:\.\.\/)*(?:utils\/)?([A-Z]\w+)\//g))
      add(web, other ?? "", wanted);
  }
}
