import { Badge, Code, Group, Radio, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { VersionOut } from "@/api/gen";
import { listStrategyVersionsOptions, readStrategyVersionOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { CodeDiff } from "@/components/CodeDiff";
import { Panel } from "@/components/Panel";
import { Wide } from "@/components/Wide";
import { useFormats } from "@/lib/useFormats";

const SHORT = 10;

/** What was run under a strategy's name, and in what two of the sources differ. */
export function Versions({ name }: { name: string }) {
  const { t } = useTranslation();
  const query = useQuery(listStrategyVersionsOptions({ path: { name } }));
  return (
    <Panel title={t("code.versions")}>
      <Asked query={query}>{(found) => <Listed name={name} found={found} />}</Asked>
    </Panel>
  );
}

function Listed({ name, found }: { name: string; found: VersionOut[] }) {
  const { t } = useTranslation();
  const kept = found.filter((one) => one.kept).map((one) => one.sha256);
  const [chosen, choose] = useState<{ from?: string; to?: string }>({});
  const from = chosen.from ?? kept[1];
  const to = chosen.to ?? kept[0];
  return (
    <>
      <Wide minWidth={640}>
        <Table fz="sm" verticalSpacing={5}>
          <Table.Thead>
            <Table.Tr>
              {kept.length > 1 && <Table.Th>{t("code.from")}</Table.Th>}
              {kept.length > 1 && <Table.Th>{t("code.to")}</Table.Th>}
              <Table.Th>{t("code.version")}</Table.Th>
              <Table.Th>{t("code.source")}</Table.Th>
              <Table.Th>{t("code.first")}</Table.Th>
              <Table.Th>{t("code.last")}</Table.Th>
              <Table.Th className="number">{t("code.runs")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.map((one) => (
              <Table.Tr key={one.sha256}>
                {kept.length > 1 && (
                  <Table.Td>
                    <Choice
                      one={one}
                      label={t("code.from")}
                      chosen={from}
                      onChoose={() => choose({ from: one.sha256, to })}
                    />
                  </Table.Td>
                )}
                {kept.length > 1 && (
                  <Table.Td>
                    <Choice
                      one={one}
                      label={t("code.to")}
                      chosen={to}
                      onChoose={() => choose({ from, to: one.sha256 })}
                    />
                  </Table.Td>
                )}
                <Facts one={one} />
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
      {found.some((one) => !one.kept) && (
        <Text size="xs" c="dimmed" mt="xs">
          {t("code.before")}
        </Text>
      )}
      {found.length === 1 && (
        <Text size="xs" c="dimmed" mt="xs">
          {t("code.single")}
        </Text>
      )}
      {from && to && from !== to && <Between name={name} from={from} to={to} />}
    </>
  );
}

interface ChoiceProps {
  one: VersionOut;
  label: string;
  chosen: string | undefined;
  onChoose: () => void;
}

function Choice({ one, label, chosen, onChoose }: ChoiceProps) {
  if (!one.kept) return null;
  const name = `${label} ${one.sha256.slice(0, SHORT)}`;
  return <Radio aria-label={name} checked={chosen === one.sha256} onChange={onChoose} />;
}

function Facts({ one }: { one: VersionOut }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <>
      <Table.Td>
        <Group gap={6} wrap="nowrap">
          {one.versions.join(", ") || "–"}
          {one.current && (
            <Badge variant="light" color="teal" tt="none" className="fixed">
              {t("code.current")}
            </Badge>
          )}
        </Group>
      </Table.Td>
      <Table.Td>{one.kept ? <Code>{one.sha256.slice(0, SHORT)}</Code> : t("code.notKept")}</Table.Td>
      <Table.Td className="nowrap">{one.first_run ? formats.time(one.first_run) : t("code.never")}</Table.Td>
      <Table.Td className="nowrap">{formats.time(one.last_run)}</Table.Td>
      <Table.Td className="number">{formats.number(one.runs)}</Table.Td>
    </>
  );
}

function Between({ name, from, to }: { name: string; from: string; to: string }) {
  const { t } = useTranslation();
  const before = useQuery(readStrategyVersionOptions({ path: { name, sha256: from } }));
  const after = useQuery(readStrategyVersionOptions({ path: { name, sha256: to } }));
  const label = t("code.between", { from: from.slice(0, SHORT), to: to.slice(0, SHORT) });
  return (
    <div style={{ marginTop: "var(--mantine-spacing-md)" }}>
      <Asked query={before}>
        {(first) => (
          <Asked query={after}>{(second) => <CodeDiff before={first.text} after={second.text} label={label} />}</Asked>
        )}
      </Asked>
    </div>
  );
}
