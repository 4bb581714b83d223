import { Stack, Table, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listOpenOrdersOptions, listOrdersOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Side } from "@/components/desk/Positions";
import { Empty } from "@/components/Empty";
import { Wide } from "@/components/Wide";
import { useFormats } from "@/lib/useFormats";
import { useWord } from "@/lib/useWord";
import { BookExport } from "./BookExport";

const MOST = 100;

/** Orders that are open, and those that were. */
export function Orders() {
  const { t } = useTranslation();
  const formats = useFormats();
  const word = useWord();
  const open = useQuery({ ...listOpenOrdersOptions(), refetchInterval: 10_000 });
  const all = useQuery(listOrdersOptions({ query: { limit: MOST } }));
  return (
    <Stack>
      <section>
        <Title order={3} mb="xs">
          {t("simulation.openOrders")}
        </Title>
        <Asked
          query={open}
          isEmpty={(found) => found.items.length === 0}
          empty={<Empty text={t("simulation.noOpenOrders")} />}
        >
          {(found) => (
            <Lines
              rows={found.items.map((one) => ({
                key: `${one.deployment} ${one.order}`,
                cells: [
                  one.instrument,
                  one.side,
                  word("common.role", one.role),
                  formats.number(one.quantity, 8),
                  formats.price(one.price),
                ],
              }))}
            />
          )}
        </Asked>
      </section>
      <section>
        <Title order={3} mb="xs">
          {t("simulation.allOrders")}
        </Title>
        <Asked
          query={all}
          isEmpty={(page) => page.items.length === 0}
          empty={<Empty text={t("simulation.noOrders")} />}
        >
          {(page) => (
            <>
              <BookExport book="orders" />
              <Lines
                rows={page.items.map((one) => ({
                  key: `${one.session} ${one.id}`,
                  cells: [
                    one.instrument,
                    one.side,
                    word("common.role", one.reason),
                    formats.number(one.quantity, 8),
                    formats.price(one.price),
                    word("common.status", one.status),
                    formats.time(one.created),
                  ],
                }))}
              />
            </>
          )}
        </Asked>
      </section>
    </Stack>
  );
}

interface LineData {
  key: string;
  /** Pair, side, why, quantity, price; then status and time of orders that are over. */
  cells: string[];
}

function Lines({ rows }: { rows: LineData[] }) {
  const { t } = useTranslation();
  const isLong = (rows[0]?.cells.length ?? 0) > 5;
  return (
    <Wide minWidth={560}>
      <Table fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("desk.pair")}</Table.Th>
            <Table.Th>{t("desk.side")}</Table.Th>
            <Table.Th>{t("simulation.role")}</Table.Th>
            <Table.Th className="number">{t("desk.quantity")}</Table.Th>
            <Table.Th className="number">{t("desk.price")}</Table.Th>
            {isLong && <Table.Th>{t("simulation.status")}</Table.Th>}
            {isLong && <Table.Th>{t("simulation.created")}</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ key, cells: [pair, side, role, quantity, price, status, created] }) => (
            <Table.Tr key={key}>
              <Table.Td fw={500}>{pair}</Table.Td>
              <Table.Td>
                <Side side={side ?? ""} />
              </Table.Td>
              <Table.Td>{role}</Table.Td>
              <Table.Td className="number">{quantity}</Table.Td>
              <Table.Td className="number">{price}</Table.Td>
              {isLong && <Table.Td>{status}</Table.Td>}
              {isLong && <Table.Td className="nowrap">{created}</Table.Td>}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}
