import {
  CandlestickSeries,
  createSeriesMarkers,
  HistogramSeries,
  type IChartApi,
  LineSeries,
  type MouseEventParams,
  type PriceFormatCustom,
  type Time,
} from "lightweight-charts";
import { useCallback, useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { Formats } from "@/lib/format";
import { type Bars, seconds, sheetOf } from "./bars";
import { Drawn } from "./Drawn";
import { type Mark, markerOf } from "./marks";
import { type Colours, pricesOf, useChart } from "./useChart";

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

const NONE: never[] = [];

/** Candles with what was bought and sold, and stops and targets for as long as they stood. */
export function CandleChart({ bars, marks = NONE, levels = NONE, ...rest }: CandleChartProps) {
  const { shown, way, onPress, summary, height = 460 } = rest;
  const { t } = useTranslation();
  const draw = useCallback(
    (chart: IChartApi, colours: Colours, formats: Formats) => {
      drawBars(chart, { colours, prices: pricesOf(formats, bars.close[0]) }, bars, marks);
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

interface Look {
  colours: Colours;
  prices: PriceFormatCustom;
}

function drawBars(chart: IChartApi, { colours, prices }: Look, bars: Bars, marks: Mark[]): void {
  const candles = chart.addSeries(CandlestickSeries, {
    upColor: colours.up,
    borderUpColor: colours.up,
    wickUpColor: colours.up,
    downColor: "transparent",
    borderDownColor: colours.down,
    wickDownColor: colours.down,
    priceFormat: prices,
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
