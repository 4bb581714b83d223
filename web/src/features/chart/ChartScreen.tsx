import { Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { listHeardMarketsOptions, listSeriesOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Asked, Loading } from "@/components/Asked";
import { Empty } from "@/components/Empty";
import { MoreCandles } from "@/components/MoreCandles";
import { Panel } from "@/components/Panel";
import { ScreenTitle } from "@/components/ScreenTitle";
import { lackOf } from "@/lib/stored";
import { Market } from "./Market";
import { placesOf } from "./useBars";

const route = getRouteApi("/chart");
const USUAL = "1h";

/** A market of which no candles are stored: how to have them, and the way to those that are. */
function NotStored({ symbol }: { symbol: string }) {
  const { t } = useTranslation();
  const lack = lackOf(undefined, { from: "", to: "" });
  return (
    <Panel title={symbol}>
      <Stack align="flex-start">
        <Text size="sm">{t("chart.notStored", { symbol })}</Text>
        {lack && (
          <Group gap="xs">
            <MoreCandles symbol={symbol} lack={lack} />
          </Group>
        )}
        <Link to="/chart" search={{}} className="link">
          {t("chart.toStored")}
        </Link>
      </Stack>
    </Panel>
  );
}

/** Any market that is stored or that a session hears, at any timeframe, with what can be found in it and what one holds there. */
export function ChartScreen() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const query = useQuery(listSeriesOptions());
  const heard = useQuery({ ...listHeardMarketsOptions(), refetchInterval: 60_000 });
  const places = placesOf(query.data?.items ?? [], heard.data ?? []);
  return (
    <>
      <ScreenTitle title={t("app.screens.chart")} note={t("chart.screenNote")} />
      <Asked
        query={query}
        height={520}
        isEmpty={() => places.length === 0 && !heard.isLoading}
        empty={
          <Empty
            text={t("chart.noMarkets")}
            action={
              <Button component={Link} to="/data" variant="light">
                {t("chart.toData")}
              </Button>
            }
          />
        }
      >
        {() => {
          if (heard.isLoading) return <Loading height={520} />;
          const chosen = places.find(
            (one) => one.symbol === search.symbol && (!search.venue || one.venue === search.venue),
          );
          if (search.symbol && !chosen) return <NotStored symbol={search.symbol} />;
          const place = chosen ?? places[0];
          if (!place) return null;
          const { symbol, venue } = place;
          const timeframe = search.tf ?? place.heard ?? USUAL;
          return (
            <Stack gap="md">
              <Market
                key={`${symbol} ${venue} ${timeframe}`}
                market={{ symbol, venue, timeframe }}
                places={places}
                search={search}
              />
            </Stack>
          );
        }}
      </Asked>
    </>
  );
}
