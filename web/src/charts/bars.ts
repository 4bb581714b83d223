import type { UTCTimestamp } from "lightweight-charts";
import type { Sheet } from "./sheet";

export interface Bars {
  time: number[];
  open: number[];
  high: number[];
  low: number[];
  close: number[];
  volume: number[];
}

/** A moment, UTC milliseconds, as charts take it. */
export const seconds = (ms: number) => Math.floor(ms / 1_000) as UTCTimestamp;

/** Bars as a table, the columns in their usual order. */
export function sheetOf(bars: Bars, t: (key: string) => string): Sheet {
  return [
    { label: t("common.sheet.time"), kind: "time", values: bars.time },
    { label: t("common.sheet.open"), kind: "price", values: bars.open },
    { label: t("common.sheet.high"), kind: "price", values: bars.high },
    { label: t("common.sheet.low"), kind: "price", values: bars.low },
    { label: t("common.sheet.close"), kind: "price", values: bars.close },
    { label: t("common.sheet.volume"), kind: "number", values: bars.volume },
  ];
}

/** The open of the bar in which a moment lies. */
export function barAt(opens: readonly number[], moment: number): number {
  let low = 0;
  let high = opens.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((opens[middle] ?? 0) <= moment) low = middle;
    else high = middle - 1;
  }
  return opens[low] ?? moment;
}
