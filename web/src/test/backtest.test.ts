import { describe, expect, test } from "vitest";
import type { SeriesOut } from "@/api/gen";
import { changes } from "@/charts/EquityChart";
import { spanOf } from "@/charts/Scatter";
import { ticks } from "@/charts/ticks";
import { around, lengthOf, tradeAt } from "@/features/backtest/around";
import { bestOf } from "@/features/backtest/ComparedFigures";
import { costsOf } from "@/features/backtest/costs";
import { written } from "@/features/backtest/Differences";
import { fits } from "@/features/backtest/Results";
import { FIRST_WISH, wishOf } from "@/features/backtest/wish";
import { lackOf } from "@/lib/stored";

const HOUR = 3_600_000;
const trade = (id: number, entry: string, exit: string, symbol = "A") => ({
  id,
  symbol,
  entry_time: `2024-01-01T${entry}:00Z`,
  exit_time: `2024-01-01T${exit}:00Z`,
});

describe("a trade and its chart", () => {
  test("more is loaded than is shown, and more is shown than the trade lasted", () => {
    const { show, load } = around(trade(1, "10:00", "20:00"), "1h");
    expect([show.from, show.to]).toEqual([Date.UTC(2024, 0, 1, 10) - 24 * HOUR, Date.UTC(2024, 0, 1, 20) + 24 * HOUR]);
    expect(load.from).toBe(show.from - 1_000 * HOUR);
    expect(lengthOf("15m")).toBe(900_000);
  });

  test("a press chooses the trade that was held then, else the nearest, and never one of another market", () => {
    const trades = [trade(1, "01:00", "03:00"), trade(2, "08:00", "09:00"), trade(3, "05:00", "05:30", "B")];
    const at = (hour: number) => tradeAt(trades, "A", Date.UTC(2024, 0, 1, hour))?.id;
    expect([at(2), at(5), at(6), at(23)]).toEqual([1, 1, 2, 2]);
    expect(tradeAt([], "A", 0)).toBeNull();
  });
});

test("from gross to net: what was paid is below zero, and what was not is left out", () => {
  const lines = costsOf({ gross_pnl: 100, fees: 12, slippage: 3, funding: -1, insurance: 0, net_pnl: 84 });
  expect(lines.map(({ name, amount }) => [name, amount])).toEqual([
    ["gross_pnl", 100],
    ["fees", -12],
    ["slippage", -3],
    ["funding", -1],
    ["net_pnl", 84],
  ]);
});

test("what the insurance fund paid stands after the net profit, and leads to the change of equity", () => {
  const lines = costsOf({ gross_pnl: -900, fees: 140, slippage: 0, funding: 0, insurance: 40, net_pnl: -1040 });
  expect(lines.map(({ name, amount }) => [name, amount])).toEqual([
    ["gross_pnl", -900],
    ["fees", -140],
    ["net_pnl", -1040],
    ["insurance", 40],
    ["equity_change", -1000],
  ]);
});

test("the best of a row is the most or the least, and nothing where all are the same or nothing is better", () => {
  expect(bestOf("sharpe", [1, null, 2])).toBe(2);
  expect(bestOf("max_drawdown", [0.2, 0.1])).toBe(1);
  expect([bestOf("sharpe", [1, 1]), bestOf("trades", [1, 2])]).toEqual([null, null]);
});

describe("what is lacking of stored candles", () => {
  const stored = {
    first: "2024-01-10T00:00:00Z",
    last: "2024-01-19T23:59:00Z",
    venue: "binance",
    missing: 0,
  } as SeriesOut;
  const day = (text: string) => Date.parse(text);

  test("nothing inside what is stored", () => {
    expect(lackOf(stored, { from: "2024-01-10", to: "2024-01-20" })).toBeNull();
  });

  test("before, after, in between, and everything", () => {
    expect(lackOf(stored, { from: "2024-01-01", to: "" })).toMatchObject({ why: "before", to: day("2024-01-10") });
    expect(lackOf(stored, { from: "", to: "2024-01-25" })).toMatchObject({ why: "after", from: day("2024-01-20") });
    expect(lackOf({ ...stored, missing: 3 }, { from: "", to: "" })?.why).toBe("gaps");
    expect(lackOf(undefined, { from: "", to: "" }, day("2024-03-01T12:00:00Z"))).toEqual({
      why: "none",
      from: day("2024-01-31"),
      to: day("2024-03-01"),
      venue: null,
    });
  });
});

test("results are found by words, tag and star together", () => {
  const row = {
    symbol: "BTC/USDT",
    strategy: "smc",
    timeframe: "1h",
    venue: "x",
    id: "1",
    tags: ["перша"],
    starred: true,
  };
  const shown = (sought: Parameters<typeof fits>[1]) => fits(row as Parameters<typeof fits>[0], sought);
  expect([shown({ q: "btc SMC" }), shown({ tag: "перша", starred: "yes" }), shown({})]).toEqual([true, true, true]);
  expect([shown({ q: "eth" }), shown({ tag: "друга" })]).toEqual([false, false]);
});

test("a result fills the form again, without what is the strategy's own", () => {
  const spec = {
    strategy: "smc",
    instruments: ["BTC/USDT"],
    timeframe: "1h",
    htf: null,
    params: { a: 1, b: 2 },
    end: null,
  };
  const wish = wishOf(
    { ...spec, start: Date.UTC(2024, 0, 2) * 1e6, balance: 500, costs: { taker_fee: 0.001 } },
    { a: 1, b: 3 },
  );
  expect(wish).toEqual({
    ...FIRST_WISH,
    strategy: "smc",
    symbol: "BTC/USDT",
    timeframe: "1h",
    from: "2024-01-02",
    balance: "500",
    commission: "0.1",
    params: { b: 2 },
  });
});

describe("drawing", () => {
  test("ticks are round and inside", () => {
    expect(ticks(-7, 23, 5)).toEqual([0, 10, 20]);
    expect(ticks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect([ticks(3, 3), ticks(Number.NaN, 1)]).toEqual([[3], []]);
  });

  test("a span holds zero", () => {
    expect(spanOf([5, 10]).low).toBe(0);
    expect(spanOf([-5, -1]).high).toBeGreaterThan(0);
  });

  test("curves begin at no change", () => {
    expect(changes([200, 220, 190]).map((one) => Math.round(one))).toEqual([0, 10, -5]);
    expect(changes([])).toEqual([]);
  });

  test("a moment of a description is written as one", () => {
    expect([written(Date.UTC(2024, 0, 2) * 1e6), written(0.5), written(null), written("x")]).toEqual([
      "2024-01-02T00:00",
      "0.5",
      "–",
      "x",
    ]);
  });
});
