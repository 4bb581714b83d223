import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { BacktestRow } from "@/api/gen";
import { listBacktestsOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { DataTable } from "@/components/DataTable";
import { Empty } from "@/components/Empty";
import { Panel } from "@/components/Panel";
import { useCaller } from "@/lib/caller";
import { DeleteAll } from "./DeleteAll";
import { useColumns } from "./useColumns";

const MOST = 1_000;
const MOST_COMPARED = 6;

interface ResultsProps {
  /** What is searched for; in the address. */
  search: string;
  onSearch: (text: string) => void;
  onDetails: (id: string) => void;
  onCompare: (ids: string[]) => void;
}

/** Every result that is stored, with what can be done with it. */
export function Results({ search, onSearch, onDetails, onCompare }: ResultsProps) {
  const { t } = useTranslation();
  const { may } = useCaller();
  const [chosen, setChosen] = useState<string[]>([]);
  const query = useQuery(listBacktestsOptions({ query: { limit: MOST } }));
  const columns = useColumns(onDetails, chosen, setChosen);
  const count = query.data?.items.length ?? 0;
  const actions = (
    <>
      {chosen.length > 1 && (
        <Button size="compact-sm" onClick={() => onCompare(chosen)} disabled={chosen.length > MOST_COMPARED}>
          {t("backtest.compare", { count: chosen.length })}
        </Button>
      )}
      <TextInput
        size="xs"
        data-search
        aria-label={t("common.search")}
        placeholder={t("common.search")}
        leftSection={<Search size={14} aria-hidden />}
        value={search}
        onChange={(event) => onSearch(event.currentTarget.value)}
      />
      {may("trader") && count > 0 && <DeleteAll count={count} />}
    </>
  );
  return (
    <Panel title={t("backtest.results")} actions={actions}>
      <Asked
        query={query}
        height={220}
        isEmpty={(page) => page.items.length === 0}
        empty={<Empty text={t("backtest.noResults")} />}
      >
        {(page) => {
          const rows = page.items.filter((row) => fits(row, search));
          if (rows.length === 0) {
            const clear = (
              <Button size="compact-sm" variant="light" onClick={() => onSearch("")}>
                {t("common.clear")}
              </Button>
            );
            return <Empty text={t("backtest.nothingFits")} action={clear} />;
          }
          return (
            <DataTable
              caption={t("backtest.results")}
              rows={rows}
              columns={columns}
              keyOf={(row) => row.id}
              first={{ id: "created", desc: true }}
              height={620}
            />
          );
        }}
      </Asked>
    </Panel>
  );
}

const fits = (row: BacktestRow, search: string): boolean =>
  search
    .toLowerCase()
    .split(/\s+/)
    .every((word) =>
      `${row.symbol} ${row.strategy} ${row.timeframe} ${row.venue} ${row.id}`.toLowerCase().includes(word),
    );
