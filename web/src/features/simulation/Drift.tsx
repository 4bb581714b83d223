import { Alert, Button, Group, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { RefreshCw, ShieldCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { DriftView } from "@/api/gen";
import { listDeploymentsOptions, readDriftOptions } from "@/api/gen/@tanstack/react-query.gen";
import { isPassing, problemOf } from "@/api/problems";
import { Asked } from "@/components/Asked";
import { Change } from "@/components/Change";
import { Side } from "@/components/desk/Positions";
import { Empty } from "@/components/Empty";
import { Figure } from "@/components/Figure";
import { KindJobs } from "@/components/KindJobs";
import { Wide } from "@/components/Wide";
import { useServerWords } from "@/lib/serverWords";
import { useFormats } from "@/lib/useFormats";

const MOST_TRIES = 100;
const AGAIN = 2_000;

/** Each deployment beside the backtest over the very bars that it has seen. */
export function Drift() {
  const { t } = useTranslation();
  const query = useQuery(listDeploymentsOptions({ query: { mode: "simulation" } }));
  return (
    <Asked query={query} isEmpty={(found) => found.items.length === 0} empty={<Empty text={t("drift.none")} />}>
      {(found) => (
        <Stack gap="xl">
          <KindJobs kind="drift" />
          {found.items.map((one) => (
            <Of key={one.name} name={one.name} />
          ))}
        </Stack>
      )}
    </Asked>
  );
}

function Of({ name }: { name: string }) {
  const { t } = useTranslation();
  // A whole backtest is run for it: only when somebody asks.
  const query = useQuery({
    ...readDriftOptions({ path: { name } }),
    enabled: false,
    // A long session takes longer than a request may: the same job answers when it is asked again.
    retry: (count, error) => count < MOST_TRIES && (isPassing(error) || problemOf(error).code === "not-finished"),
    retryDelay: AGAIN,
  });
  return (
    <section aria-label={name}>
      <Group justify="space-between" mb="xs">
        <Text fw={600}>{name}</Text>
        <Button
          size="compact-sm"
          variant="default"
          loading={query.isFetching}
          leftSection={<RefreshCw size={13} aria-hidden />}
          onClick={() => query.refetch()}
        >
          {t(query.data ? "drift.again" : "drift.now")}
        </Button>
      </Group>
      {query.fetchStatus === "idle" && query.status === "pending" ? (
        <Text size="sm" c="dimmed">
          {t("drift.what")}
        </Text>
      ) : (
        <Asked query={query} height={120}>
          {(drift) => <Told drift={drift} />}
        </Asked>
      )}
    </section>
  );
}

function Told({ drift }: { drift: DriftView }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Stack gap="sm">
      <Group gap="xl" align="flex-start">
        <Figure label={t("drift.score")} help={t("drift.scoreHelp")}>
          {formats.percent(drift.score, 1)}
        </Figure>
        <Figure label={t("drift.executions")} note={t("drift.expected", { number: formats.number(drift.expected, 0) })}>
          {formats.number(drift.executions, 0)}
        </Figure>
        <Figure label={t("drift.equity")} help={t("drift.equityHelp")}>
          <Change value={drift.equity}>{formats.signed(drift.equity)}</Change>
        </Figure>
        {drift.worse_bps !== null && (
          <Figure label={t("drift.worse")} help={t("drift.worseHelp")}>
            {t("drift.bps", { number: formats.signed(drift.worse_bps, 1) })}
          </Figure>
        )}
      </Group>
      {drift.items.length === 0 ? (
        <Alert color="teal" variant="light" icon={<ShieldCheck size={18} aria-hidden />}>
          {t("drift.same")}
        </Alert>
      ) : (
        <Rows drift={drift} />
      )}
    </Stack>
  );
}

function Rows({ drift }: { drift: DriftView }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { phrase } = useServerWords();
  return (
    <Wide minWidth={640}>
      <Table fz="sm" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("drift.when")}</Table.Th>
            <Table.Th>{t("desk.pair")}</Table.Th>
            <Table.Th>{t("desk.side")}</Table.Th>
            <Table.Th className="number">{t("drift.ours")}</Table.Th>
            <Table.Th className="number">{t("drift.backtest")}</Table.Th>
            <Table.Th>{t("drift.why")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {drift.items.map((one) => (
            <Table.Tr key={`${one.ts} ${one.instrument} ${one.side} ${one.ours} ${one.expected}`}>
              <Table.Td className="nowrap">{formats.time(one.ts)}</Table.Td>
              <Table.Td>{one.instrument}</Table.Td>
              <Table.Td>
                <Side side={one.side} />
              </Table.Td>
              <Table.Td className="number">{formats.price(one.ours)}</Table.Td>
              <Table.Td className="number">{formats.price(one.expected)}</Table.Td>
              <Table.Td>{phrase(one.why)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}
