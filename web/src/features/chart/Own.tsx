import { Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { PriceMark } from "@/charts/market/series";
import { useFormats } from "@/lib/useFormats";

/** What the lines on the chart are, in words: what one holds and has ordered here, and how often one has traded. */
export function Own({ marks, fills }: { marks: readonly PriceMark[]; fills: number }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const own = marks.filter((mark) => !mark.isMarket);
  if (own.length === 0 && fills === 0) return null;
  return (
    <Group component="ul" gap="md" style={{ listStyle: "none", margin: 0, padding: 0 }} aria-label={t("chart.own")}>
      {own.map((mark) => (
        <Text component="li" size="xs" key={`${mark.title} ${mark.price}`}>
          <span className="calm">{mark.title}</span> {formats.price(mark.price)}
        </Text>
      ))}
      {fills > 0 && (
        <Text component="li" size="xs" c="dimmed">
          {t("chart.fills", { count: fills })}
        </Text>
      )}
    </Group>
  );
}
