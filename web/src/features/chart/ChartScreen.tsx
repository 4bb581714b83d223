import { Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { listSeriesOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Empty } from "@/components/Empty";
import { MoreCandles } from "@/components/MoreCandles";
import { Panel } from "@/components/Panel";
import { ScreenTitle } from "@/components/ScreenTitle";
import { lackOf } from "@/lib/stored";
import { Market } from "./Market";

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

/** Any market that is stored, at any timeframe, with what can be found in it and what one holds there. */
export function ChartScreen() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const query = useQuery(listSeriesOptions());
  return (
    <>
      <ScreenTitle title={t("app.screens.chart")} note={t("chart.screenNote")} />
      <Asked
        query={query}
        height={520}
        isEmpty={(found) => found.items.every((one) => one.kind !== "candles")}
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
        {(found) => {
          const stored = found.items.filter((one) => one.kind === "candles");
          const series = stored.find(
            (one) => one.symbol === search.symbol && (!search.venue || one.venue === search.venue),
          );
          if (search.symbol && !series) return <NotStored symbol={search.symbol} />;
          const { symbol, venue } = series ?? stored[0] ?? { symbol: "", venue: "" };
          const timeframe = search.tf ?? USUAL;
          return (
            <Stack gap="md">
              <Market
                key={`${symbol} ${venue} ${timeframe}`}
                market={{ symbol, venue, timeframe }}
                stored={stored}
                search={search}
              />
            </Stack>
          );
        }}
      </Asked>
    </>
  );
}
