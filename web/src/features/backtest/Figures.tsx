import { SimpleGrid, Table, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Change } from "@/components/Change";
import type { Formats } from "@/lib/format";
import { useFormats } from "@/lib/useFormats";
import { FAMILIES, type Kind } from "./families";

type Value = number | null | undefined;
const DAY = 86_400;

export const WRITERS: Record<Kind, (formats: Formats, value: Value) => string> = {
  gain: (formats, value) => formats.change(value),
  percent: (formats, value) => formats.percent(value),
  ratio: (formats, value) => formats.fixed(value),
  days: (formats, value) => formats.span(value === null || value === undefined ? null : value * DAY),
  bars: (formats, value) => formats.fixed(value, 1),
  count: (formats, value) => formats.number(value, 0),
  profit: (formats, value) => formats.signed(value),
  money: (formats, value) => formats.money(value),
};

/** Every figure of a result, by family. */
export function Figures({ metrics }: { metrics: Record<string, Value> }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="lg">
      {Object.entries(FAMILIES).map(([family, rows]) => (
        <section key={family} aria-label={t(`figures.family.${family}`)}>
          <Title order={3} mb={4}>
            {t(`figures.family.${family}`)}
          </Title>
          <Table withRowBorders verticalSpacing={4} fz="sm">
            <Table.Tbody>
              {rows
                .filter(([name]) => name in metrics)
                .map(([name, kind]) => (
                  <Table.Tr key={name}>
                    <Table.Th fw={400} c="dimmed">
                      {t(`figures.name.${name}`)}
                    </Table.Th>
                    <Table.Td className="number">
                      <Written kind={kind} value={metrics[name]} text={WRITERS[kind](formats, metrics[name])} />
                    </Table.Td>
                  </Table.Tr>
                ))}
            </Table.Tbody>
          </Table>
        </section>
      ))}
    </SimpleGrid>
  );
}

function Written({ kind, value, text }: { kind: Kind; value: Value; text: string }) {
  return kind === "gain" || kind === "profit" ? <Change value={value}>{text}</Change> : text;
}
