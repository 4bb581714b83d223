import { Autocomplete, Button, Collapse, Group, NativeSelect, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ChevronDown, Play } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SeriesOut, StrategyOut } from "@/api/gen";
import {
  createBacktestMutation,
  listBacktestsQueryKey,
  listJobsQueryKey,
  listSeriesOptions,
  listStrategiesOptions,
  readBacktestOptions,
} from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Copied } from "@/components/Copied";
import { Panel } from "@/components/Panel";
import { Params } from "@/components/Params";
import { Refusal } from "@/components/Refusal";
import { useStrategyWords } from "@/lib/strategyWords";
import { Stored } from "./Stored";
import { commandOf, FIRST_WISH, requestOf, TIMEFRAMES, type Wish, wishOf } from "./wish";

/** Asks for a backtest; where it is to be one of before again, once that one is known. */
export function Form({ again }: { again: string | undefined }) {
  const known = useKnown();
  const before = useQuery({ ...readBacktestOptions({ path: { backtest_id: again ?? "" } }), enabled: !!again });
  if (!again) return <Fields first={FIRST_WISH} known={known} />;
  return (
    <Asked query={before} height={240}>
      {({ spec, strategy }) => {
        const own = known.strategies.find((one) => one.name === strategy)?.params ?? [];
        const defaults = Object.fromEntries(own.map((one) => [one.name, one.default]));
        return known.strategies.length > 0 ? <Fields first={wishOf(spec, defaults)} known={known} /> : null;
      }}
    </Asked>
  );
}

function Fields({ first, known }: { first: Wish; known: Known }) {
  const { t } = useTranslation();
  const [wish, setWish] = useState<Wish>(first);
  const [isMore, more] = useDisclosure(false);
  const run = useRun();
  const { summaryOf } = useStrategyWords();
  const change = (part: Partial<Wish>) => setWish((now) => ({ ...now, ...part }));
  const strategy = known.strategies.find((one) => one.name === wish.strategy);
  const symbols = [...new Set(known.series.map((one) => one.symbol))];
  const choose = (name: string) => {
    const found = known.strategies.find((one) => one.name === name);
    change({ strategy: name, params: {}, ...(found ? { timeframe: found.ltf, htf: found.htf ?? "" } : {}) });
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    run.mutate({ body: requestOf(wish) });
  };
  const frames = TIMEFRAMES.map((value) => ({ value, label: value }));
  return (
    <Panel title={t("backtest.new")}>
      <form onSubmit={send}>
        <Stack gap="sm">
          <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm">
            <NativeSelect
              label={t("backtest.strategy")}
              required
              data={["", ...known.strategies.map((one) => one.name)]}
              value={wish.strategy}
              onChange={(event) => choose(event.currentTarget.value)}
            />
            <Autocomplete
              label={t("backtest.trade.symbol")}
              placeholder="BTC/USDT:USDT"
              required
              data={symbols}
              value={wish.symbol}
              onChange={(symbol) => change({ symbol })}
            />
            <NativeSelect
              label={t("backtest.timeframe")}
              data={frames}
              value={wish.timeframe}
              onChange={(event) => change({ timeframe: event.currentTarget.value })}
            />
            <NativeSelect
              label={t("backtest.htf")}
              data={[{ value: "", label: t("backtest.noHtf") }, ...frames]}
              value={wish.htf}
              onChange={(event) => change({ htf: event.currentTarget.value })}
            />
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm">
            <TextInput
              label={t("backtest.from")}
              type="date"
              value={wish.from}
              onChange={(event) => change({ from: event.currentTarget.value })}
            />
            <TextInput
              label={t("backtest.to")}
              type="date"
              value={wish.to}
              onChange={(event) => change({ to: event.currentTarget.value })}
            />
            <TextInput
              label={t("backtest.balance")}
              inputMode="decimal"
              value={wish.balance}
              onChange={(event) => change({ balance: event.currentTarget.value })}
            />
            <TextInput
              label={t("backtest.commission")}
              inputMode="decimal"
              placeholder={t("backtest.usual")}
              value={wish.commission}
              onChange={(event) => change({ commission: event.currentTarget.value })}
            />
          </SimpleGrid>
          <Stored series={known.series} wish={wish} onChange={change} />
          {strategy && (
            <Text size="sm" c="dimmed" lang={summaryOf(strategy).lang}>
              {summaryOf(strategy).text}
            </Text>
          )}
          {strategy && strategy.params.length > 0 && (
            <Params params={strategy.params} given={wish.params} onChange={(params) => change({ params })} />
          )}
          <Refusal error={run.error} />
          <Group justify="space-between">
            <Group gap="sm">
              <Button type="submit" loading={run.isPending} leftSection={<Play size={15} aria-hidden />}>
                {t("backtest.run")}
              </Button>
            </Group>
            <Button
              variant="subtle"
              size="compact-sm"
              rightSection={<ChevronDown size={14} aria-hidden />}
              onClick={more.toggle}
              aria-expanded={isMore}
            >
              {t("backtest.asCommand")}
            </Button>
          </Group>
          <Collapse expanded={isMore}>
            <Copied text={commandOf(wish)} />
          </Collapse>
        </Stack>
      </form>
    </Panel>
  );
}

/** What can be run, and on what. */
interface Known {
  strategies: readonly StrategyOut[];
  series: readonly SeriesOut[];
}

function useKnown(): Known {
  const strategies = useQuery({ ...listStrategiesOptions(), staleTime: 60_000 });
  const series = useQuery(listSeriesOptions());
  return {
    strategies: strategies.data?.items ?? [],
    series: series.data?.items.filter((one) => one.timeframe !== null) ?? [],
  };
}

function useRun() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  return useMutation({
    ...createBacktestMutation(),
    meta: { isShownInPlace: true },
    onSuccess: (job) => {
      void queries.invalidateQueries({ queryKey: listJobsQueryKey({ query: { kind: "backtest", limit: 20 } }) });
      void queries.invalidateQueries({ queryKey: listBacktestsQueryKey() });
      notifications.show({ message: t(job.cached ? "backtest.wasRun" : "backtest.isQueued", { title: job.title }) });
    },
  });
}
