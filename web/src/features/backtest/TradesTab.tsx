import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { BacktestOut } from "@/api/gen";
import { listBacktestTradesOptions, readBacktestCandlesOptions } from "@/api/gen/@tanstack/react-query.gen";
import { CandleChart } from "@/charts/CandleChart";
import { Asked } from "@/components/Asked";
import { DataTable } from "@/components/DataTable";
import { Empty } from "@/components/Empty";
import { useFormats } from "@/lib/useFormats";
import { type Trade, useTradeColumns } from "./useTradeColumns";

const route = getRouteApi("/backtest/$id");
const MOST_TRADES = 1_000;
const MOST_BARS = 5_000;
/** A trade is shown with so many times its own length on either side. */
const AROUND = 1.5;
const LEAST_AROUND = 3_600_000;

/** Candles with marks above, trades below: a row shows its trade. */
export function TradesTab({ result }: { result: BacktestOut }) {
  const { t } = useTranslation();
  const { trade: chosen } = route.useSearch();
  const navigate = route.useNavigate();
  const columns = useTradeColumns();
  const path = { backtest_id: result.id };
  const trades = useQuery(listBacktestTradesOptions({ path, query: { limit: MOST_TRADES, sort: "id" } }));
  const selected = trades.data?.items.find((one) => String(one.id) === chosen);
  return (
    <Stack>
      <MarketOf result={result} selected={selected} />
      <Asked query={trades} isEmpty={(page) => page.items.length === 0} empty={<Empty text={t("backtest.noTrades")} />}>
        {(page) => (
          <>
            <DataTable
              caption={t("backtest.tabs.trades")}
              rows={page.items}
              columns={columns}
              keyOf={(one) => String(one.id)}
              selected={chosen ?? null}
              onSelect={(one) =>
                navigate({ search: (now) => ({ ...now, trade: String(one.id) }), replace: true, resetScroll: false })
              }
              height={420}
            />
            {page.total > page.items.length && (
              <Text size="xs" c="dimmed">
                {t("backtest.someTrades", { shown: page.items.length, count: page.total })}
              </Text>
            )}
          </>
        )}
      </Asked>
    </Stack>
  );
}

function MarketOf({ result, selected }: { result: BacktestOut; selected: Trade | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const range = useMemo(() => (selected ? around(selected) : undefined), [selected]);
  const query = useQuery(
    readBacktestCandlesOptions({
      path: { backtest_id: result.id },
      query: {
        limit: MOST_BARS,
        ...(selected && range
          ? { symbol: selected.symbol, from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() }
          : {}),
      },
    }),
  );
  const levels = useMemo(
    () => query.data?.levels.map((one) => ({ ...one, isStop: !one.leg.startsWith("target") })) ?? [],
    [query.data],
  );
  const summary = selected
    ? t("backtest.tradeSummary", {
        side: t(`common.side.${selected.side}`),
        entry: formats.price(selected.entry_price),
        exit: formats.price(selected.exit_price),
        pnl: formats.signed(selected.pnl),
      })
    : t("backtest.chartSummary", { count: query.data?.marks.length ?? 0 });
  return (
    <Asked query={query} height={420}>
      {(chart) => (
        <CandleChart
          bars={chart.bars}
          marks={chart.marks}
          levels={selected || chart.levels.length < 60 ? levels : undefined}
          summary={summary}
          height={420}
        />
      )}
    </Asked>
  );
}

function around(trade: Trade): { from: number; to: number } {
  const from = Date.parse(trade.entry_time);
  const to = Date.parse(trade.exit_time);
  const margin = Math.max((to - from) * AROUND, LEAST_AROUND);
  return { from: from - margin, to: to + margin };
}
