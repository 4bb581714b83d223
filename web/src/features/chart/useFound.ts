import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { readFeatures } from "@/api/gen";
import type { Bars } from "@/charts/bars";
import type { Drawing } from "@/charts/market/drawings";
import type { Lines } from "@/charts/market/series";
import { type Drawn, isLikePrice, lengthOf, type Shown } from "./chartState";
import type { Market } from "./useBars";

interface Stretch {
  from: number;
  to: number;
}

const MOST = 5_000;
/** What is over is drawn only where it is asked for. */
const OVER = ["broken", "filled", "failed", "expired", "forgotten", "run", "swept"];
const NO_LINES: Lines[] = [];
const NO_DRAWINGS: Drawing[] = [];

/** What is reckoned around the bars that are seen: indicators, zones, patterns, levels. */
export function useFound(
  market: Market,
  bars: Bars,
  shown: readonly Shown[],
  drawn: readonly Drawn[],
  hasOver: boolean,
) {
  const [stretch, setStretch] = useState<Stretch | null>(null);
  const length = lengthOf(market.timeframe);
  const isWanted = shown.length > 0 || drawn.length > 0;
  const query = useQuery({
    queryKey: ["found", market, shown, drawn, stretch],
    queryFn: async ({ signal }) => {
      const body = {
        ...market,
        limit: MOST,
        indicators: shown.map(({ name, params }) => ({ name, params })),
        drawings: [...drawn],
        ...(stretch ? { from: new Date(stretch.from).toISOString(), to: new Date(stretch.to).toISOString() } : {}),
      };
      return (await readFeatures({ body, signal, throwOnError: true })).data;
    },
    enabled: isWanted && stretch !== null,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const see = (seen: Stretch) => {
    if (stretch && seen.from >= stretch.from && seen.to <= stretch.to - length) return;
    const width = Math.min(seen.to - seen.from + length, (MOST * length) / 3);
    setStretch({ from: Math.max(seen.from - width, seen.to - MOST * length, 0), to: seen.to + width });
  };
  const found = isWanted ? query.data : undefined;
  const lines = useMemo(
    () =>
      found
        ? Object.entries(found.indicators).map(
            ([label, outputs]): Lines => ({
              label,
              time: found.time,
              outputs,
              isOverlay: isLikePrice(Object.values(outputs)[0] ?? [], closesAt(bars, found.time.at(-1) ?? 0)),
            }),
          )
        : NO_LINES,
    [found, bars],
  );
  const drawings = useMemo(() => {
    if (!found) return NO_DRAWINGS;
    const all = found.drawings as unknown as Drawing[];
    return hasOver ? all : all.filter((one) => !OVER.includes(one.state));
  }, [found, hasOver]);
  return { query, see, lines, drawings };
}

/** Closes up to a bar. */
function closesAt(bars: Bars, last: number): number[] {
  const end = bars.time.findLastIndex((ms) => ms <= last);
  return bars.close.slice(0, end + 1);
}
