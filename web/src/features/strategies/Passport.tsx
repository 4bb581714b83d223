import { Alert, Badge, Button, Group, NativeSelect, Stack, Table, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, ShieldAlert, ShieldCheck, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
  checkStrategyMutation,
  listJobsOptions,
  listJobsQueryKey,
  listSeriesOptions,
} from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { CopyAs } from "@/components/CopyAs";
import { Empty } from "@/components/Empty";
import { KindJobs } from "@/components/KindJobs";
import { Panel } from "@/components/Panel";
import { Refusal } from "@/components/Refusal";
import { Wide } from "@/components/Wide";
import { useCaller } from "@/lib/caller";
import { commandOf } from "@/lib/calls";
import { useFormats } from "@/lib/useFormats";
import { type Checked, checkIn } from "./checked";

const WISH = { query: { kind: "strategy_check", limit: 20 } } as const;

/** Whether a strategy keeps to its contract and knows nothing of the future: the last test, and a new one. */
export function Passport({ name }: { name: string }) {
  const { t } = useTranslation();
  const { may } = useCaller();
  const queries = useQueryClient();
  const [symbol, setSymbol] = useState("");
  const jobs = useQuery({ ...listJobsOptions(WISH), refetchInterval: 5_000 });
  const series = useQuery(listSeriesOptions());
  const markets = [...new Set(series.data?.items.filter((one) => one.kind === "candles").map((one) => one.symbol))];
  const body = symbol ? { symbol } : {};
  const check = useMutation({
    ...checkStrategyMutation(),
    meta: { isShownInPlace: true },
    onSuccess: () => queries.invalidateQueries({ queryKey: listJobsQueryKey(WISH) }),
  });
  const actions = may("trader") && (
    <>
      <NativeSelect
        size="xs"
        aria-label={t("strategies.testOn")}
        data={[{ value: "", label: t("strategies.madeUp") }, ...markets]}
        value={symbol}
        onChange={(event) => setSymbol(event.currentTarget.value)}
      />
      <CopyAs
        api={{ method: "POST", path: `/api/v1/strategies/${name}/check`, body }}
        cli={commandOf(["tradewright", "strategies", "check", name, "--instrument", symbol || null])}
      />
      <Button
        size="compact-sm"
        variant="light"
        loading={check.isPending}
        onClick={() => check.mutate({ path: { name }, body })}
      >
        {t("strategies.check")}
      </Button>
    </>
  );
  return (
    <Panel title={t("strategies.passport")} actions={actions}>
      <Stack gap="sm">
        <Refusal error={check.error} />
        <KindJobs kind="strategy_check" />
        <Asked query={jobs} height={80}>
          {(found) => {
            const last = checkIn(found.items, name);
            return last ? <Result checked={last} /> : <Empty text={t("strategies.unchecked")} />;
          }}
        </Asked>
      </Stack>
    </Panel>
  );
}

function Result({ checked }: { checked: Checked }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { passport } = checked;
  return (
    <Stack gap="sm">
      <Alert
        color={checked.passed ? "teal" : "orange"}
        icon={checked.passed ? <ShieldCheck size={18} aria-hidden /> : <ShieldAlert size={18} aria-hidden />}
      >
        {t(checked.passed ? "strategies.passed" : "strategies.failed", { time: formats.time(checked.at) })}
        {passport && (
          <Text size="sm" c="dimmed">
            {t("strategies.evidence", {
              bars: formats.number(passport.bars),
              signals: formats.number(passport.signals),
              cuts: formats.number(passport.cuts),
              scrambles: formats.number(passport.scrambles),
            })}
          </Text>
        )}
      </Alert>
      {passport?.findings.map((one) => (
        <Text size="sm" key={`${one.test} ${one.ts} ${one.column}`} lang="en">
          <Badge variant="light" color="orange" mr={6}>
            {one.test}
          </Badge>
          {formats.time(one.ts)} {one.column}: {one.before} → {one.after}. {one.cause}
        </Text>
      ))}
      <Wide minWidth={420}>
        <Table fz="sm">
          <Table.Caption className="unseen">{t("strategies.passport")}</Table.Caption>
          <Table.Tbody lang="en">
            {checked.verdicts.map((one) => (
              <Table.Tr key={one.rule}>
                <Table.Td w={32}>
                  {one.passed ? (
                    <Check size={16} color="var(--up)" role="img" aria-label={t("strategies.ok")} />
                  ) : (
                    <X size={16} color="var(--down)" role="img" aria-label={t("strategies.notOk")} />
                  )}
                </Table.Td>
                <Table.Td>{one.rule}</Table.Td>
                <Table.Td c="dimmed">{one.detail}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
      <Group gap={4}>
        <Text size="xs" c="dimmed" lang="en">
          {checked.data}
        </Text>
      </Group>
    </Stack>
  );
}
