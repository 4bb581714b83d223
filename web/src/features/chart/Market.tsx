import { Stack } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { MarketChart } from "@/charts/MarketChart";
import { Asked } from "@/components/Asked";
import { Empty } from "@/components/Empty";
import { Panel } from "@/components/Panel";
import { useFormats } from "@/lib/useFormats";
import { drawnIn, shownIn } from "./chartState";
import { Findings } from "./Findings";
import { Legend } from "./Legend";
import { Own } from "./Own";
import { Toolbar } from "./Toolbar";
import { type Market as Chosen, type Place, useBars } from "./useBars";
import { useFound } from "./useFound";
import { useKinds } from "./useKinds";
import { useOwn, useOwnFills } from "./useOwn";

const route = getRouteApi("/chart");
const HEIGHT = 560;

export interface Search {
  symbol?: string;
  venue?: string;
  tf?: string;
  ind?: string;
  draw?: string;
  over?: string;
  from?: string;
  to?: string;
}

interface MarketProps {
  market: Chosen;
  places: Place[];
  search: Search;
}

/** A market with its tools; the address holds everything that is chosen. */
export function Market({ market, places, search }: MarketProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const navigate = route.useNavigate();
  const [pointed, setPointed] = useState<number | null>(null);
  const { labelOf } = useKinds();
  const indicators = useMemo(() => shownIn(search.ind), [search.ind]);
  const drawn = useMemo(() => drawnIn(search.draw), [search.draw]);
  const isHeard = places.some((one) => one.heard && one.symbol === market.symbol && one.venue === market.venue);
  const { query, bars } = useBars(market, isHeard);
  const found = useFound(market, bars, indicators, drawn, search.over === "1");
  const marks = useOwn(market.symbol);
  const fills = useOwnFills(market.symbol);
  const put = useCallback(
    (change: Search) =>
      navigate({ search: (now: Search) => ({ ...now, ...change }), replace: true, resetScroll: false }),
    [navigate],
  );
  const wanted = useMemo(() => rangeOf(search.from, search.to), [search.from, search.to]);
  const early = () => {
    if (query.hasNextPage && !query.isFetching) void query.fetchNextPage();
  };
  const first = bars.time[0];
  useEffect(() => {
    if (wanted && first && wanted.from < first && query.hasNextPage && !query.isFetching) void query.fetchNextPage();
  }, [wanted, first, query.hasNextPage, query.isFetching, query.fetchNextPage]);
  const see = (range: { from: number; to: number }, isByHand: boolean) => {
    found.see(range);
    if (isByHand) void put({ from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() });
  };
  const size = bars.time.length;
  const summary = t("chart.summary", {
    symbol: market.symbol,
    timeframe: market.timeframe,
    count: size,
    from: formats.time(first),
    to: formats.time(bars.time.at(-1)),
    close: formats.price(bars.close.at(-1)),
  });
  const isCovered = !wanted || !first || wanted.from >= first || !query.hasNextPage;
  return (
    <>
      <Toolbar
        market={market}
        places={places}
        indicators={indicators}
        drawn={drawn}
        hasOver={search.over === "1"}
        onPut={put}
      />
      <Panel>
        <Asked
          query={query}
          height={HEIGHT}
          isEmpty={() => size === 0}
          empty={<Empty text={t("chart.noBars", { symbol: market.symbol, timeframe: market.timeframe })} />}
        >
          {() => (
            <Stack gap={6}>
              <Legend
                bars={bars}
                lines={found.lines}
                at={pointed ?? size - 1}
                isLoading={query.isFetchingNextPage || found.query.isFetching}
                error={found.query.error}
              />
              {isCovered && (
                <MarketChart
                  bars={bars}
                  lines={found.lines}
                  drawings={found.drawings}
                  marks={marks}
                  fills={fills}
                  labelOf={labelOf}
                  shown={wanted}
                  onShown={see}
                  onEarly={early}
                  onPoint={setPointed}
                  summary={summary}
                  height={HEIGHT}
                />
              )}
              <Own marks={marks} fills={fills.length} />
            </Stack>
          )}
        </Asked>
      </Panel>
      {drawn.length > 0 && <Findings drawings={found.drawings} isLoading={found.query.isFetching} />}
    </>
  );
}

/** What is to be seen, out of an address; null where it says none. */
export function rangeOf(from: string | undefined, to: string | undefined): { from: number; to: number } | null {
  const [begin, end] = [Date.parse(from ?? ""), Date.parse(to ?? "")];
  return begin < end ? { from: begin, to: end } : null;
}
