import { Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import type { Compared } from "@/api/gen";
import { Wide } from "@/components/Wide";
import { useFormats } from "@/lib/useFormats";
import { labelOf } from "./CompareScreen";
import { WRITERS } from "./Figures";
import { FAMILIES } from "./families";

/** Of these, less is better; of those that are in neither list, nothing is better. */
const LESS = new Set(["volatility", "max_drawdown", "max_drawdown_days", "recovery_days", "ulcer_index", "cost_share"]);
const MORE = new Set([
  "total_return", "annual_return", "monthly_return", "sharpe", "sortino", "calmar", "omega", "win_rate",
  "profit_factor", "payoff", "expectancy", "expectancy_r", "sqn", "net_pnl", "gross_pnl",
]); // biome-ignore format: a list of words

/** Every figure, a column for each run; the best of a row stands out. */
export function ComparedFigures({ found }: { found: Compared }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Wide isPinned minWidth={200 + 130 * found.runs.length}>
      <Table fz="sm" verticalSpacing={5} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("compare.figure")}</Table.Th>
            {found.runs.map((run, index) => (
              <Table.Th key={run.id} className="number">
                <Link to="/backtest/$id" params={{ id: run.id }} className="plain">
                  {labelOf(index, run.strategy)}
                  <Text size="xs" c="dimmed">
                    {run.symbol} · {run.timeframe}
                  </Text>
                </Link>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {Object.entries(FAMILIES).map(([family, rows]) => (
            <Fragment key={family}>
              <Table.Tr>
                <Table.Th colSpan={found.runs.length + 1} c="dimmed" fz="xs" pt="sm">
                  {t(`figures.family.${family}`)}
                </Table.Th>
              </Table.Tr>
              {rows
                .filter(([name]) => name in found.metrics)
                .map(([name, kind]) => {
                  const values = found.metrics[name] ?? [];
                  const best = bestOf(name, values);
                  return (
                    <Table.Tr key={name}>
                      <Table.Th fw={400}>{t(`figures.name.${name}`)}</Table.Th>
                      {found.runs.map((run, index) => (
                        <Table.Td key={run.id} className="number" fw={index === best ? 700 : 400}>
                          {WRITERS[kind](formats, values[index])}
                          {index === best && <span className="unseen"> {t("compare.best")}</span>}
                        </Table.Td>
                      ))}
                    </Table.Tr>
                  );
                })}
            </Fragment>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}

/** The place of the best value; none where all are the same, or where nothing is better. */
export function bestOf(name: string, values: readonly (number | null)[]): number | null {
  const sign = MORE.has(name) ? 1 : LESS.has(name) ? -1 : 0;
  const known = values.filter((value) => value !== null);
  if (sign === 0 || new Set(known).size < 2) return null;
  return values.indexOf(sign > 0 ? Math.max(...known) : Math.min(...known));
}
