import { expect, test } from "vitest";
import { clustersOf, stepOf } from "./fills";
import type { Mark } from "./marks";

const MINUTE = 60_000;
const bars = { time: Array.from({ length: 200 }, (_, place) => place * MINUTE) };
const mark = (bar: number, side: Mark["side"] = "buy"): Mark => ({
  time: bar * MINUTE + 20_000,
  price: 100,
  side,
  text: `own ${side}`,
});
const at = (marks: Mark[], spacing: number) =>
  clustersOf(marks, bars, spacing).map((one) => [one.time / MINUTE, one.text]);

test("with room beside it each arrow speaks for itself; without, it is an arrow alone", () => {
  expect(at([mark(10), mark(60), mark(66)], 6)).toEqual([
    [10, "own buy"],
    [60, ""],
    [66, ""],
  ]);
});

test("arrows that would lie on each other are one, which says how many there are", () => {
  expect(at([mark(10), mark(10), mark(11)], 6)).toEqual([[10, "×3"]]);
  expect(at([mark(10), mark(40), mark(60), mark(190)], 0.5)).toEqual([
    [40, "×3"],
    [190, ""],
  ]);
});

test("what was bought is never put together with what was sold", () => {
  expect(at([mark(10), mark(10, "sell")], 6)).toHaveLength(2);
});

test("what happened before the first bar, or after the last, is not drawn at another's", () => {
  expect(at([mark(-1), mark(199), mark(200)], 6)).toEqual([[199, "own buy"]]);
});

test("a turn of the wheel does not put them together anew", () => {
  expect([5.9, 6, 6.1].map(stepOf)).toEqual([stepOf(6), stepOf(6), stepOf(6)]);
  expect(stepOf(0.5)).toBe(0.5);
});
