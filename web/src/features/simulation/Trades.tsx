import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ListSimulationTradesResponse } from "@/api/gen";
import { listSimulationTradesOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Change } from "@/components/Change";
import { type Column, DataTable } from "@/components/DataTable";
import { Side } from "@/components/desk/Positions";
import { Empty } from "@/components/Empty";
import { numberOf } from "@/lib/format";
import { useFormats } from "@/lib/useFormats";
import { BookExport } from "./BookExport";

type Trade = ListSimulationTradesResponse["items"][number];
const MOST = 200;

/** Round trips, newest first. */
export function Trades() {
  const { t } = useTranslation();
  const columns = useColumns();
  const query = useQuery(listSimulationTradesOptions({ query: { limit: MOST } }));
  return (
    <Asked query={query} isEmpty={(page) => page.items.length === 0} empty={<Empty text={t("simulation.noTrades")} />}>
      {(page) => (
        <>
          <BookExport book="trades" />
          <DataTable
            caption={t("simulation.tabs.trades")}
            rows={page.items}
            columns={columns}
            keyOf={(one) => `${one.session} ${one.number}`}
            first={{ id: "entered", desc: true }}
          />
        </>
      )}
    </Asked>
  );
}

function useColumns(): Column<Trade>[] {
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  return useMemo(
    () => [
      { id: "pair", label: t("desk.pair"), value: (one) => one.instrument, cell: (one) => one.instrument },
      { id: "side", label: t("desk.side"), value: (one) => one.side, cell: (one) => <Side side={one.side} /> },
      {
        id: "entered",
        label: t("simulation.entered"),
        value: (one) => one.entered,
        cell: (one) => <span className="nowrap">{formats.time(one.entered)}</span>,
      },
      {
        id: "left",
        label: t("simulation.left"),
        value: (one) => one.left,
        cell: (one) => <span className="nowrap">{one.left ? formats.time(one.left) : t("common.exit.open")}</span>,
      },
      {
        id: "quantity",
        label: t("desk.quantity"),
        isNumber: true,
        value: (one) => numberOf(one.quantity),
        cell: (one) => formats.number(one.quantity, 8),
      },
      {
        id: "entry",
        label: t("desk.entry"),
        isNumber: true,
        value: (one) => numberOf(one.entry_price),
        cell: (one) => formats.price(one.entry_price),
      },
      {
        id: "exit",
        label: t("simulation.exit"),
        isNumber: true,
        value: (one) => numberOf(one.exit_price),
        cell: (one) => formats.price(one.exit_price),
      },
      {
        id: "pnl",
        label: t("simulation.pnl"),
        isNumber: true,
        value: (one) => numberOf(one.pnl),
        cell: (one) => <Change value={one.pnl}>{formats.signed(one.pnl)}</Change>,
      },
      {
        id: "reason",
        label: t("simulation.reason"),
        value: (one) => one.exit_reason,
        cell: (one) => {
          const key = `common.exit.${one.exit_reason}`;
          return i18n.exists(key) ? t(key) : one.exit_reason;
        },
      },
    ],
    [t, i18n, formats],
  );
}
