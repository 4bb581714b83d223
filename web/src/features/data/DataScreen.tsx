import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { SeriesOut } from "@/api/gen";
import { createSyntheticMarketMutation, listSeriesOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { type Column, DataTable } from "@/components/DataTable";
import { Empty } from "@/components/Empty";
import { Panel } from "@/components/Panel";
import { ScreenTitle } from "@/components/ScreenTitle";
import { useCaller } from "@/lib/caller";
import { useFormats } from "@/lib/useFormats";
import { useWord } from "@/lib/useWord";

const SAMPLE = "BTC/USDT:USDT";

/** What is stored: which markets, from when to when, and what is missing in between. */
export function DataScreen() {
  const { t } = useTranslation();
  const { may } = useCaller();
  const columns = useColumns();
  const query = useQuery(listSeriesOptions());
  return (
    <>
      <ScreenTitle title={t("app.screens.data")} note={t("data.note")} actions={may("trader") && <Make />} />
      <Panel>
        <Asked query={query} isEmpty={(found) => found.items.length === 0} empty={<Empty text={t("data.none")} />}>
          {(found) => (
            <DataTable
              caption={t("app.screens.data")}
              rows={found.items}
              columns={columns}
              keyOf={(one) => `${one.venue} ${one.symbol} ${one.kind} ${one.timeframe}`}
              first={{ id: "symbol", desc: false }}
              height={640}
            />
          )}
        </Asked>
      </Panel>
    </>
  );
}

function Make() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const make = useMutation({
    ...createSyntheticMarketMutation(),
    onSuccess: (job) => {
      notifications.show({ message: t("data.making", { title: job.title }) });
      void queries.invalidateQueries();
    },
  });
  return (
    <Button
      variant="light"
      loading={make.isPending}
      onClick={() => make.mutate({ body: { symbol: SAMPLE, timeframe: "1m", days: 30 } })}
    >
      {t("data.make", { symbol: SAMPLE })}
    </Button>
  );
}

const share = (one: SeriesOut) => (one.rows + one.missing > 0 ? one.rows / (one.rows + one.missing) : 0);

function useColumns(): Column<SeriesOut>[] {
  const { t } = useTranslation();
  const formats = useFormats();
  const word = useWord();
  return useMemo(
    () => [
      {
        id: "symbol",
        label: t("data.symbol"),
        value: (one) => one.symbol,
        cell: (one) => <span className="strong">{one.symbol}</span>,
      },
      { id: "venue", label: t("data.venue"), value: (one) => one.venue, cell: (one) => one.venue },
      {
        id: "kind",
        label: t("data.kind"),
        value: (one) => one.kind,
        cell: (one) => `${word("data.kinds", one.kind)} ${one.timeframe ?? ""}`,
      },
      {
        id: "first",
        label: t("data.first"),
        value: (one) => one.first,
        cell: (one) => <span className="nowrap">{formats.time(one.first)}</span>,
      },
      {
        id: "last",
        label: t("data.last"),
        value: (one) => one.last,
        cell: (one) => <span className="nowrap">{formats.time(one.last)}</span>,
      },
      {
        id: "rows",
        label: t("data.rows"),
        isNumber: true,
        value: (one) => one.rows,
        cell: (one) => formats.number(one.rows, 0),
      },
      {
        id: "whole",
        label: t("data.whole"),
        value: share,
        cell: (one) => (
          <Stack gap={2} miw={110}>
            <Progress value={share(one) * 100} size={6} aria-hidden color={one.missing > 0 ? "yellow" : "teal"} />
            <Group gap={4}>
              <Text size="xs" c="dimmed">
                {one.missing > 0 ? t("data.missing", { count: one.missing }) : t("data.complete")}
              </Text>
            </Group>
          </Stack>
        ),
      },
    ],
    [t, formats, word],
  );
}
