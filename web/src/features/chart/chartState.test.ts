import { expect, test } from "vitest";
import type { HeardOut, SeriesOut } from "@/api/gen";
import { indexAt } from "@/charts/market/drawings";
import { drawnIn, isLikePrice, joined, lengthOf, type Shown, shownIn, wordOf } from "./chartState";
import { rangeOf } from "./Market";
import { placesOf } from "./useBars";

test("an address holds indicators with their parameters, and gives them back", () => {
  const shown: Shown[] = [
    { name: "rsi", params: { n: 14 } },
    { name: "macdext", params: { fast: 5, fast_ma: "ema" } },
    { name: "obv", params: {} },
  ];
  expect(wordOf(shown)).toBe("rsi:n=14,macdext:fast=5:fast_ma=ema,obv");
  expect(shownIn(wordOf(shown))).toEqual(shown);
  expect(shownIn("rsi:n=,<script>,ema")).toEqual([{ name: "ema", params: {} }]);
  expect(drawnIn("levels,nothing")).toEqual(["levels"]);
});

test("pages join into one stretch in which each time stands once", () => {
  const newest = { time: [3, 4], close: [30, 40] };
  const older = { time: [1, 2, 3], close: [1, 2, 3] };
  expect(joined([newest, older], ["time", "close"])).toEqual({ time: [1, 2, 3, 4], close: [1, 2, 3, 40] });
  expect(joined([], ["time", "close"])).toEqual({ time: [], close: [] });
});

test("what has the size of prices lies on them", () => {
  expect(isLikePrice([null, 101, 99], [100, 100, 100])).toBe(true);
  expect(isLikePrice([55, 60], [100, 30_000, 31_000])).toBe(false);
  expect(isLikePrice([null], [1])).toBe(false);
});

test("a timeframe has a length", () => {
  expect([lengthOf("15m"), lengthOf("4h"), lengthOf("odd")]).toEqual([900_000, 14_400_000, 3_600_000]);
});

test("a moment belongs to the bar that was open then", () => {
  expect([indexAt([10, 20, 30], 25), indexAt([10, 20, 30], 5), indexAt([10, 20, 30], 99)]).toEqual([1, 0, 2]);
});

test("what is seen stands in the address as two times", () => {
  expect(rangeOf("1970-01-01T00:00:01Z", "1970-01-01T00:00:02Z")).toEqual({ from: 1_000, to: 2_000 });
  expect([rangeOf("", ""), rangeOf("nonsense", undefined)]).toEqual([null, null]);
});

test("what a session hears is a market, too, with the shortest of its bars", () => {
  const stored = (symbol: string, kind = "candles") => ({ symbol, venue: "practice", kind }) as SeriesOut;
  const heard = (symbol: string, timeframe: string) => ({ symbol, venue: "practice", timeframe }) as HeardOut;
  const places = placesOf(
    [stored("A"), stored("B"), stored("C", "funding")],
    [heard("B", "1h"), heard("B", "15m"), heard("D", "4h")],
  );
  const told = [["A", null], ["B", "15m"], ["D", "4h"]]; // biome-ignore format: a table
  expect(places.map((one) => [one.symbol, one.heard])).toEqual(told);
});
