import { Badge, Group, Table, Text } from "@mantine/core";
import { Equal, EqualNot } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Compared } from "@/api/gen";
import { Wide } from "@/components/Wide";
import { labelOf } from "./CompareScreen";

/** In what runs differ: code, data, and every field of their descriptions that is not the same. */
export function Differences({ found }: { found: Compared }) {
  const { t } = useTranslation();
  const rows = Object.entries(found.differences);
  return (
    <>
      <Group gap="sm" mb="sm">
        <Same isSame={found.same_code} yes={t("compare.sameCode")} no={t("compare.otherCode")} />
        <Same isSame={found.same_data} yes={t("compare.sameData")} no={t("compare.otherData")} />
      </Group>
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("compare.same")}
        </Text>
      ) : (
        <Wide isPinned minWidth={200 + 130 * found.runs.length}>
          <Table fz="sm" verticalSpacing={5}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("compare.field")}</Table.Th>
                {found.runs.map((run, index) => (
                  <Table.Th key={run.id} className="number">
                    {labelOf(index, run.strategy)}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(([name, values]) => (
                <Table.Tr key={name}>
                  <Table.Th fw={400}>
                    <code>{name}</code>
                  </Table.Th>
                  {found.runs.map((run, index) => (
                    <Table.Td key={run.id} className="number">
                      {written(values[index])}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Wide>
      )}
    </>
  );
}

function Same({ isSame, yes, no }: { isSame: boolean; yes: string; no: string }) {
  return (
    <Badge
      size="lg"
      variant="light"
      color={isSame ? "teal" : "yellow"}
      tt="none"
      leftSection={isSame ? <Equal size={13} aria-hidden /> : <EqualNot size={13} aria-hidden />}
    >
      {isSame ? yes : no}
    </Badge>
  );
}

const LEAST_NS = 10 ** 17;

/** A value of a description as text; what can only be a moment in nanoseconds is written as a day. */
export function written(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number" && value > LEAST_NS) return new Date(value / 1e6).toISOString().slice(0, 16);
  return typeof value === "string" ? value : JSON.stringify(value);
}
