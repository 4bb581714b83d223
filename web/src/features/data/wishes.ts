import type { CreateImportData, DownloadIn, SyntheticIn } from "@/api/gen";
import { numberOf } from "@/lib/format";

export const KINDS = ["candles", "mark", "spread", "funding"] as const;
export type Kind = (typeof KINDS)[number];

export const FIRST_FETCH = {
  exchange: "binance",
  symbol: "",
  timeframe: "1m",
  from: "",
  to: "",
  mark: false,
  funding: false,
};
export const FIRST_MADE = { symbol: "BTC/USDT:USDT", timeframe: "1m", days: "30", seed: "7" };
export const FIRST_FILE = {
  venue: "",
  symbol: "",
  timeframe: "1m",
  kind: "candles" as Kind,
  stamp: "",
  volumeUnit: "",
  timeUnit: "",
  columns: "",
  repair: false,
  replace: false,
};

const midnight = (day: string) => `${day}T00:00:00Z`;

/** A download as it is asked for; null where something is missing. The day that is named last is fetched, too. */
export function downloadOf(given: typeof FIRST_FETCH): DownloadIn | null {
  const symbol = given.symbol.trim();
  if (!given.exchange.trim() || !symbol || !given.from) return null;
  const after = given.to && new Date(Date.parse(midnight(given.to)) + 86_400_000).toISOString().slice(0, 10);
  return {
    exchange: given.exchange.trim().toLowerCase(),
    symbols: [symbol],
    timeframes: [given.timeframe],
    start_date: midnight(given.from),
    ...(after ? { end_date: midnight(after) } : {}),
    kinds: ["candles", ...(given.mark ? (["mark"] as const) : []), ...(given.funding ? (["funding"] as const) : [])],
  };
}

/** A market to be made up as it is asked for; null where something is no number. */
export function syntheticOf(given: typeof FIRST_MADE): SyntheticIn | null {
  const days = numberOf(given.days);
  const seed = numberOf(given.seed);
  if (!given.symbol.trim() || days === null || seed === null) return null;
  return { symbol: given.symbol.trim(), timeframe: given.timeframe, days, seed };
}

/** What a file holds, as it is asked for. */
export function importOf(given: typeof FIRST_FILE, name: string): CreateImportData["query"] {
  const columns = given.columns
    .split(",")
    .map((pair) => pair.trim())
    .filter(Boolean);
  return {
    venue: given.venue.trim(),
    symbol: given.symbol.trim(),
    kind: given.kind,
    format: name.toLowerCase().endsWith(".parquet") ? "parquet" : "csv",
    ...(given.kind === "funding" ? {} : { timeframe: given.timeframe }),
    ...(given.stamp ? { stamp: given.stamp as "open" | "close" } : {}),
    ...(given.volumeUnit ? { volume_unit: given.volumeUnit as "base" | "quote" } : {}),
    ...(given.timeUnit ? { time_unit: given.timeUnit as "s" | "ms" | "us" | "ns" } : {}),
    ...(columns.length > 0 ? { columns } : {}),
    ...(given.repair ? { repair: true } : {}),
    ...(given.replace ? { replace: true } : {}),
  };
}
