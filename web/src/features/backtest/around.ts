interface Lived {
  id: number;
  symbol: string;
  entry_time: string;
  exit_time: string;
}

interface Span {
  /** UTC milliseconds. */
  from: number;
  to: number;
}

/** A trade is shown with so many times its own length on either side, and with at least so many bars. */
const AROUND = 1.5;
const LEAST_BARS = 24;
/** So many bars on either side can be gone to from there. */
const LOADED_BARS = 1_000;
const UNITS: Record<string, number> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_592_000_000,
};

/** Length of a timeframe's bar, milliseconds; a month is taken as thirty days. */
export function lengthOf(timeframe: string): number {
  const [, count = "1", unit = "m"] = /^(\d+)([smhdwM])$/.exec(timeframe) ?? [];
  return Number(count) * (UNITS[unit] ?? 60_000);
}

/** What is shown of a market around a trade, and what is loaded for it. */
export function around(trade: Lived, timeframe: string): { show: Span; load: Span } {
  const bar = lengthOf(timeframe);
  const from = Date.parse(trade.entry_time);
  const to = Date.parse(trade.exit_time);
  const margin = Math.max((to - from) * AROUND, LEAST_BARS * bar);
  const rest = margin + LOADED_BARS * bar;
  return { show: { from: from - margin, to: to + margin }, load: { from: from - rest, to: to + rest } };
}

/** The trade that was held at a moment; where none was, the one whose entry or exit is nearest. */
export function tradeAt<Trade extends Lived>(trades: readonly Trade[], symbol: string, at: number): Trade | null {
  let found: Trade | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const one of trades) {
    if (one.symbol !== symbol) continue;
    const [from, to] = [Date.parse(one.entry_time), Date.parse(one.exit_time)];
    const far = at < from ? from - at : at > to ? at - to : 0;
    if (far < least) [found, least] = [one, far];
  }
  return found;
}
