import type { IChartApi, LogicalRange, MouseEventParams } from "lightweight-charts";
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Formats } from "@/lib/format";
import { type Bars, seconds, sheetOf } from "./bars";
import { Drawn } from "./Drawn";
import { clustersOf, stepOf } from "./fills";
import { type Drawing, indexAt } from "./market/drawings";
import { type Base, baseOf, type Lines, type PriceMark, putBars, putFills, putLines, putMarks } from "./market/series";
import type { Mark } from "./marks";
import { type Colours, useChart } from "./useChart";

interface MarketChartProps {
  bars: Bars;
  lines: readonly Lines[];
  drawings: readonly Drawing[];
  marks: readonly PriceMark[];
  /** What was bought and sold here. */
  fills: readonly Mark[];
  labelOf: (kind: string) => string;
  /** What is to be seen at first, UTC milliseconds; the last bars. */
  shown: { from: number; to: number } | null;
  /** Told which bars are seen, UTC milliseconds, and whether a hand has moved them. */
  onShown: (range: { from: number; to: number }, isByHand: boolean) => void;
  /** Told that bars before the first are about to be needed. */
  onEarly: () => void;
  /** Told which bar is pointed at, by its place. */
  onPoint: (index: number | null) => void;
  summary: string;
  height: number;
}

/** So many bars before the first one seen, earlier ones are asked for. */
const AHEAD = 400;
const BAR_WIDTH = 6;
const REST = 250;
const ZOOM = 0.8;

/** A market as it is: candles that go on to the left for as long as there are any, with all that lies on them. */
export function MarketChart(props: MarketChartProps) {
  const { bars, lines, drawings, marks, fills, labelOf, summary, height } = props;
  const { t } = useTranslation();
  const latest = useRef(props);
  latest.current = props;
  const base = useRef<Base | null>(null);
  const byHand = useRef(false);
  const [cursor, setCursor] = useState<number | null>(null);
  const [spacing, setSpacing] = useState(BAR_WIDTH);
  const draw = useCallback((made: IChartApi, colours: Colours, formats: Formats) => {
    base.current = baseOf(made, colours, formats);
  }, []);
  const { box, chart } = useChart(draw);
  const isPlaced = useRef<IChartApi | null>(null);
  useEffect(() => {
    if (!chart || !base.current) return;
    putBars(base.current, bars);
    if (isPlaced.current === chart || bars.time.length === 0) return;
    isPlaced.current = chart;
    const { shown } = latest.current;
    const size = bars.time.length;
    if (shown) chart.timeScale().setVisibleRange({ from: seconds(shown.from), to: seconds(shown.to) });
    else chart.timeScale().setVisibleLogicalRange({ from: size - chart.timeScale().width() / BAR_WIDTH, to: size + 4 });
  }, [chart, bars]);
  useEffect(() => {
    if (chart) base.current?.drawings.show(drawings, bars.time, labelOf);
  }, [chart, drawings, bars, labelOf]);
  useEffect(() => (chart && base.current ? putLines(base.current, lines) : undefined), [chart, lines]);
  useEffect(() => (chart && base.current ? putMarks(base.current, marks) : undefined), [chart, marks]);
  const clusters = useMemo(() => clustersOf(fills, bars, spacing), [fills, bars, spacing]);
  useEffect(
    () => (chart && base.current ? putFills(base.current, clusters, bars) : undefined),
    [chart, clusters, bars],
  );
  useEffect(() => {
    if (!chart) return;
    const widen = () => setSpacing(stepOf(chart.timeScale().options().barSpacing));
    widen();
    return listen(chart, latest, byHand, widen);
  }, [chart]);

  const move = (event: KeyboardEvent) => {
    const scale = chart?.timeScale();
    const range = scale?.getVisibleLogicalRange();
    if (!chart || !scale || !range || !base.current) return;
    byHand.current = true;
    const zoom = (factor: number) => {
      const width = (range.to - range.from) * factor;
      scale.setVisibleLogicalRange({ from: range.to - width, to: range.to });
    };
    const point = (step: number) => {
      const place = Math.min(Math.max((cursor ?? Math.floor(range.to)) + step, 0), bars.time.length - 1);
      setCursor(place);
      latest.current.onPoint(place);
      chart.setCrosshairPosition(
        bars.close[place] ?? 0,
        seconds(bars.time[place] ?? 0),
        base.current?.candles as never,
      );
      if (place < range.from || place > range.to)
        scale.setVisibleLogicalRange({ from: range.from + step * 20, to: range.to + step * 20 });
    };
    const deeds: Record<string, () => void> = {
      ArrowLeft: () => point(-1),
      ArrowRight: () => point(1),
      "+": () => zoom(ZOOM),
      "=": () => zoom(ZOOM),
      "-": () => zoom(1 / ZOOM),
      End: () => scale.scrollToRealTime(),
    };
    const deed = deeds[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  };
  return (
    <Drawn summary={summary} height={height} sheet={() => sheetOf(bars, t)}>
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing on a canvas that keys move */}
      <div
        ref={box}
        role="group"
        aria-label={summary}
        aria-roledescription={t("common.chartRole")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows walk from bar to bar
        tabIndex={0}
        onKeyDown={move}
        onPointerDown={() => {
          byHand.current = true;
        }}
        onWheel={() => {
          byHand.current = true;
        }}
        style={{ height }}
      />
    </Drawn>
  );
}

/** Tells what is seen and what is pointed at, until the answer is called. */
function listen(
  chart: IChartApi,
  latest: { current: MarketChartProps },
  byHand: { current: boolean },
  onRest: () => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onRange = (range: LogicalRange | null) => {
    const { bars, onEarly, onShown } = latest.current;
    if (!range || bars.time.length === 0) return;
    if (range.from < AHEAD) onEarly();
    clearTimeout(timer);
    timer = setTimeout(() => {
      onRest();
      const at = (index: number) => bars.time[Math.min(Math.max(Math.round(index), 0), bars.time.length - 1)] ?? 0;
      onShown({ from: at(range.from), to: at(range.to) }, byHand.current);
    }, REST);
  };
  const onMove = ({ time }: MouseEventParams) => {
    const { bars, onPoint } = latest.current;
    onPoint(typeof time === "number" ? indexAt(bars.time, time * 1_000) : null);
  };
  chart.timeScale().subscribeVisibleLogicalRangeChange(onRange);
  chart.subscribeCrosshairMove(onMove);
  return () => {
    clearTimeout(timer);
    chart.timeScale().unsubscribeVisibleLogicalRangeChange(onRange);
    chart.unsubscribeCrosshairMove(onMove);
  };
}
