import type { SeriesOut } from "@/api/gen";

export const DAY = 86_400_000;
const USUAL_DAYS = 30;
const MINUTE = 60_000;

/** The day, UTC, of a moment in milliseconds. */
export const dayOf = (moment: number): string => new Date(moment).toISOString().slice(0, 10);

/** Candles that a backtest would want, and that are not stored. UTC milliseconds. */
export interface Lack {
  why: "none" | "before" | "after" | "gaps";
  from: number;
  to: number;
  /** Where what is stored is from; what was made up is made up again. */
  venue: string | null;
}

/** What is missing of the range that was asked for; null where everything is stored. */
export function lackOf(
  stored: SeriesOut | undefined,
  wish: { from: string; to: string },
  now = Date.now(),
): Lack | null {
  const wanted = { from: wish.from ? Date.parse(wish.from) : null, to: wish.to ? Date.parse(wish.to) : null };
  const today = Date.parse(dayOf(now));
  if (!stored) {
    const to = wanted.to ?? today;
    return { why: "none", from: wanted.from ?? to - USUAL_DAYS * DAY, to, venue: null };
  }
  const first = Date.parse(stored.first);
  const last = Date.parse(stored.last) + MINUTE;
  const { venue } = stored;
  if (wanted.from !== null && wanted.from < first) return { why: "before", from: wanted.from, to: first, venue };
  if (wanted.to !== null && wanted.to - DAY > last) return { why: "after", from: last, to: wanted.to, venue };
  return stored.missing > 0 ? { why: "gaps", from: first, to: last, venue } : null;
}
