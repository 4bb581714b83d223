import { Group, Loader, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Bars } from "@/charts/bars";
import { indexAt } from "@/charts/market/drawings";
import type { Lines } from "@/charts/market/series";
import { Change } from "@/components/Change";
import { Why } from "@/components/Why";
import { useFormats } from "@/lib/useFormats";

interface LegendProps {
  bars: Bars;
  lines: readonly Lines[];
  /** The bar that is pointed at. */
  at: number;
  isLoading: boolean;
  error: unknown;
}

/** The numbers of the bar that is pointed at; arrow keys on the chart walk from bar to bar. */
export function Legend({ bars, lines, at, isLoading, error }: LegendProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const time = bars.time[at];
  const [open, close] = [bars.open[at] ?? 0, bars.close[at] ?? 0];
  const change = open > 0 ? close / open - 1 : 0;
  const prices = [
    ["open", bars.open[at]],
    ["high", bars.high[at]],
    ["low", bars.low[at]],
    ["close", bars.close[at]],
  ] as const;
  return (
    <Group gap="xs" mih={22} aria-live="polite">
      <Text size="xs" fw={600}>
        {formats.time(time)}
      </Text>
      {prices.map(([name, price]) => (
        <Text size="xs" key={name}>
          <span className="calm">{t(`common.sheet.${name}`)}</span> {formats.price(price)}
        </Text>
      ))}
      <Text size="xs">
        <Change value={change}>{formats.change(change)}</Change>
      </Text>
      <Text size="xs">
        <span className="calm">{t("common.sheet.volume")}</span> {formats.number(bars.volume[at])}
      </Text>
      {lines.map((line) => (
        <Text size="xs" key={line.label}>
          <span className="calm">{line.label}</span> {valuesAt(line, time).map(formats.price).join(" / ")}
        </Text>
      ))}
      {isLoading && (
        <span role="status" aria-label={t("common.loading")}>
          <Loader size={14} aria-hidden />
        </span>
      )}
      {error !== null && error !== undefined && (
        <Text size="xs" role="alert" className="down">
          <Why error={error} />
        </Text>
      )}
    </Group>
  );
}

function valuesAt(line: Lines, time: number | undefined): (number | null)[] {
  if (time === undefined) return [];
  const place = indexAt(line.time, time);
  return Object.values(line.outputs).map((values) => (line.time[place] === time ? (values[place] ?? null) : null));
}
