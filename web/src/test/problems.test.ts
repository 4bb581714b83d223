// @vitest-environment jsdom
import i18next from "i18next";
import { beforeAll, expect, test } from "vitest";
import { beginToSpeak, speak } from "@/i18n";
import { formatsOf } from "@/lib/format";
import { problemText } from "@/lib/problemText";
import { allowedIn } from "@/lib/serverWords";
import words from "@/lib/serverWords.uk.json";

beforeAll(beginToSpeak);

const WRONG = {
  code: "invalid-value",
  status: 422,
  detail: "stop_loss: 188.4 is not allowed; give a price below the last one, 156.91",
  field: "stop_loss",
  value: 188.4,
  allowed: "a price below the last one, 156.91",
};
const FAULTS = [
  { field: "days", value: 0, allowed: "Input should be greater than or equal to 1" },
  { field: "frob", allowed: "Extra inputs are not permitted" },
];
const MISSING = { venue: "binance", symbol: "BTC/USDT:USDT", timeframe: "1h" };

/** In a language, as the page says it. */
async function said(language: "en" | "uk", error: object): Promise<string> {
  await speak(language);
  return language === "en"
    ? problemText(i18next, error)
    : problemText(i18next, error, (allowed) => allowedIn(allowed, words, formatsOf("uk")));
}

test("a field, its value and what is allowed are said in the language of the page", async () => {
  expect(await said("en", WRONG)).toBe("Stop-loss: 188.4 is not allowed; give a price below the last one, 156.91");
  expect(await said("uk", WRONG)).toBe("Стоп-лос: 188,4 не підходить; потрібно: ціна, нижча за останню, 156,91");
});

test("every field that is at fault is named; one that the page does not know by its own name", async () => {
  const problem = { ...WRONG, faults: FAULTS };
  expect(await said("uk", problem)).toBe("Кількість днів: має бути не менше ніж 1; frob: такого поля немає");
});

test("a value that may be a secret is not said", async () => {
  const { value: _, ...hidden } = WRONG;
  expect(await said("en", hidden)).toBe("Stop-loss: give a price below the last one, 156.91");
});

test("candles that are missing are named, with their time where it is known", async () => {
  const lacking = { code: "missing-data", status: 409, detail: "no candles", missing: MISSING };
  expect(await said("uk", lacking)).toBe("Потрібних свічок немає у сховищі. BTC/USDT:USDT · 1h · binance");
  const span = { ...MISSING, start: "2024-01-01T00:00:00Z", end: "2024-01-07T00:00:00Z" };
  expect(await said("en", { ...lacking, missing: span })).toMatch(/binance, 01 Jan 2024, 00:00 to 07 Jan 2024/);
});

test("what the server has not taken apart is said as it said it", async () => {
  expect(await said("en", { code: "conflict", status: 409, detail: "it trades" })).toBe(
    "As things stand, it cannot be done. it trades",
  );
});
