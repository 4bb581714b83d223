import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { SeriesOut } from "@/api/gen";
import { createSyntheticMarketMutation } from "@/api/gen/@tanstack/react-query.gen";
import { useFormats } from "@/lib/useFormats";
import type { Wish } from "./wish";

const DAY = 86_400_000;
const LENGTHS = [1, 7, 14, 30];

interface StoredProps {
  /** Every stored series of candles. */
  series: readonly SeriesOut[];
  wish: Wish;
  onChange: (part: Partial<Wish>) => void;
}

const dayOf = (moment: number) => new Date(moment).toISOString().slice(0, 10);

/** What candles there are of the pair, and lengths of the range up to the last of them; or a way to have some. */
export function Stored({ series, wish, onChange }: StoredProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const queries = useQueryClient();
  const make = useMutation({
    ...createSyntheticMarketMutation(),
    onSuccess: () => {
      notifications.show({ message: t("backtest.making") });
      void queries.invalidateQueries();
    },
  });
  const own = series.filter((one) => one.symbol === wish.symbol);
  const [first] = [...own].sort((a, b) => b.rows - a.rows);
  if (!first) {
    const symbol = wish.symbol || "BTC/USDT:USDT";
    return (
      <Group gap="xs">
        <Text size="xs" c="dimmed">
          {t(wish.symbol ? "backtest.noCandles" : "backtest.choosePair")}
        </Text>
        {(wish.symbol !== "" || series.length === 0) && (
          <Button
            size="compact-xs"
            variant="light"
            loading={make.isPending}
            onClick={() => make.mutate({ body: { symbol, timeframe: "1m", days: 30 } })}
          >
            {t("backtest.makeCandles", { symbol })}
          </Button>
        )}
      </Group>
    );
  }
  const end = Date.parse(first.last) + 60_000;
  return (
    <Group gap="xs">
      <Text size="xs" c="dimmed">
        {t("backtest.stored", {
          from: formats.day(first.first),
          to: formats.day(first.last),
          venue: first.venue,
          timeframe: own.map((one) => one.timeframe).join(", "),
        })}
        {first.missing > 0 && ` · ${t("backtest.missing", { count: first.missing })}`}
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
  );
}
