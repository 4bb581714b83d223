import { Button, NativeSelect, Switch, TextInput } from "@mantine/core";
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

/** What is looked for among results; in the address. */
export interface Sought {
  q?: string | undefined;
  tag?: string | undefined;
  /** `yes` where only those with a star are shown. */
  starred?: string | undefined;
}

interface ResultsProps {
  sought: Sought;
  onSeek: (sought: Sought) => void;
  onDetails: (id: string) => void;
  onCompare: (ids: string[]) => void;
}

/** Every result that is stored, with what can be done with it. */
export function Results({ sought, onSeek, onDetails, onCompare }: ResultsProps) {
  const { t } = useTranslation();
  const { may } = useCaller();
  const [chosen, setChosen] = useState<string[]>([]);
  const query = useQuery(listBacktestsOptions({ query: { limit: MOST } }));
  const columns = useColumns(onDetails, chosen, setChosen);
  const count = query.data?.items.length ?? 0;
  const tags = [...new Set(query.data?.items.flatMap((row) => row.tags))].sort();
  const actions = (
    <>
      {chosen.length > 1 && (
        <Button size="compact-sm" onClick={() => onCompare(chosen)} disabled={chosen.length > MOST_COMPARED}>
          {t("backtest.compare", { count: chosen.length })}
        </Button>
      )}
      {(tags.length > 0 || sought.tag) && (
        <NativeSelect
          size="xs"
          aria-label={t("marks.tags")}
          value={sought.tag ?? ""}
          data={[{ value: "", label: t("marks.anyTag") }, ...new Set([...tags, ...(sought.tag ? [sought.tag] : [])])]}
          onChange={(event) => onSeek({ ...sought, tag: event.currentTarget.value || undefined })}
        />
      )}
      {count > 0 && (
        <Switch
          size="xs"
          label={t("marks.onlyStarred")}
          checked={sought.starred === "yes"}
          onChange={(event) => onSeek({ ...sought, starred: event.currentTarget.checked ? "yes" : undefined })}
        />
      )}
      <TextInput
        size="xs"
        data-search
        aria-label={t("common.search")}
        placeholder={t("common.search")}
        leftSection={<Search size={14} aria-hidden />}
        value={sought.q ?? ""}
        onChange={(event) => onSeek({ ...sought, q: event.currentTarget.value || undefined })}
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
          const rows = page.items.filter((row) => fits(row, sought));
          if (rows.length === 0) {
            const clear = (
              <Button size="compact-sm" variant="light" onClick={() => onSeek({})}>
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

/** Whether a result is among those that are looked for. */
export function fits(row: Omit<BacktestRow, "figures">, { q = "", tag, starred }: Sought): boolean {
  const text =
    `${row.symbol} ${row.strategy} ${row.timeframe} ${row.venue} ${row.id} ${row.tags.join(" ")}`.toLowerCase();
  const isMarked = (!tag || row.tags.includes(tag)) && (starred !== "yes" || row.starred);
  return (
    isMarked &&
    q
      .toLowerCase()
      .split(/\s+/)
      .every((word) => text.includes(word))
  );
}
