import {
  CandlestickSeries,
  createSeriesMarkers,
  HistogramSeries,
  type IChartApi,
  LineSeries,
  type MouseEventParams,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from "lightweight-charts";
import { useCallback, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Drawn } from "./Drawn";
import type { Sheet } from "./sheet";
import { type Colours, useChart } from "./useChart";

export interface Bars {
  time: number[];
  open: number[];
  high: number[];
  low: number[];
  close: number[];
  volume: number[];
}

export interface Mark {
  /** UTC milliseconds. */
  time: number;
  price: number;
  side: "buy" | "sell";
  text?: string;
}

export interface Level {
  start: number;
  end: number;
  price: number;
  isStop: boolean;
}

/** From an entry to its exit. */
export interface Way {
  start: number;
  from: number;
  end: number;
  to: number;
  isGain: boolean;
}

interface CandleChartProps {
  bars: Bars;
  marks?: Mark[];
  levels?: Level[];
  /** What is to be seen, UTC milliseconds; all of it. */
  shown?: { from: number; to: number } | undefined;
  way?: Way | undefined;
  /** A moment of it was pressed, UTC milliseconds. */
  onPress?: ((at: number) => void) | undefined;
  summary: string;
  height?: number;
}

const seconds = (ms: number) => Math.floor(ms / 1_000) as UTCTimestamp;
const NONE: never[] = [];

/** Candles with what was bought and sold, and stops and targets for as long as they stood. */
export function CandleChart({ bars, marks = NONE, levels = NONE, ...rest }: CandleChartProps) {
  const { shown, way, onPress, summary, height = 460 } = rest;
  const { t } = useTranslation();
  const draw = useCallback(
    (chart: IChartApi, colours: Colours) => {
      drawBars(chart, colours, bars, marks);
      for (const level of levels) drawLevel(chart, colours, level);
      if (way) drawWay(chart, colours, way);
    },
    [bars, marks, levels, way],
  );
  const { box, chart } = useChart(draw);
  useEffect(() => {
    if (!chart) return;
    if (shown) chart.timeScale().setVisibleRange({ from: seconds(shown.from), to: seconds(shown.to) });
    else chart.timeScale().fitContent();
  }, [chart, shown]);
  useEffect(() => {
    if (!chart || !onPress) return;
    const press = ({ time }: MouseEventParams<Time>) => time !== undefined && onPress(Number(time) * 1_000);
    chart.subscribeClick(press);
    return () => chart.unsubscribeClick(press);
  }, [chart, onPress]);
  return (
    <Drawn summary={summary} height={height} sheet={() => sheetOf(bars, t)}>
      <div ref={box} role="img" aria-label={summary} style={{ height }} />
    </Drawn>
  );
}

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

function drawBars(chart: IChartApi, colours: Colours, bars: Bars, marks: Mark[]): void {
  const candles = chart.addSeries(CandlestickSeries, {
    upColor: colours.up,
    borderUpColor: colours.up,
    wickUpColor: colours.up,
    downColor: "transparent",
    borderDownColor: colours.down,
    wickDownColor: colours.down,
    priceLineVisible: false,
  });
  candles.setData(
    bars.time.map((ms, index) => ({
      time: seconds(ms),
      open: bars.open[index] ?? 0,
      high: bars.high[index] ?? 0,
      low: bars.low[index] ?? 0,
      close: bars.close[index] ?? 0,
    })),
  );
  const volume = chart.addSeries(HistogramSeries, {
    priceScaleId: "",
    priceFormat: { type: "volume" },
    color: `${colours.text}40`,
    priceLineVisible: false,
    lastValueVisible: false,
  });
  volume.priceScale().applyOptions({ scaleMargins: { top: 0.86, bottom: 0 } });
  volume.setData(bars.time.map((ms, index) => ({ time: seconds(ms), value: bars.volume[index] ?? 0 })));
  const found = marks.map((mark) => markerOf(mark, bars, colours)).sort((a, b) => Number(a.time) - Number(b.time));
  createSeriesMarkers(candles, found);
}

function markerOf(mark: Mark, bars: Bars, colours: Colours): SeriesMarker<Time> {
  const isBuy = mark.side === "buy";
  return {
    time: seconds(barAt(bars.time, mark.time)),
    position: isBuy ? "belowBar" : "aboveBar",
    shape: isBuy ? "arrowUp" : "arrowDown",
    color: isBuy ? colours.up : colours.down,
    text: mark.text ?? "",
  };
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

function drawWay(chart: IChartApi, colours: Colours, way: Way): void {
  if (way.end <= way.start) return;
  const line = chart.addSeries(LineSeries, {
    color: way.isGain ? colours.up : colours.down,
    lineWidth: 2,
    lineStyle: way.isGain ? 0 : 2,
    priceLineVisible: false,
    lastValueVisible: false,
    crosshairMarkerVisible: false,
  });
  line.setData([
    { time: seconds(way.start), value: way.from },
    { time: seconds(way.end), value: way.to },
  ]);
}

function drawLevel(chart: IChartApi, colours: Colours, level: Level): void {
  if (level.end <= level.start) return;
  const line = chart.addSeries(LineSeries, {
    color: level.isStop ? colours.down : colours.up,
    lineWidth: 1,
    lineStyle: 2,
    priceLineVisible: false,
    lastValueVisible: false,
    crosshairMarkerVisible: false,
  });
  line.setData([
    { time: seconds(level.start), value: level.price },
    { time: seconds(level.end), value: level.price },
  ]);
}
