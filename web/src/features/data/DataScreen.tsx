import { Group, Progress, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { JobOut, SeriesOut } from "@/api/gen";
import { listSeriesOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { type Column, DataTable } from "@/components/DataTable";
import { Empty } from "@/components/Empty";
import { Panel } from "@/components/Panel";
import { ScreenTitle } from "@/components/ScreenTitle";
import { useCaller } from "@/lib/caller";
import { useFormats } from "@/lib/useFormats";
import { useWord } from "@/lib/useWord";
import { Have } from "./Have";
import { Series } from "./Series";

const route = getRouteApi("/data");
type Named = Pick<SeriesOut, "venue" | "symbol" | "timeframe"> & { kind: string };
const keyOf = (one: Named) => `${one.venue} ${one.symbol} ${one.kind} ${one.timeframe}`;

/** What is stored: which markets, from when to when, what is missing in between; and ways to have more. */
export function DataScreen() {
  const { t } = useTranslation();
  const { may } = useCaller();
  const { series } = route.useSearch();
  const navigate = route.useNavigate();
  const columns = useColumns();
  const query = useQuery(listSeriesOptions());
  const items = query.data?.items ?? [];
  const chosen = items.find((one) => keyOf(one) === series) ?? items.find((one) => one.kind === "candles");
  const select = (one: Named) => void navigate({ search: { series: keyOf(one) }, replace: true });
  const show = ({ request }: JobOut) => {
    const { venue, symbol, kind = "candles", timeframe = null } = request as Partial<Record<string, string>>;
    if (venue && symbol) select({ venue, symbol, kind, timeframe });
  };
  return (
    <>
      <ScreenTitle title={t("app.screens.data")} note={t("data.note")} />
      <Stack>
        <Panel>
          <Asked query={query} isEmpty={(found) => found.items.length === 0} empty={<Empty text={t("data.none")} />}>
            {(found) => (
              <DataTable
                caption={t("app.screens.data")}
                rows={found.items}
                columns={columns}
                keyOf={keyOf}
                first={{ id: "symbol", desc: false }}
                selected={chosen ? keyOf(chosen) : null}
                onSelect={select}
                height={420}
              />
            )}
          </Asked>
        </Panel>
        {chosen?.kind === "candles" && <Series key={keyOf(chosen)} one={chosen} />}
        {may("trader") && query.data && <Have first={items.length > 0 ? "download" : "synthetic"} onHad={show} />}
      </Stack>
    </>
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
