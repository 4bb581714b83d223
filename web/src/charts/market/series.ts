import {
  CandlestickSeries,
  createSeriesMarkers,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  LineSeries,
} from "lightweight-charts";
import type { Formats } from "@/lib/format";
import { type Bars, seconds } from "../bars";
import type { Cluster } from "../fills";
import { markerOf } from "../marks";
import { type Colours, isRemoved, pricesOf } from "../useChart";
import { Drawings } from "./drawings";

/** What stands on a market chart for as long as it is there. */
export interface Base {
  chart: IChartApi;
  colours: Colours;
  formats: Formats;
  candles: ISeriesApi<"Candlestick">;
  volume: ISeriesApi<"Histogram">;
  drawings: Drawings;
}

/** Values of an indicator beside the times of their bars. */
export interface Lines {
  /** As it is asked for: `rsi(n=14)`. */
  label: string;
  /** UTC milliseconds. */
  time: readonly number[];
  outputs: Record<string, readonly (number | null)[]>;
  /** It has the size of prices, and so lies on them. */
  isOverlay: boolean;
}

/** A price that matters: of a position, an order, or the market now. */
export interface PriceMark {
  price: number;
  title: string;
  tone: "up" | "down" | "accent" | "text" | "warn";
  isDashed?: boolean;
  /** It is the market's, and nobody's own. */
  isMarket?: boolean;
}

const SHADES = ["accent", "warn", "up", "down", "text"] as const;
const DASHED = 2;
const SOLID = 0;

/** Candles, volume, and room for drawings. */
export function baseOf(chart: IChartApi, colours: Colours, formats: Formats): Base {
  const candles = chart.addSeries(CandlestickSeries, {
    upColor: colours.up,
    borderUpColor: colours.up,
    wickUpColor: colours.up,
    downColor: "transparent",
    borderDownColor: colours.down,
    wickDownColor: colours.down,
  });
  const volume = chart.addSeries(HistogramSeries, {
    priceScaleId: "",
    priceFormat: { type: "volume" },
    color: `${colours.text}40`,
    priceLineVisible: false,
    lastValueVisible: false,
  });
  volume.priceScale().applyOptions({ scaleMargins: { top: 0.86, bottom: 0 } });
  const drawings = new Drawings(colours);
  candles.attachPrimitive(drawings);
  return { chart, colours, formats, candles, volume, drawings };
}

/** Put bars onto the chart; what is seen stays where it is. */
export function putBars({ candles, volume, formats }: Base, bars: Bars): void {
  candles.applyOptions({ priceFormat: pricesOf(formats, bars.close.at(-1)) });
  candles.setData(
    bars.time.map((ms, index) => ({
      time: seconds(ms),
      open: bars.open[index] ?? 0,
      high: bars.high[index] ?? 0,
      low: bars.low[index] ?? 0,
      close: bars.close[index] ?? 0,
    })),
  );
  volume.setData(bars.time.map((ms, index) => ({ time: seconds(ms), value: bars.volume[index] ?? 0 })));
}

/** Put indicators onto the chart, each that is no price in a pane of its own; the answer takes them away. */
export function putLines({ chart, colours }: Base, lines: readonly Lines[]): () => void {
  const made: ISeriesApi<"Line">[] = [];
  let pane = 0;
  let shade = 0;
  for (const one of lines) {
    if (!one.isOverlay) pane += 1;
    for (const [output, values] of Object.entries(one.outputs)) {
      const colour = colours[SHADES[shade % SHADES.length] ?? "accent"];
      shade += 1;
      const options = {
        color: colour,
        lineWidth: 1 as const,
        priceLineVisible: false,
        lastValueVisible: !one.isOverlay,
        crosshairMarkerVisible: false,
        title: one.isOverlay ? "" : output === "value" ? one.label : output,
      };
      const line = chart.addSeries(LineSeries, options, one.isOverlay ? 0 : pane);
      line.setData(
        one.time.map((ms, index) => {
          const value = values[index];
          return value === null || value === undefined ? { time: seconds(ms) } : { time: seconds(ms), value };
        }),
      );
      made.push(line);
    }
  }
  chart.panes().forEach((one, place) => {
    one.setStretchFactor(place === 0 ? 4 : 1);
  });
  return () => {
    if (!isRemoved(chart)) for (const line of made) chart.removeSeries(line);
  };
}

/** Put what was bought and sold onto the chart. The answer takes it away. */
export function putFills({ chart, candles, colours }: Base, fills: readonly Cluster[], bars: Bars): () => void {
  const made = createSeriesMarkers(
    candles,
    fills.map((fill) => markerOf(fill, bars, colours)),
  );
  return () => {
    if (!isRemoved(chart)) made.detach();
  };
}

/** Put prices that matter onto the chart as lines; the answer takes them away. */
export function putMarks({ chart, candles, colours }: Base, marks: readonly PriceMark[]): () => void {
  const made = marks.map((mark) =>
    candles.createPriceLine({
      price: mark.price,
      color: colours[mark.tone],
      lineWidth: 1,
      lineStyle: mark.isDashed ? DASHED : SOLID,
      axisLabelVisible: true,
      title: mark.title,
    }),
  );
  return () => {
    if (!isRemoved(chart)) for (const line of made) candles.removePriceLine(line);
  };
}
