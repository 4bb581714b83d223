import { Alert, Anchor, Badge, Stack, Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { CircleHelp, Trophy } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { EvaluationOut, StandingOut } from "@/api/gen";
import { Change } from "@/components/Change";
import { Panel } from "@/components/Panel";
import { Wide } from "@/components/Wide";
import { useFormats } from "@/lib/useFormats";
import { HeatMap } from "./HeatMap";

const COLOURS: Record<StandingOut["verdict"], string> = {
  best: "teal",
  behind: "gray",
  not_told_apart: "yellow",
  few_trades: "yellow",
  no_figures: "gray",
  leaks: "red",
};

/** An evaluation: what it says in words, the ranking, the heat map. */
export function Evaluation({ evaluation }: { evaluation: EvaluationOut }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [first] = evaluation.standings;
  const report = (
    <Anchor
      size="sm"
      href={`/api/v1/evaluations/${evaluation.id}/report`}
      target="_blank"
      rel="noreferrer"
      underline="always"
    >
      {t("evaluation.report")}
    </Anchor>
  );
  return (
    <Stack gap="md">
      <Alert
        color={evaluation.told ? "teal" : "yellow"}
        icon={evaluation.told ? <Trophy size={18} aria-hidden /> : <CircleHelp size={18} aria-hidden />}
      >
        {t(evaluation.told ? "evaluation.told" : "evaluation.notTold", { name: first?.strategy })}{" "}
        {t(`evaluation.sample.${evaluation.span}`, { count: evaluation.spans })}
      </Alert>
      <Panel title={t("evaluation.ranking")} actions={report}>
        <Standings standings={evaluation.standings} />
        <Text size="xs" c="dimmed" mt="xs">
          {t("evaluation.rankingNote", {
            from: formats.day(evaluation.periods[0]?.[0]),
            to: formats.day(evaluation.periods.at(-1)?.[1]),
          })}
        </Text>
      </Panel>
      <Panel title={t("evaluation.heat")}>
        <HeatMap evaluation={evaluation} />
      </Panel>
    </Stack>
  );
}

function Standings({ standings }: { standings: StandingOut[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Wide minWidth={780}>
      <Table fz="sm">
        <Table.Caption className="unseen">{t("evaluation.ranking")}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("evaluation.column.rank")}</Table.Th>
            <Table.Th>{t("evaluation.column.strategy")}</Table.Th>
            <Table.Th>{t("evaluation.column.verdict")}</Table.Th>
            <Table.Th className="number">{t("evaluation.column.sharpe")}</Table.Th>
            <Table.Th className="number">{t("evaluation.column.chance")}</Table.Th>
            <Table.Th className="number">{t("evaluation.column.return")}</Table.Th>
            <Table.Th className="number">{t("evaluation.column.worst")}</Table.Th>
            <Table.Th className="number">{t("evaluation.column.trades")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {standings.map((one) => (
            <Table.Tr key={one.strategy}>
              <Table.Td>{one.rank}</Table.Td>
              <Table.Td fw={500}>
                <Link to="/strategies" search={{ name: one.strategy }} className="link">
                  {one.strategy}
                </Link>
              </Table.Td>
              <Table.Td>
                <Badge variant="light" color={COLOURS[one.verdict]} tt="none">
                  {t(`evaluation.verdict.${one.verdict}`)}
                </Badge>
                {one.spans_needed !== null && (
                  <Text size="xs" c="dimmed">
                    {t("evaluation.needed", { count: one.spans_needed })}
                  </Text>
                )}
              </Table.Td>
              <Table.Td className="number">
                {formats.fixed(one.sharpe)}
                <Text size="xs" c="dimmed">
                  {formats.fixed(one.low)} … {formats.fixed(one.high)}
                </Text>
              </Table.Td>
              <Table.Td className="number">{formats.percent(one.best_chance, 0)}</Table.Td>
              <Table.Td className="number">
                <Change value={one.total_return}>{formats.change(one.total_return)}</Change>
              </Table.Td>
              <Table.Td className="number">
                <Change value={one.worst_period}>{formats.change(one.worst_period)}</Change>
              </Table.Td>
              <Table.Td className="number">{one.trades}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}
