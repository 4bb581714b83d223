import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { filesOf, SOURCE } from "./sources";

type Texts = { [key: string]: string | Texts };

const FORMS: Record<string, string[]> = { en: ["one", "other"], uk: ["one", "few", "many", "other"] };
const PLURAL = /_(zero|one|two|few|many|other)$/;

function textsOf(language: string): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (texts: Texts, path: string) => {
    for (const [key, value] of Object.entries(texts)) {
      if (typeof value === "string") found.set(`${path}.${key}`, value);
      else walk(value, `${path}.${key}`);
    }
  };
  for (const file of filesOf(`i18n/${language}`, /\.json$/)) {
    const name = file.replace(/^.*\/|\.json$/g, "");
    walk(JSON.parse(readFileSync(file, "utf8")), name);
  }
  return found;
}

const english = textsOf("en");
const ukrainian = textsOf("uk");
const roots = (texts: Map<string, string>) => new Set([...texts.keys()].map((key) => key.replace(PLURAL, "")));
const code = filesOf("", /\.tsx?$/)
  .filter((file) => !file.includes("/gen/") && !/\.test\.tsx?$/.test(file))
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");
/** Texts that the code names whole: `"backtest.form.run"`; and by their beginning: `backtest.status.${word}`. */
const named = new Set([...code.matchAll(/["'`]([a-z]\w*(?:\.[\w-]+)+)["'`]/g)].map(([, key]) => key));
const begun = [...code.matchAll(/`([a-z]\w*(?:\.[\w-]+)*\.)\$\{/g)].map(([, key]) => key ?? "");
/** Words of the server that have texts: `word("common.role", …)`. */
const families = [...code.matchAll(/\bword\(\s*["']([^"']+)["']/g)].map(([, family]) => `${family}.`);
const asked = new Set([...code.matchAll(/\bt\(\s*["']([^"']+)["']/g)].map(([, key]) => key));

describe("texts", () => {
  test("both languages say the same things", () => {
    expect([...roots(ukrainian)].sort()).toEqual([...roots(english)].sort());
  });

  test.each(["en", "uk"])("what is counted has every form that %s needs", (language) => {
    const texts = language === "en" ? english : ukrainian;
    const counted = [...texts.keys()].filter((key) => PLURAL.test(key)).map((key) => key.replace(PLURAL, ""));
    const lacking = [...new Set(counted)].flatMap((root) =>
      (FORMS[language] ?? []).map((form) => `${root}_${form}`).filter((key) => !texts.has(key)),
    );
    expect(lacking).toEqual([]);
  });

  test("both languages fill in the same values", () => {
    const slots = (text = "") => [...new Set(text.match(/\{\{\w+/g))].filter((slot) => slot !== "{{count").sort();
    const differing = [...english].filter(([key, text]) => {
      const other = ukrainian.get(key);
      return other !== undefined && String(slots(text)) !== String(slots(other));
    });
    expect(differing.map(([key]) => key)).toEqual([]);
  });

  test("every text that the code asks for is there", () => {
    const known = roots(english);
    expect([...asked].filter((key) => key && !known.has(key))).toEqual([]);
  });

  test("every text is asked for", () => {
    const unused = [...roots(english)].filter(
      (key) => !named.has(key) && ![...begun, ...families].some((start) => key.startsWith(start)),
    );
    expect(unused).toEqual([]);
  });

  test("Ukrainian is Ukrainian", () => {
    const same = [...ukrainian].filter(
      ([key, text]) => /[a-z]{4}/i.test(text) && !/[а-яіїєґ]/i.test(text) && text === english.get(key),
    );
    const mayBe = /^(Tradewright|Telegram|\{\{.*\}\}|[A-Z0-9 /_.·–-]+)$/;
    expect(same.filter(([, text]) => !mayBe.test(text)).map(([key]) => key)).toEqual([]);
  });
});

test("the sources are where they are looked for", () => {
  expect(SOURCE.endsWith("/src")).toBe(true);
});
