import { Button, Group, MultiSelect, NativeSelect, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Play } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { EvaluationIn } from "@/api/gen";
import {
  createEvaluationMutation,
  listJobsQueryKey,
  listSeriesOptions,
  listStrategiesOptions,
} from "@/api/gen/@tanstack/react-query.gen";
import { CopyAs } from "@/components/CopyAs";
import { Panel } from "@/components/Panel";
import { Refusal } from "@/components/Refusal";
import { commandOf } from "@/lib/calls";
import { typed } from "@/lib/typed";

const FIRST = { strategies: [] as string[], symbols: [] as string[], periods: "4", timeframe: "", from: "", to: "" };
const FRAMES = ["", "5m", "15m", "1h", "4h", "1d"];

/** Asks which strategies are to be compared, on which markets; what is left out stands for all. */
export function StartForm() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [given, setGiven] = useState(FIRST);
  const strategies = useQuery(listStrategiesOptions());
  const series = useQuery(listSeriesOptions());
  const stored = series.data?.items.filter((one) => one.kind === "candles") ?? [];
  const start = useMutation({
    ...createEvaluationMutation(),
    meta: { isShownInPlace: true },
    onSuccess: async () => {
      notifications.show({ message: t("evaluation.started") });
      await queries.invalidateQueries({ queryKey: listJobsQueryKey({ query: { kind: "evaluation", limit: 20 } }) });
    },
  });
  const body = wishOf(given);
  const send = (event: FormEvent) => {
    event.preventDefault();
    start.mutate({ body });
  };
  const put = (change: Partial<typeof FIRST>) => setGiven({ ...given, ...change });
  return (
    <Panel title={t("evaluation.start")}>
      <form onSubmit={send}>
        <Stack gap="sm">
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
            <MultiSelect
              label={t("evaluation.strategies")}
              placeholder={given.strategies.length > 0 ? "" : t("evaluation.all")}
              data={strategies.data?.items.map((one) => one.name) ?? []}
              value={given.strategies}
              searchable
              clearable
              onChange={(names) => put({ strategies: names })}
            />
            <MultiSelect
              label={t("evaluation.markets")}
              placeholder={given.symbols.length > 0 ? "" : t("evaluation.all")}
              data={[...new Set(stored.map((one) => one.symbol))]}
              value={given.symbols}
              searchable
              clearable
              onChange={(symbols) => put({ symbols })}
            />
          </SimpleGrid>
          <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
            <TextInput
              label={t("evaluation.periods")}
              inputMode="numeric"
              value={given.periods}
              onChange={(event) => put({ periods: event.currentTarget.value })}
            />
            <NativeSelect
              label={t("evaluation.timeframe")}
              data={FRAMES.map((value) => ({ value, label: value || t("evaluation.own") }))}
              value={given.timeframe}
              onChange={(event) => put({ timeframe: event.currentTarget.value })}
            />
            <TextInput
              type="date"
              label={t("evaluation.from")}
              value={given.from}
              onChange={(event) => put({ from: event.currentTarget.value })}
            />
            <TextInput
              type="date"
              label={t("evaluation.to")}
              value={given.to}
              onChange={(event) => put({ to: event.currentTarget.value })}
            />
          </SimpleGrid>
          <Refusal error={start.error} />
          <Group gap="xs">
            <Button type="submit" leftSection={<Play size={15} aria-hidden />} loading={start.isPending}>
              {t("evaluation.run")}
            </Button>
            <CopyAs api={{ method: "POST", path: "/api/v1/evaluations", body }} cli={commandFor(body)} />
            {stored.length === 0 && series.isSuccess && (
              <Text size="sm" c="dimmed">
                {t("evaluation.noData")}
              </Text>
            )}
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}

/** What is given as it is sent: what is left out is not said. */
export function wishOf(given: typeof FIRST): EvaluationIn {
  return {
    strategies: given.strategies,
    symbols: given.symbols,
    periods: typed(given.periods) ?? 4,
    ...(given.timeframe ? { timeframe: given.timeframe } : {}),
    ...(given.from ? { start_date: `${given.from}T00:00:00Z` } : {}),
    ...(given.to ? { end_date: `${given.to}T00:00:00Z` } : {}),
  };
}

/** The command that does the same. */
export function commandFor(wish: EvaluationIn): string {
  const instruments = (wish.symbols ?? []).flatMap((symbol) => ["--instrument", symbol]);
  const { periods, timeframe, start_date, end_date } = wish;
  const options = ["--periods", periods, "--timeframe", timeframe, "--from", start_date, "--to", end_date];
  return commandOf(["tradewright", "evaluate", ...(wish.strategies ?? []), ...instruments, ...options]);
}
