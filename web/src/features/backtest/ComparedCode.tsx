import { Group, Select, Text } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Compared } from "@/api/gen";
import { readBacktestSourceOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { CodeDiff } from "@/components/CodeDiff";
import { labelOf } from "./CompareScreen";

/** In what the code of two of the runs differs, line by line. */
export function ComparedCode({ found }: { found: Compared }) {
  const { t } = useTranslation();
  const [pair, setPair] = useState(() => firstPair(found.sources));
  const names = found.runs.map((run, index) => labelOf(index, run.strategy));
  const data = names.map((label, index) => ({ value: String(index), label }));
  const choose = (place: 0 | 1) => (value: string | null) =>
    setPair((before) => (place === 0 ? [Number(value), before[1]] : [before[0], Number(value)]));
  if (found.sources.every((one) => one === null)) return <Dim>{t("code.noneAny")}</Dim>;
  const isSame = new Set(found.sources).size === 1;
  if (isSame) return <Dim>{t(found.same_code ? "code.same" : "code.platform")}</Dim>;
  return (
    <>
      <Group gap="sm" mb="sm" align="end">
        <Select label={t("code.from")} data={data} value={String(pair[0])} onChange={choose(0)} allowDeselect={false} />
        <Select label={t("code.to")} data={data} value={String(pair[1])} onChange={choose(1)} allowDeselect={false} />
      </Group>
      <Pair found={found} pair={pair} names={names} />
    </>
  );
}

function Pair({ found, pair, names }: { found: Compared; pair: [number, number]; names: string[] }) {
  const { t } = useTranslation();
  const lacking = pair.filter((place) => !found.sources[place]);
  const [before, after] = useQueries({
    queries: pair.map((place) => ({
      ...readBacktestSourceOptions({ path: { backtest_id: found.runs[place]?.id ?? "" } }),
      enabled: lacking.length === 0,
      staleTime: Number.POSITIVE_INFINITY,
    })),
  });
  if (lacking.length > 0) return <Dim>{`${names[lacking[0] as number]}. ${t("code.none")}`}</Dim>;
  if (!before || !after) return null;
  const label = t("code.between", { from: names[pair[0]], to: names[pair[1]] });
  return (
    <Asked query={before} height={200}>
      {(first) => (
        <Asked query={after} height={200}>
          {(second) => <CodeDiff before={first.text} after={second.text} label={label} />}
        </Asked>
      )}
    </Asked>
  );
}

function Dim({ children }: { children: string }) {
  return (
    <Text size="sm" c="dimmed">
      {children}
    </Text>
  );
}

/** The first two runs whose sources are kept and differ; else the first two. */
export function firstPair(sources: readonly (string | null)[]): [number, number] {
  const first = sources.findIndex((one) => one !== null);
  const second = sources.findIndex((one) => one !== null && one !== sources[first]);
  return second > first && first >= 0 ? [first, second] : [0, 1];
}
