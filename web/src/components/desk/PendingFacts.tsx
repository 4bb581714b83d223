import { Alert, Progress, Table, Text } from "@mantine/core";
import { TrendingDown } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { numberOf } from "@/lib/format";
import { useFormats } from "@/lib/useFormats";
import { useWord } from "@/lib/useWord";
import { Side } from "./Positions";
import type { Waiting } from "./useLeft";

/** By how much price has moved since an order was shown: above 0 is against it. A fraction; null where unknown. */
export function movedOf(order: Pick<Waiting, "price" | "price_now" | "side">): number | null {
  const [shown, now] = [numberOf(order.price), numberOf(order.price_now)];
  if (!shown || now === null) return null;
  return (now / shown - 1) * (order.side === "buy" ? 1 : -1);
}

/** What an order is, line by line. */
export function PendingFacts({ order, left }: { order: Waiting; left: { seconds: number; share: number } }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const word = useWord();
  const worth = (numberOf(order.quantity) ?? 0) * (numberOf(order.price) ?? 0);
  const moved = movedOf(order);
  const risk = order.at_risk
    ? t("pending.riskOf", { money: formats.money(order.at_risk), share: formats.percent(order.share_at_risk) })
    : t("pending.noStop");
  const rows: [string, ReactNode][] = [
    [t("desk.pair"), order.instrument],
    [t("desk.side"), <Side key="side" side={order.side} />],
    [t("pending.type"), word("common.type", order.type)],
    [t("desk.quantity"), formats.number(order.quantity, 8)],
    [t("pending.shownAt"), formats.price(order.price)],
    [
      t("pending.priceNow"),
      order.price_now === null
        ? t("pending.unknown")
        : `${formats.price(order.price_now)} (${formats.change((moved ?? 0) * (order.side === "buy" ? 1 : -1))})`,
    ],
    [t("pending.worth"), formats.money(worth)],
    ["SL / TP", `${formats.price(order.stop_loss)} / ${formats.price(order.take_profit)}`],
    [t("pending.atRisk"), risk],
    [
      t("pending.leftTitle"),
      <div key="left">
        <Text size="sm" fw={600}>
          {left.seconds > 0 ? formats.span(left.seconds) : t("pending.over")}
        </Text>
        <Progress
          value={left.share * 100}
          size={4}
          mt={2}
          color={left.share < 0.25 ? "orange" : "accent"}
          aria-hidden
        />
      </div>,
    ],
  ];
  return (
    <Table fz="sm" variant="vertical" layout="fixed">
      <Table.Tbody>
        {rows.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th w="45%">{name}</Table.Th>
            <Table.Td fw={500}>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** Says that price has moved against an order by more than is let pass: to confirm it shows it anew. */
export function PriceMoved({ order }: { order: Waiting }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const moved = movedOf(order);
  if (moved === null || moved <= order.tolerance) return null;
  return (
    <Alert color="orange" variant="light" icon={<TrendingDown size={18} aria-hidden />} role="status">
      {t("pending.movedNow", { moved: formats.percent(moved), tolerance: formats.percent(order.tolerance) })}
    </Alert>
  );
}
