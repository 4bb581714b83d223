import { Badge, Button, Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PositionView } from "@/api/gen";
import { Change } from "@/components/Change";
import { Empty } from "@/components/Empty";
import { Wide } from "@/components/Wide";
import { useCaller } from "@/lib/caller";
import { useFormats } from "@/lib/useFormats";
import { useWord } from "@/lib/useWord";
import { PositionModal } from "./PositionModal";

/** What is held, with what protects it. */
export function Positions({ positions }: { positions: readonly PositionView[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { may } = useCaller();
  const [held, setHeld] = useState<string | null>(null);
  if (positions.length === 0) return <Empty text={t("desk.noPositions")} />;
  return (
    <Wide minWidth={640}>
      <Table fz="sm" horizontalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("desk.pair")}</Table.Th>
            <Table.Th>{t("desk.side")}</Table.Th>
            <Table.Th className="number">{t("desk.quantity")}</Table.Th>
            <Table.Th className="number">{t("desk.entry")}</Table.Th>
            <Table.Th className="number">{t("desk.price")}</Table.Th>
            <Table.Th className="number">SL / TP</Table.Th>
            <Table.Th className="number">{t("desk.profit")}</Table.Th>
            {may("trader") && <Table.Th className="unseen">{t("position.manage")}</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {positions.map((one) => (
            <Table.Tr key={keyOf(one)}>
              <Table.Td>
                <Link to="/chart" search={{ symbol: one.instrument }} className="plain strong nowrap">
                  {one.instrument}
                </Link>
                <Text size="xs" c="dimmed">
                  {one.deployment}
                </Text>
              </Table.Td>
              <Table.Td>
                <Side side={one.side} />
              </Table.Td>
              <Table.Td className="number">{formats.number(one.quantity, 8)}</Table.Td>
              <Table.Td className="number">{formats.price(one.entry)}</Table.Td>
              <Table.Td className="number">{formats.price(one.price)}</Table.Td>
              <Table.Td className="number">
                <Exit label={t("desk.stop")} price={one.stop} />
                <Exit label={t("desk.target")} price={one.target} />
              </Table.Td>
              <Table.Td className="number">
                <Change value={one.profit} hasArrow>
                  {formats.signed(one.profit)}
                </Change>
              </Table.Td>
              {may("trader") && (
                <Table.Td className="number">
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={`${t("position.manage")} ${one.instrument}`}
                    onClick={() => setHeld(keyOf(one))}
                  >
                    {t("position.manage")}
                  </Button>
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <PositionModal position={positions.find((one) => keyOf(one) === held) ?? null} onClose={() => setHeld(null)} />
    </Wide>
  );
}

/** Where a position is left, for the eye by its place, for the ear by its name. */
function Exit({ label, price }: { label: string; price: string | null | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <div>
      <span className="unseen">{label}</span> {price ? formats.price(price) : t("desk.noStop")}
    </div>
  );
}

const keyOf = (one: PositionView) => `${one.deployment} ${one.instrument} ${one.side}`;

const LONG = ["long", "buy"];

/** Long or short, bought or sold: in a word and a colour. */
export function Side({ side }: { side: string }) {
  const word = useWord();
  return (
    <Badge variant="light" color={LONG.includes(side) ? "teal" : "orange"}>
      {word("common.side", side)}
    </Badge>
  );
}
