import type { SeriesMarker, Time } from "lightweight-charts";
import { type Bars, barAt, seconds } from "./bars";
import type { Colours } from "./useChart";

/** Something bought or sold. */
export interface Mark {
  /** UTC milliseconds. */
  time: number;
  price: number;
  side: "buy" | "sell";
  text?: string;
}

/** A mark as the chart draws it: an arrow at the bar in which it lies. */
export function markerOf(mark: Omit<Mark, "price">, bars: Pick<Bars, "time">, colours: Colours): SeriesMarker<Time> {
  const isBuy = mark.side === "buy";
  return {
    time: seconds(barAt(bars.time, mark.time)),
    position: isBuy ? "belowBar" : "aboveBar",
    shape: isBuy ? "arrowUp" : "arrowDown",
    color: isBuy ? colours.up : colours.down,
    text: mark.text ?? "",
  };
}
