import { useEffect, useState } from "react";
import type { PendingRow } from "@/api/gen";
import { useNow } from "@/lib/useNow";

/** An order that waits, and when the page heard how long it still does. */
export interface Waiting extends PendingRow {
  mode: "simulation" | "live";
  /** Milliseconds of a clock that is never set. */
  heardAt: number;
}

/**
 * How long an order still waits, counted on from what the server said.
 *
 * Neither the clock of this machine nor the pace of the exchange's matters: the server has reckoned with both.
 */
export function useLeft(order: Waiting): { seconds: number; share: number } {
  useNow(500);
  const seconds = leftOf(order, performance.now());
  return { seconds, share: order.whole_s > 0 ? Math.min(1, seconds / order.whole_s) : 0 };
}

/** Seconds that are left at a moment of the page's own clock; never below none. */
export const leftOf = (order: Pick<Waiting, "left_s" | "heardAt">, now: number): number =>
  Math.max(0, order.left_s - (now - order.heardAt) / 1_000);

/** Says now and then how much is left, for who does not see it: at the half, a minute, ten seconds. */
export function useSpoken(seconds: number, whole: number): number | null {
  const marks = [whole / 2, 60, 10].filter((mark) => mark <= whole);
  const [passed, setPassed] = useState<number | null>(null);
  const due = marks.filter((mark) => seconds <= mark).at(-1) ?? null;
  useEffect(() => setPassed(due), [due]);
  return passed === null ? null : Math.round(passed);
}
