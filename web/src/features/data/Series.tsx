import { Button, Checkbox, Group, Stack, Table, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CoverageOut, SeriesOut } from "@/api/gen";
import {
  createDataCheckMutation,
  createDataRepairMutation,
  listJobsQueryKey,
  listSeriesQueryKey,
  readCoverageOptions,
  readCoverageQueryKey,
} from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { CopyAs } from "@/components/CopyAs";
import { KindJobs } from "@/components/KindJobs";
import { MoreCandles } from "@/components/MoreCandles";
import { Panel } from "@/components/Panel";
import { TypedConfirm } from "@/components/TypedConfirm";
import { Wide } from "@/components/Wide";
import { useCaller } from "@/lib/caller";
import { lackOf } from "@/lib/stored";
import { useFormats } from "@/lib/useFormats";
import { Integrity } from "./Integrity";
import { Repaired } from "./Repaired";
import { Strip } from "./Strip";

/** The candles of one series: where they are, whether they are sound, and what can be done about it. */
export function Series({ one }: { one: SeriesOut }) {
  const { t } = useTranslation();
  const { may } = useCaller();
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const [isFilled, setFilled] = useState(false);
  const where = { venue: one.venue, symbol: one.symbol, timeframe: one.timeframe ?? "" };
  const query = useQuery(readCoverageOptions({ query: where }));
  const onSettled = () => queries.invalidateQueries({ queryKey: listJobsQueryKey() });
  const check = useMutation({ ...createDataCheckMutation(), onSettled });
  const repair = useMutation({ ...createDataRepairMutation(), onSettled });
  const readAnew = () => {
    void queries.invalidateQueries({ queryKey: listSeriesQueryKey() });
    void queries.invalidateQueries({ queryKey: readCoverageQueryKey({ query: where }) });
  };
  const lack = lackOf(one, { from: "", to: "" });
  const actions = may("trader") && (
    <>
      <CopyAs api={{ method: "POST", path: "/api/v1/data/checks", body: where }} />
      <Button size="compact-sm" variant="light" loading={check.isPending} onClick={() => check.mutate({ body: where })}>
        {t("data.check")}
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => setAsking(true)}>
        {t("data.repair")}
      </Button>
    </>
  );
  return (
    <Panel title={`${one.symbol} · ${one.timeframe} · ${one.venue}`} actions={actions}>
      <Stack>
        <Asked query={query}>{(found) => <Holes found={found} />}</Asked>
        {lack && (
          <Group gap="xs">
            <MoreCandles symbol={one.symbol} lack={lack} />
          </Group>
        )}
        <Integrity one={one} />
        <Repaired one={one} />
        <KindJobs kind="data_check" onDone={readAnew} />
        <KindJobs kind="data_repair" onDone={readAnew} />
      </Stack>
      <TypedConfirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t("data.repairTitle", { symbol: one.symbol })}
        verb={t("data.repair")}
        onConfirm={() => {
          setAsking(false);
          repair.mutate({ body: { ...where, fill: isFilled } });
        }}
      >
        {t("data.repairText")}
        {one.missing > 0 && (
          <Checkbox
            mt="sm"
            label={t("data.fillBars", { count: one.missing })}
            checked={isFilled}
            onChange={(event) => setFilled(event.currentTarget.checked)}
          />
        )}
      </TypedConfirm>
    </Panel>
  );
}

function Holes({ found }: { found: CoverageOut }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Stack gap="sm">
      <Strip found={found} />
      {found.gaps.length > 0 && (
        <>
          <Text size="sm">
            {t("data.gaps", { count: found.gap_count })}
            {found.gap_count > found.gaps.length && ` ${t("data.longest", { count: found.gaps.length })}`}
          </Text>
          <Wide minWidth={420}>
            <Table fz="sm">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("data.first")}</Table.Th>
                  <Table.Th>{t("data.last")}</Table.Th>
                  <Table.Th className="number">{t("data.bars")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {found.gaps.map((gap) => (
                  <Table.Tr key={gap.begin}>
                    <Table.Td>{formats.time(gap.begin)}</Table.Td>
                    <Table.Td>{formats.time(gap.end)}</Table.Td>
                    <Table.Td className="number">{formats.number(gap.bars, 0)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Wide>
        </>
      )}
    </Stack>
  );
}
