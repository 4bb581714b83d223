import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { filesOf, SOURCE } from "./sources";

const BUILT = join(SOURCE, "../../src/tradewright/api/page/dist");
const MOST_LINES = 200;
const MOST_AT_START = 215_000;
/** Before the screen itself, of who is logged in: with everything that stands around it. */
const MOST_AROUND = 225_000;
const MOST_LAZY = 220_000;
const own = filesOf("", /\.tsx?$/).filter((file) => !file.includes("/gen/"));

describe("shape", () => {
  test("no file is longer than a reader keeps in mind", () => {
    const long = own.filter((file) => readFileSync(file, "utf8").split("\n").length > MOST_LINES);
    expect(long).toEqual([]);
  });

  test("features do not import each other, and nothing below imports them", () => {
    const wrong: string[] = [];
    for (const file of own) {
      const place = file.slice(SOURCE.length + 1);
      const [folder, feature] = place.split("/");
      for (const [, from] of readFileSync(file, "utf8").matchAll(/from "@\/([\w/-]+)"|import\("@\/([\w/-]+)"\)/g)) {
        const [target, other] = (from ?? "").split("/");
        const isAllowed = folder === "app" || folder === "test" || (folder === "features" && feature === other);
        if (target === "features" && !isAllowed) wrong.push(`${place}: ${from}`);
        if (target === "app" && folder !== "app" && folder !== "test") wrong.push(`${place}: ${from}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test("nothing is asked of another machine", () => {
    const names = own.filter((file) => /https?:\/\/(?!127\.0\.0\.1|www\.w3\.org)/.test(readFileSync(file, "utf8")));
    expect(names.filter((file) => !file.endsWith("shape.test.ts"))).toEqual([]);
  });
});

describe.skipIf(!existsSync(join(BUILT, "index.html")))("budget of the built page", () => {
  const startOf = (index: string) =>
    [...index.matchAll(/(?:href|src)="\/(assets\/[^"]+)"/g)].map(([, path]) => path ?? "");
  const size = (path: string) => gzipSync(readFileSync(join(BUILT, path)), { level: 9 }).length;

  test("what is loaded at the start", () => {
    const first = startOf(readFileSync(join(BUILT, "index.html"), "utf8"));
    expect(first.length).toBeGreaterThan(1);
    expect(first.reduce((total, path) => total + size(path), 0)).toBeLessThanOrEqual(MOST_AT_START);
  });

  test("what is loaded before a screen", () => {
    const found = new Set([...startOf(readFileSync(join(BUILT, "index.html"), "utf8"))]);
    const add = (path: string) => {
      if (found.has(path)) return;
      found.add(path);
      const text = readFileSync(join(BUILT, path), "utf8");
      for (const [, other] of text.matchAll(/from"\.\/([\w.-]+\.js)"/g)) add(`assets/${other}`);
    };
    const inside = readdirSync(join(BUILT, "assets")).filter((name) => /^Inside-[\w-]+\.js$/.test(name));
    expect(inside).toHaveLength(1);
    for (const name of inside) add(`assets/${name}`);
    expect([...found].reduce((total, path) => total + size(path), 0)).toBeLessThanOrEqual(MOST_AROUND);
  });

  test("what is loaded later", () => {
    const large = readdirSync(join(BUILT, "assets")).filter((name) => size(`assets/${name}`) > MOST_LAZY);
    expect(large).toEqual([]);
  });
});
