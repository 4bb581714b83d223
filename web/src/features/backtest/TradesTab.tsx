import { Stack, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type BacktestOut, listBacktestTrades } from "@/api/gen";
import { readBacktestCandlesOptions } from "@/api/gen/@tanstack/react-query.gen";
import { CandleChart } from "@/charts/CandleChart";
import { Asked } from "@/components/Asked";
import { DataTable } from "@/components/DataTable";
import { Empty } from "@/components/Empty";
import { usePreferences } from "@/lib/preferences";
import { useFormats } from "@/lib/useFormats";
import { around, tradeAt } from "./around";
import { type Trade, useTradeColumns } from "./useTradeColumns";

const route = getRouteApi("/backtest/$id");
const AT_ONCE = 1_000;
const MOST_TRADES = 20_000;
const MOST_BARS = 5_000;
const NONE: Trade[] = [];

/** Candles with marks above, trades below: a row shows its trade, a press on the chart chooses it, `j` and `k` go on. */
export function TradesTab({ result }: { result: BacktestOut }) {
  const { t } = useTranslation();
  const { trade: chosen } = route.useSearch();
  const navigate = route.useNavigate();
  const columns = useTradeColumns();
  const { hasKeys } = usePreferences();
  const query = useTrades(result.id);
  const trades = query.data ?? NONE;
  const choose = useCallback(
    (id: number) =>
      void navigate({ search: (now) => ({ ...now, trade: String(id) }), replace: true, resetScroll: false }),
    [navigate],
  );
  const step = (by: number) => {
    const at = trades.findIndex((one) => String(one.id) === chosen);
    const next = trades[Math.min(Math.max(at + by, 0), trades.length - 1)];
    if (next) choose(next.id);
  };
  useHotkeys(
    hasKeys
      ? [
          ["j", () => step(1)],
          ["k", () => step(-1)],
        ]
      : [],
  );
  return (
    <Stack>
      <MarketOf
        result={result}
        trades={trades}
        selected={trades.find((one) => String(one.id) === chosen)}
        onChoose={choose}
      />
      <Asked query={query} isEmpty={(found) => found.length === 0} empty={<Empty text={t("backtest.noTrades")} />}>
        {(found) => (
          <>
            <DataTable
              caption={t("backtest.tabs.trades")}
              rows={found}
              columns={columns}
              keyOf={(one) => String(one.id)}
              selected={chosen ?? null}
              onSelect={(one) => choose(one.id)}
              height={420}
            />
            <Text size="xs" c="dimmed">
              {t("backtest.tradeKeys", { count: found.length })}
            </Text>
          </>
        )}
      </Asked>
    </Stack>
  );
}

/** Every trade of a result, page after page. */
function useTrades(id: string) {
  const query = useInfiniteQuery({
    queryKey: ["trades of", id],
    queryFn: async ({ pageParam, signal }) => {
      const cursor = pageParam ? { cursor: pageParam } : {};
      const asked = { path: { backtest_id: id }, query: { limit: AT_ONCE, sort: "id" as const, ...cursor }, signal };
      return (await listBacktestTrades({ ...asked, throwOnError: true })).data;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last, pages) => (pages.length * AT_ONCE < MOST_TRADES ? (last.next ?? null) : null),
    select: (found) => found.pages.flatMap((page) => page.items),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { hasNextPage, isFetching, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  return query;
}

interface MarketProps {
  result: BacktestOut;
  trades: readonly Trade[];
  selected: Trade | undefined;
  onChoose: (id: number) => void;
}

function MarketOf({ result, trades, selected, onChoose }: MarketProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const range = useMemo(
    () => (selected ? around(selected, result.timeframe) : undefined),
    [selected, result.timeframe],
  );
  const asked = range && {
    symbol: selected?.symbol ?? null,
    from: new Date(range.load.from).toISOString(),
    to: new Date(range.load.to).toISOString(),
  };
  const query = useQuery({
    ...readBacktestCandlesOptions({ path: { backtest_id: result.id }, query: { limit: MOST_BARS, ...asked } }),
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const levels = useMemo(
    () => query.data?.levels.map((one) => ({ ...one, isStop: !one.leg.startsWith("target") })) ?? [],
    [query.data],
  );
  const way = useMemo(() => selected && wayOf(selected), [selected]);
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
          way={way}
          shown={range?.show}
          onPress={(at) => {
            const found = tradeAt(trades, chart.bars.symbol, at);
            if (found) onChoose(found.id);
          }}
          summary={summary}
          height={420}
        />
      )}
    </Asked>
  );
}

const wayOf = (trade: Trade) => ({
  start: Date.parse(trade.entry_time),
  from: trade.entry_price,
  end: Date.parse(trade.exit_time),
  to: trade.exit_price,
  isGain: trade.pnl > 0,
});
