import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { listEquityOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Empty } from "@/components/Empty";
import { Panel } from "@/components/Panel";
import { numberOf } from "@/lib/format";
import { useFormats } from "@/lib/useFormats";

const EquityChart = lazy(async () => ({ default: (await import("@/charts/EquityChart")).EquityChart }));
const MOST = 500;
const HEIGHT = 260;

/** What the simulation was worth at each close. */
export function Equity({ deployment }: { deployment?: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const query = useQuery(listEquityOptions({ query: { limit: MOST, ...(deployment ? { deployment } : {}) } }));
  const curves = useMemo(() => curvesOf(query.data?.items ?? []), [query.data]);
  const ends = curves[0]?.equity;
  const summary = t("desk.equitySummary", { from: formats.money(ends?.[0]), to: formats.money(ends?.at(-1)) });
  return (
    <Panel title={t("desk.equityTitle")}>
      <Asked
        query={query}
        height={HEIGHT}
        isEmpty={(page) => page.items.length < 2}
        empty={<Empty text={t("desk.noEquity")} />}
      >
        {() => (
          <Suspense fallback={<div style={{ height: HEIGHT }} />}>
            <EquityChart curves={curves} summary={summary} height={HEIGHT} />
          </Suspense>
        )}
      </Asked>
    </Panel>
  );
}

interface Point {
  session: string;
  ts: string;
  equity: string | number;
  drawdown: number;
}

/** Points, newest first, as a curve for each session, oldest first. */
export function curvesOf(points: readonly Point[]) {
  const found = new Map<string, { label: string; time: number[]; equity: number[]; drawdown: number[] }>();
  for (const point of points) {
    const curve = found.get(point.session) ?? { label: point.session, time: [], equity: [], drawdown: [] };
    curve.time.unshift(Date.parse(point.ts));
    curve.equity.unshift(numberOf(point.equity) ?? 0);
    curve.drawdown.unshift(point.drawdown);
    found.set(point.session, curve);
  }
  return [...found.values()];
}
