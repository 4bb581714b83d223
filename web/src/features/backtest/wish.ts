import type { CreateBacktestData } from "@/api/gen";
import { typed } from "@/lib/typed";

/** What the form holds: texts, as they are typed. */
export interface Wish {
  strategy: string;
  symbol: string;
  timeframe: string;
  htf: string;
  from: string;
  to: string;
  balance: string;
  /** Per cent of the notional. */
  commission: string;
  /** Of the strategy; only what differs from its own. */
  params: Record<string, string | number | boolean>;
}

export const FIRST_WISH: Wish = {
  strategy: "",
  symbol: "",
  timeframe: "15m",
  htf: "",
  from: "",
  to: "",
  balance: "10000",
  commission: "",
  params: {},
};

export const TIMEFRAMES = ["1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "12h", "1d"];

/** The request that the form asks for. */
export function requestOf(wish: Wish): CreateBacktestData["body"] {
  const commission = typed(wish.commission);
  return {
    symbol: wish.symbol.trim(),
    strategy: wish.strategy.trim(),
    timeframes: wish.htf ? [wish.timeframe, wish.htf] : [wish.timeframe],
    tf_roles: wish.htf ? { [wish.timeframe]: "LTF", [wish.htf]: "HTF" } : { [wish.timeframe]: "LTF" },
    initial_balance: typed(wish.balance) ?? 10_000,
    params: wish.params,
    ...(wish.from ? { start_date: `${wish.from}T00:00:00Z` } : {}),
    ...(wish.to ? { end_date: `${wish.to}T00:00:00Z` } : {}),
    ...(commission === null ? {} : { commission: commission / 100 }),
  };
}

/** The same as a command. */
export function commandOf(wish: Wish): string {
  const commission = typed(wish.commission);
  const words = [
    "tradewright backtest",
    wish.strategy.trim() || "STRATEGY",
    "--instrument",
    wish.symbol.trim() || "SYMBOL",
  ];
  words.push("--timeframe", wish.timeframe);
  if (wish.htf) words.push("--htf", wish.htf);
  if (wish.from) words.push("--from", wish.from);
  if (wish.to) words.push("--to", wish.to);
  if (wish.balance !== "10000") words.push("--balance", String(typed(wish.balance) ?? 10_000));
  if (commission !== null)
    words.push("--cost", `maker_fee=${commission / 100}`, "--cost", `taker_fee=${commission / 100}`);
  for (const [name, value] of Object.entries(wish.params)) words.push("--set", `${name}=${value}`);
  return words.join(" ");
}

interface Spec {
  strategy?: string;
  instruments?: string[];
  timeframe?: string;
  htf?: string | null;
  start?: number | null;
  end?: number | null;
  balance?: number;
  params?: Record<string, string | number | boolean>;
  costs?: { taker_fee?: number | null };
}

const NS = 1e6;
const dayOf = (ns: number | null | undefined) => (ns ? new Date(ns / NS).toISOString().slice(0, 10) : "");

/** The form as it would have asked for a result. Parameters that are the strategy's own are left out. */
export function wishOf(given: Record<string, unknown>, own: Record<string, unknown>): Wish {
  const spec = given as Spec;
  const fee = spec.costs?.taker_fee;
  const params = Object.entries(spec.params ?? {}).filter(([name, value]) => own[name] !== value);
  return {
    ...FIRST_WISH,
    strategy: spec.strategy ?? "",
    symbol: spec.instruments?.[0] ?? "",
    timeframe: spec.timeframe ?? FIRST_WISH.timeframe,
    htf: spec.htf ?? "",
    from: dayOf(spec.start),
    to: dayOf(spec.end),
    balance: String(spec.balance ?? FIRST_WISH.balance),
    commission: fee === null || fee === undefined ? "" : String(fee * 100),
    params: Object.fromEntries(params),
  };
}
