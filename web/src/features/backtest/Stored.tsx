import { Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { SeriesOut } from "@/api/gen";
import { MoreCandles } from "@/components/MoreCandles";
import { DAY, dayOf, lackOf } from "@/lib/stored";
import { useFormats } from "@/lib/useFormats";
import type { Wish } from "./wish";

const LENGTHS = [1, 7, 14, 30];

interface StoredProps {
  /** Every stored series of candles. */
  series: readonly SeriesOut[];
  wish: Wish;
  onChange: (part: Partial<Wish>) => void;
}

/** What candles there are of the pair, and lengths of the range up to the last; what is missing can be had in place. */
export function Stored({ series, wish, onChange }: StoredProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const own = series.filter((one) => one.symbol === wish.symbol && one.kind === "candles");
  const [most] = [...own].sort((a, b) => b.rows - a.rows);
  const lack = lackOf(most, wish);
  if (!most) {
    return (
      <Group gap="xs">
        <Text size="xs" c="dimmed">
          {t(wish.symbol ? "backtest.noCandles" : "backtest.choosePair")}
        </Text>
        {(wish.symbol !== "" || series.length === 0) && lack && <MoreCandles symbol={wish.symbol} lack={lack} />}
      </Group>
    );
  }
  const end = Date.parse(most.last) + 60_000;
  return (
    <>
      <Group gap="xs">
        <Text size="xs" c="dimmed">
          {t("backtest.stored", {
            from: formats.day(most.first),
            to: formats.day(most.last),
            venue: most.venue,
            timeframe: own.map((one) => one.timeframe).join(", "),
          })}
        </Text>
        {LENGTHS.map((count) => (
          <Button
            key={count}
            size="compact-xs"
            variant="default"
            onClick={() => onChange({ from: dayOf(end - count * DAY), to: dayOf(end) })}
          >
            {t("backtest.days", { count })}
          </Button>
        ))}
        <Button size="compact-xs" variant="default" onClick={() => onChange({ from: "", to: "" })}>
          {t("backtest.allStored")}
        </Button>
      </Group>
      {lack && (
        <Group gap="xs" role="status">
          <Text size="xs" fw={500}>
            {lack.why === "gaps"
              ? t("backtest.missing", { count: most.missing })
              : t("backtest.lack", { from: formats.day(lack.from), to: formats.day(lack.to) })}
          </Text>
          <MoreCandles symbol={wish.symbol} lack={lack} />
        </Group>
      )}
    </>
  );
}
