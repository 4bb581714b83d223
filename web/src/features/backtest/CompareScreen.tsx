import { Alert, Stack, Title } from "@mantine/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Compared } from "@/api/gen";
import { compareBacktestsOptions, readBacktestEquityOptions } from "@/api/gen/@tanstack/react-query.gen";
import { EquityChart } from "@/charts/EquityChart";
import { Asked } from "@/components/Asked";
import { Empty } from "@/components/Empty";
import { Panel } from "@/components/Panel";
import { ScreenTitle } from "@/components/ScreenTitle";
import { ComparedCode } from "./ComparedCode";
import { ComparedFigures } from "./ComparedFigures";
import { Differences } from "./Differences";

const route = getRouteApi("/compare");
const POINTS = 1_000;

/** Results beside each other: their curves, their figures, and what was different about them. */
export function CompareScreen() {
  const { t } = useTranslation();
  const { ids = "" } = route.useSearch();
  const chosen = ids.split(",").filter(Boolean);
  const isSome = chosen.length >= 2 && chosen.length <= 6;
  const query = useQuery({ ...compareBacktestsOptions({ query: { id: chosen } }), enabled: isSome });
  return (
    <>
      <ScreenTitle title={t("backtest.compareTitle")} note={t("compare.note")} />
      {isSome ? (
        <Asked query={query} height={420}>
          {(found) => <Beside found={found} />}
        </Asked>
      ) : (
        <Panel>
          <Empty
            text={t("compare.choose")}
            action={
              <Link to="/backtest" className="link">
                {t("app.screens.backtest")}
              </Link>
            }
          />
        </Panel>
      )}
    </>
  );
}

/** What a run is called here: a letter and its strategy. */
export const labelOf = (index: number, strategy: string): string => `${"ABCDEF"[index] ?? index + 1} ${strategy}`;

function Beside({ found }: { found: Compared }) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Panel title={t("backtest.tabs.equity")}>
        <Curves found={found} />
      </Panel>
      <Panel title={t("compare.differences")}>
        <Differences found={found} />
      </Panel>
      <Panel title={t("code.title")}>
        <ComparedCode found={found} />
      </Panel>
      <Panel title={t("backtest.tabs.figures")}>
        <ComparedFigures found={found} />
      </Panel>
    </Stack>
  );
}

function Curves({ found }: { found: Compared }) {
  const { t } = useTranslation();
  const queries = useQueries({
    queries: found.runs.map((run) =>
      readBacktestEquityOptions({ path: { backtest_id: run.id }, query: { max_points: POINTS } }),
    ),
    combine: (all) => ({ data: all.map((one) => one.data), failed: all.find((one) => one.error)?.error ?? null }),
  });
  const { data, failed } = queries;
  const curves = useMemo(
    () =>
      data.flatMap((curve, index) => {
        const run = found.runs[index];
        return curve && run ? [{ ...curve, label: labelOf(index, run.strategy) }] : [];
      }),
    [data, found],
  );
  if (failed) return <Alert color="orange">{t("common.failure.title")}</Alert>;
  const periods = new Set(found.runs.map((run) => `${run.start_date} ${run.end_date}`));
  return (
    <>
      {periods.size > 1 && (
        <Alert color="yellow" variant="light" mb="sm">
          {t("compare.periods")}
        </Alert>
      )}
      <EquityChart curves={curves} isRelative summary={t("compare.summary", { count: curves.length })} height={360} />
      <Title order={3} className="unseen">
        {t("backtest.tabs.equity")}
      </Title>
    </>
  );
}
