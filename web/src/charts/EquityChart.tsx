import { AreaSeries, BaselineSeries, type IChartApi, LineSeries, type UTCTimestamp } from "lightweight-charts";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Formats } from "@/lib/format";
import { Drawn } from "./Drawn";
import type { Sheet } from "./sheet";
import { type Colours, useChart } from "./useChart";

export interface Curve {
  /** UTC milliseconds, each later than the one before. */
  time: number[];
  equity: number[];
  drawdown?: number[];
  label?: string;
}

interface EquityChartProps {
  curves: Curve[];
  /** What stood there at the start: above is good, below is not. */
  start?: number;
  /** Shows each curve as a change from its own start, per cent. */
  isRelative?: boolean;
  /** What it shows, for who cannot see it. */
  summary: string;
  height?: number;
}

const SHADES = ["accent", "up", "warn", "down", "text"] as const;

/** Equity through time, and below it the fall from the highest so far. */
export function EquityChart({ curves, start, isRelative = false, summary, height = 320 }: EquityChartProps) {
  const { t } = useTranslation();
  const draw = useCallback(
    (chart: IChartApi, colours: Colours, formats: Formats) => {
      const [only] = curves;
      if (curves.length === 1 && only && !isRelative) drawOne(chart, { colours, formats }, only, start);
      else drawMany(chart, { colours, formats }, curves, isRelative);
      chart.timeScale().fitContent();
    },
    [curves, start, isRelative],
  );
  const { box } = useChart(draw);
  return (
    <Drawn summary={summary} height={height} sheet={() => sheetOf(curves, t)}>
      <div ref={box} role="img" aria-label={summary} style={{ height }} />
    </Drawn>
  );
}

/** Curves as a table, one below the other; with several, each row says whose it is. */
function sheetOf(curves: Curve[], t: (key: string) => string): Sheet {
  const all = <Value,>(of: (curve: Curve) => readonly Value[]) => curves.flatMap((curve) => [...of(curve)]);
  return [
    ...(curves.length > 1
      ? [
          {
            label: t("common.sheet.curve"),
            kind: "text" as const,
            values: all((curve) => curve.time.map(() => curve.label ?? "")),
          },
        ]
      : []),
    { label: t("common.sheet.time"), kind: "time", values: all((curve) => curve.time) },
    { label: t("common.sheet.equity"), kind: "number", values: all((curve) => curve.equity) },
    ...(curves.some((curve) => curve.drawdown)
      ? [
          {
            label: t("common.sheet.drawdown"),
            kind: "percent" as const,
            values: all((curve) => curve.drawdown ?? curve.time.map(() => null)),
          },
        ]
      : []),
  ];
}

interface Look {
  colours: Colours;
  formats: Formats;
}

function drawOne(chart: IChartApi, { colours, formats }: Look, curve: Curve, start: number | undefined): void {
  const equity = chart.addSeries(BaselineSeries, {
    baseValue: { type: "price", price: start ?? curve.equity[0] ?? 0 },
    topLineColor: colours.up,
    bottomLineColor: colours.down,
    topFillColor1: `${colours.up}40`,
    topFillColor2: `${colours.up}05`,
    bottomFillColor1: `${colours.down}05`,
    bottomFillColor2: `${colours.down}40`,
    lineWidth: 2,
    priceFormat: moneyOf(formats),
    priceLineVisible: false,
  });
  equity.setData(points(curve.time, curve.equity));
  if (!curve.drawdown) return;
  const falls = chart.addSeries(
    AreaSeries,
    {
      lineColor: colours.down,
      topColor: `${colours.down}10`,
      bottomColor: `${colours.down}50`,
      lineWidth: 1,
      priceLineVisible: false,
      lastValueVisible: false,
      priceFormat: { type: "custom", formatter: (value: number) => formats.percent(value, 1) },
    },
    1,
  );
  falls.setData(
    points(
      curve.time,
      curve.drawdown.map((fall) => -fall),
    ),
  );
  chart.panes()[0]?.setStretchFactor(3);
  chart.panes()[1]?.setStretchFactor(1);
}

function drawMany(chart: IChartApi, { colours, formats }: Look, curves: Curve[], isRelative: boolean): void {
  const perCent = { ...moneyOf(formats), formatter: (value: number) => formats.percent(value / 100, 1) };
  curves.forEach((curve, index) => {
    const shade = SHADES[index % SHADES.length] ?? "accent";
    const line = chart.addSeries(LineSeries, {
      color: colours[shade],
      lineWidth: 2,
      lineStyle: index >= SHADES.length ? 2 : 0,
      priceLineVisible: false,
      title: curve.label ?? "",
      priceFormat: isRelative ? perCent : moneyOf(formats),
    });
    line.setData(points(curve.time, isRelative ? changes(curve.equity) : curve.equity));
  });
}

const moneyOf = (formats: Formats) => ({
  type: "custom" as const,
  formatter: (value: number) => formats.money(value),
  minMove: 0.01,
});

/** Values as changes from the first of them, per cent. */
export function changes(values: readonly number[]): number[] {
  const [first = 0] = values;
  return values.map((value) => (first === 0 ? 0 : (value / first - 1) * 100));
}

/** Points of a series: seconds, each once, as the chart demands. */
export function points(time: readonly number[], values: readonly number[]): { time: UTCTimestamp; value: number }[] {
  const found: { time: UTCTimestamp; value: number }[] = [];
  time.forEach((ms, index) => {
    const second = Math.floor(ms / 1_000) as UTCTimestamp;
    const value = values[index];
    if (value === undefined) return;
    const last = found.at(-1);
    if (last && last.time >= second) last.value = value;
    else found.push({ time: second, value });
  });
  return found;
}
