import { expect, test } from "vitest";
import { compounded, largestOf, momentIn, strengthOf, wordsIn } from "./heat";

test("an id tells when it was made", () => {
  expect(momentIn("20261122-064249-9a42")).toBe("2026-11-22T06:42:49Z");
  expect(momentIn("odd")).toBeNull();
});

test("the largest return either way has the full colour, none has none", () => {
  const returns = [-0.4, 0.1, null];
  expect(largestOf(returns)).toBe(0.4);
  expect(returns.map((value) => strengthOf(value, 0.4))).toEqual([1, 0.25, 0]);
  expect(strengthOf(0, 0)).toBe(0);
});

test("returns of periods multiply, periods without bars are passed over", () => {
  expect(compounded([0.5, null, -0.5])).toBeCloseTo(-0.25);
  expect(compounded([null])).toBeNull();
});

test("words are typed with commas or on lines", () => {
  expect(wordsIn("BTC/USDT, ETH/USDT\n\nSOL/USDT ")).toEqual(["BTC/USDT", "ETH/USDT", "SOL/USDT"]);
});
