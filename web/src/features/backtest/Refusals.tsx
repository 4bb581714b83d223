import { Table, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/useFormats";

/** Signals that were not taken, counted by reason. */
export function Refusals({ refusals }: { refusals: Record<string, number> }) {
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  const rows = Object.entries(refusals).sort(([, a], [, b]) => b - a);
  if (rows.length === 0) return null;
  return (
    <section aria-label={t("backtest.refusals")}>
      <Title order={3} mt="lg" mb={4}>
        {t("backtest.refusals")}
      </Title>
      <Table fz="sm" verticalSpacing={4} maw={560}>
        <Table.Tbody>
          {rows.map(([reason, count]) => (
            <Table.Tr key={reason}>
              <Table.Th fw={400} c="dimmed">
                {i18n.exists(`refusal.${reason}`) ? t(`refusal.${reason}`) : reason}
              </Table.Th>
              <Table.Td className="number">{formats.number(count, 0)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
