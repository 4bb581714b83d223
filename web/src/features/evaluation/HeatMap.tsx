import { SegmentedControl, Stack, Table, Text, Tooltip } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CellOut, EvaluationOut } from "@/api/gen";
import { Wide } from "@/components/Wide";
import { useFormats } from "@/lib/useFormats";
import { compounded, largestOf, strengthOf } from "./heat";

type By = "market" | "period";

interface Shown {
  value: number | null;
  trades: number;
}

/** Where each strategy earned: by market, or by period. A table, so that everybody can read it; colour only helps. */
export function HeatMap({ evaluation }: { evaluation: EvaluationOut }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [by, setBy] = useState<By>(evaluation.instruments.length > 1 ? "market" : "period");
  const names = evaluation.standings.map((one) => one.strategy);
  const heads =
    by === "market"
      ? evaluation.instruments
      : evaluation.periods.map(([first, last]) => `${formats.day(first)} – ${formats.day(last)}`);
  const rows = names.map((name) => ({
    name,
    cells: heads.map((_, place) => cellOf(evaluation, evaluation.cells[name] ?? [], by, place)),
  }));
  const largest = largestOf(rows.flatMap((row) => row.cells.map((cell) => cell.value)));
  return (
    <Stack gap="sm">
      <SegmentedControl
        size="xs"
        style={{ alignSelf: "flex-start" }}
        aria-label={t("evaluation.by")}
        value={by}
        onChange={(value) => setBy(value as By)}
        data={(["market", "period"] as const).map((value) => ({ value, label: t(`evaluation.byWhat.${value}`) }))}
      />
      <Wide isPinned minWidth={180 + heads.length * 118}>
        <Table fz="sm" className="heat" withColumnBorders>
          <Table.Caption className="unseen">{t("evaluation.heat")}</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("evaluation.column.strategy")}</Table.Th>
              {heads.map((head) => (
                <Table.Th key={head} ta="center">
                  {head}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ name, cells }) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" fw={500}>
                  {name}
                </Table.Th>
                {cells.map((cell, place) => (
                  <Heat key={heads[place]} cell={cell} largest={largest} />
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
      <Text size="xs" c="dimmed">
        {t("evaluation.heatNote")}
      </Text>
    </Stack>
  );
}

function Heat({ cell, largest }: { cell: Shown; largest: number }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const shade = (cell.value ?? 0) >= 0 ? "var(--up)" : "var(--down)";
  const strength = Math.round(strengthOf(cell.value, largest) * 34);
  return (
    <Table.Td
      ta="center"
      style={{ background: `color-mix(in srgb, ${shade} ${strength}%, var(--panel))`, whiteSpace: "nowrap" }}
    >
      <Tooltip label={t("evaluation.trades", { count: cell.trades })}>
        <span>{cell.value === null ? t("evaluation.noBars") : formats.change(cell.value)}</span>
      </Tooltip>
      <Text size="xs" component="div" className="heat-trades">
        {t("evaluation.trades", { count: cell.trades })}
      </Text>
    </Table.Td>
  );
}

/** What a strategy did on a market over all periods, or in a period on all markets, these weighing the same. */
function cellOf(evaluation: EvaluationOut, cells: CellOut[], by: By, place: number): Shown {
  const own = cells.filter((cell) =>
    by === "market" ? cell.instrument === evaluation.instruments[place] : cell.period === place,
  );
  const trades = own.reduce((sum, cell) => sum + cell.trades, 0);
  const values = own.map((cell) => cell.total_return);
  if (by === "market") return { value: compounded(values), trades };
  const known = values.filter((value) => value !== null);
  return { value: known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : null, trades };
}
