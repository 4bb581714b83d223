import { Badge } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ListBacktestTradesResponse } from "@/api/gen";
import { Change } from "@/components/Change";
import type { Column } from "@/components/DataTable";
import { useFormats } from "@/lib/useFormats";

export type Trade = ListBacktestTradesResponse["items"][number];

/** The columns of a table of trades. */
export function useTradeColumns(): Column<Trade>[] {
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  return useMemo(
    () => [
      { id: "id", label: "№", isNumber: true, value: (one) => one.id, cell: (one) => one.id },
      {
        id: "side",
        label: t("backtest.trade.side"),
        value: (one) => one.side,
        cell: (one) => (
          <Badge variant="light" color={one.side === "long" ? "teal" : "orange"}>
            {t(`common.side.${one.side}`)}
          </Badge>
        ),
      },
      { id: "symbol", label: t("backtest.trade.symbol"), value: (one) => one.symbol, cell: (one) => one.symbol },
      {
        id: "entered",
        label: t("backtest.trade.entered"),
        value: (one) => one.entry_time,
        cell: (one) => <span className="nowrap">{formats.time(one.entry_time)}</span>,
      },
      {
        id: "entry",
        label: t("backtest.trade.entry"),
        isNumber: true,
        value: (one) => one.entry_price,
        cell: (one) => formats.price(one.entry_price),
      },
      {
        id: "exit",
        label: t("backtest.trade.exit"),
        isNumber: true,
        value: (one) => one.exit_price,
        cell: (one) => formats.price(one.exit_price),
      },
      {
        id: "quantity",
        label: t("backtest.trade.quantity"),
        isNumber: true,
        value: (one) => one.quantity,
        cell: (one) => formats.number(one.quantity, 6),
      },
      {
        id: "pnl",
        label: t("backtest.trade.pnl"),
        isNumber: true,
        value: (one) => one.pnl,
        cell: (one) => <Change value={one.pnl}>{formats.signed(one.pnl)}</Change>,
      },
      {
        id: "r",
        label: "R",
        isNumber: true,
        value: (one) => one.r_multiple,
        cell: (one) => <Change value={one.r_multiple}>{formats.signed(one.r_multiple)}</Change>,
      },
      {
        id: "bars",
        label: t("backtest.trade.bars"),
        isNumber: true,
        value: (one) => one.bars_held,
        cell: (one) => formats.number(one.bars_held, 0),
      },
      {
        id: "reason",
        label: t("backtest.trade.reason"),
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
