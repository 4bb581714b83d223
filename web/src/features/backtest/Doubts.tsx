import { Alert, Group, Text, Title } from "@mantine/core";
import { CircleHelp, ShieldCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { BacktestOut } from "@/api/gen";
import { Figure } from "@/components/Figure";
import { useFormats } from "@/lib/useFormats";

/** Bars that do not tell what came first, and by how much the result would differ. */
export function Doubts({ metrics }: { metrics: BacktestOut["metrics"] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const bars = metrics.ambiguous_bars ?? 0;
  return (
    <section>
      <Title order={3} mb="xs">
        {t("doubts.title")}
      </Title>
      {bars === 0 ? (
        <Alert color="teal" variant="light" icon={<ShieldCheck size={18} aria-hidden />}>
          {t("doubts.none")}
        </Alert>
      ) : (
        <>
          <Group gap="xl" mb="xs">
            <Figure label={t("figures.name.ambiguous_bars")}>{formats.number(bars, 0)}</Figure>
            <Figure label={t("figures.name.ambiguous_fills")}>{formats.number(metrics.ambiguous_fills, 0)}</Figure>
            <Figure label={t("doubts.spread")} help={t("doubts.spreadHelp")}>
              {formats.money(metrics.ambiguity_spread)}
            </Figure>
          </Group>
          <Group gap="xs" wrap="nowrap" align="flex-start">
            <CircleHelp size={16} aria-hidden style={{ flexShrink: 0, marginTop: 3 }} />
            <Text size="sm">
              {t("doubts.text", {
                spread: formats.money(metrics.ambiguity_spread),
                net: formats.signed(metrics.net_pnl),
              })}
            </Text>
          </Group>
        </>
      )}
      {((metrics.drilled_bars ?? 0) > 0 || (metrics.undrilled_bars ?? 0) > 0) && (
        <Text size="xs" c="dimmed" mt={4}>
          {t("doubts.drilled", {
            drilled: formats.number(metrics.drilled_bars, 0),
            undrilled: formats.number(metrics.undrilled_bars, 0),
          })}
        </Text>
      )}
    </section>
  );
}
