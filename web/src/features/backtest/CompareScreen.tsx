import { Table, Text } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { BacktestOut } from "@/api/gen";
import { readBacktestOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Failure } from "@/components/Asked";
import { Panel } from "@/components/Panel";
import { ScreenTitle } from "@/components/ScreenTitle";
import { Wide } from "@/components/Wide";
import { useFormats } from "@/lib/useFormats";
import { differences } from "./differences";

const route = getRouteApi("/compare");
const COMPARED = ["sharpe", "sortino", "calmar", "profit_factor", "expectancy_r", "trades"] as const;

/** Results beside each other: their figures, and what was different about them. */
export function CompareScreen() {
  const { t } = useTranslation();
  const { ids = "" } = route.useSearch();
  const queries = useQueries({
    queries: ids
      .split(",")
      .filter(Boolean)
      .map((id) => readBacktestOptions({ path: { backtest_id: id } })),
  });
  const failed = queries.find((query) => query.error);
  const results = queries.flatMap((query) => (query.data ? [query.data] : []));
  return (
    <>
      <ScreenTitle title={t("backtest.compareTitle")} />
      {failed && <Failure error={failed.error} onRetry={() => failed.refetch()} />}
      {results.length > 0 && (
        <Panel>
          <Wide minWidth={480}>
            <Compared results={results} />
          </Wide>
        </Panel>
      )}
    </>
  );
}

function Compared({ results }: { results: BacktestOut[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const best = (values: (number | null | undefined)[]) => Math.max(...values.map((value) => value ?? -Infinity));
  const row = (
    label: string,
    values: (number | null | undefined)[],
    write: (value: number | null | undefined) => string,
  ) => (
    <Table.Tr key={label}>
      <Table.Th fw={400}>{label}</Table.Th>
      {values.map((value, index) => (
        <Table.Td key={results[index]?.id} className="number" fw={value === best(values) ? 700 : 400}>
          {write(value)}
        </Table.Td>
      ))}
    </Table.Tr>
  );
  return (
    <Table fz="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th />
          {results.map((one) => (
            <Table.Th key={one.id} className="number">
              <Link to="/backtest/$id" params={{ id: one.id }} className="plain">
                {one.strategy}
                <Text size="xs" c="dimmed">
                  {one.symbol} · {one.timeframe}
                </Text>
              </Link>
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {row(
          t("figures.name.total_return"),
          results.map((one) => one.total_return),
          (value) => formats.change(value),
        )}
        {row(
          t("figures.name.max_drawdown"),
          results.map((one) => -one.max_drawdown),
          (value) => formats.percent(value),
        )}
        {row(
          t("figures.name.win_rate"),
          results.map((one) => one.win_rate),
          (value) => formats.percent(value, 1),
        )}
        {COMPARED.map((name) =>
          row(
            t(`figures.name.${name}`),
            results.map((one) => one.metrics[name]),
            (value) => formats.number(value),
          ),
        )}
        {differences(results.map((one) => one.spec)).map(({ name, values }) => (
          <Table.Tr key={name}>
            <Table.Th fw={400}>
              <code>{name}</code>
            </Table.Th>
            {values.map((value, index) => (
              <Table.Td key={results[index]?.id} className="number">
                {value}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
