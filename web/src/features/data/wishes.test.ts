import { describe, expect, it } from "vitest";
import type { JobOut, SeriesOut } from "@/api/gen";
import { foundIn } from "./found";
import { downloadOf, FIRST_FETCH, FIRST_FILE, FIRST_MADE, importOf, syntheticOf } from "./wishes";

describe("what is asked for", () => {
  it("a download reaches to the end of its last day, and has what is ticked", () => {
    const given = { ...FIRST_FETCH, symbol: " BTC/USDT ", exchange: "Binance", from: "2024-02-28", to: "2024-02-29" };
    expect(downloadOf({ ...given, funding: true })).toEqual({
      exchange: "binance",
      symbols: ["BTC/USDT"],
      timeframes: ["1m"],
      start_date: "2024-02-28T00:00:00Z",
      end_date: "2024-03-01T00:00:00Z",
      kinds: ["candles", "funding"],
    });
    expect(downloadOf({ ...given, to: "" })).not.toHaveProperty("end_date");
    expect(downloadOf({ ...given, from: "" })).toBeNull();
    expect(downloadOf({ ...given, symbol: " " })).toBeNull();
  });

  it("a made-up market needs numbers", () => {
    expect(syntheticOf({ ...FIRST_MADE, days: "2.5" })?.days).toBe(2.5);
    expect(syntheticOf({ ...FIRST_MADE, seed: "x" })).toBeNull();
  });

  it("a file is what its name ends in, and funding has no timeframe", () => {
    const given = { ...FIRST_FILE, venue: "mine", symbol: "A/B" };
    expect(importOf(given, "A.PARQUET")).toEqual({
      venue: "mine",
      symbol: "A/B",
      kind: "candles",
      format: "parquet",
      timeframe: "1m",
    });
    const more = { stamp: "close", columns: " time=Date, close=Last price,", repair: true };
    expect(importOf({ ...given, ...more }, "a.csv")).toMatchObject({
      stamp: "close",
      columns: ["time=Date", "close=Last price"],
      repair: true,
    });
    expect(importOf({ ...given, kind: "funding" }, "a.csv")).not.toHaveProperty("timeframe");
  });
});

describe("what a check has found", () => {
  const one = { venue: "v", symbol: "A/B", timeframe: "1m" } as SeriesOut;
  const told = { venue: "v", instrument: "A/B", timeframe: "1m" };
  const job = (state: string, faults: Record<string, unknown[]>, more = told) =>
    ({
      state,
      ended_at: "2024-01-01T00:00:00Z",
      result: { series: [{ ...more, faults, fault_count: Object.values(faults).flat().length }] },
    }) as unknown as JobOut;

  it("is that of the newest that ended well, for this series", () => {
    const jobs = [
      job("failed", {}),
      job("done", {}, { ...told, timeframe: "5m" }),
      job("done", { duplicate: [1, 2], disorder: [] }),
      job("done", {}),
    ];
    expect(foundIn(jobs, one)).toEqual({ at: "2024-01-01T00:00:00Z", faults: 2, kinds: ["duplicate"] });
    expect(foundIn([], one)).toBeNull();
  });
});
