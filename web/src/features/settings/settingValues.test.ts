import { expect, test } from "vitest";
import type { SettingAnswer } from "@/api/gen";
import { formatsOf } from "@/lib/format";
import { inWords, phraseOf } from "@/lib/serverWords";
import { originOf, readFrom, textOf } from "./settingValues";

const setting = (shape: SettingAnswer["shape"], optional = false) => ({ shape, optional }) as SettingAnswer;

test("what is typed becomes a value of the kind of the setting, or none", () => {
  expect(readFrom(setting("integer"), "4")).toBe(4);
  expect(readFrom(setting("integer"), "4.5")).toBeUndefined();
  expect(readFrom(setting("number"), "0,02")).toBe(0.02);
  expect(readFrom(setting("number", true), " ")).toBeNull();
  expect(readFrom(setting("number"), "much")).toBeUndefined();
  expect(readFrom(setting("text"), " binance ")).toBe("binance");
});

test("a list is typed with commas, or as JSON", () => {
  expect(readFrom(setting("list"), "BTC/USDT, ETH/USDT")).toEqual(["BTC/USDT", "ETH/USDT"]);
  expect(readFrom(setting("list"), "1, 5, 15")).toEqual([1, 5, 15]);
  expect(readFrom(setting("list"), '[{"percentage": 1.5}]')).toEqual([{ percentage: 1.5 }]);
  expect(readFrom(setting("list"), "[{")).toBeUndefined();
  expect(readFrom(setting("list"), "")).toEqual([]);
});

test("a list of words is shown as it is typed", () => {
  expect(textOf(["a", "b"])).toBe("a, b");
  expect(textOf(null)).toBe("");
});

test("where a value comes from is one of few places", () => {
  const told = ["default", "preset balanced: risk.size", "tradewright.yaml:3 risk.size", "environment X", ".env:2 X"];
  expect(told.map(originOf)).toEqual(["default", "preset", "file", "environment", "environment"]);
});

test("what is allowed is said in another language, names left as they are", () => {
  const words = { "a whole number": "ціле число", " from ": " від ", " to ": " до " };
  const formats = formatsOf("uk");
  expect(inWords("a whole number from 1 to 50", words, formats)).toBe("ціле число від 1 до 50");
  expect(inWords("a whole number from 0.5 to 86,400", words, formats)).toBe("ціле число від 0,5 до 86\u00a0400");
  expect(inWords("one of 1m, 15m", {}, formats)).toBe("one of 1m, 15m");
});

test("a sentence of the server is said in another language with its numbers, one that is not known as it is", () => {
  const phrases = { "# wait, # of # are there": "чекають: #, є # з #", "it answers": "відповідає" };
  expect(phraseOf("3 wait, 1 of 2 are there", phrases)).toBe("чекають: 3, є 1 з 2");
  expect(phraseOf("it answers", phrases)).toBe("відповідає");
  expect(phraseOf("the disk is on fire", phrases)).toBe("the disk is on fire");
});
