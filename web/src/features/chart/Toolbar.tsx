import { Chip, Group, NativeSelect, Paper, SegmentedControl, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CopyAs } from "@/components/CopyAs";
import { FRAMES } from "@/lib/frames";
import { DRAWN, type Drawn, type Shown } from "./chartState";
import { Indicators } from "./Indicators";
import type { Search } from "./Market";
import type { Market, Place } from "./useBars";

interface ToolbarProps {
  market: Market;
  places: Place[];
  indicators: Shown[];
  drawn: Drawn[];
  hasOver: boolean;
  onPut: (change: Search) => void;
}

/** What is looked at, and what is drawn on it. */
export function Toolbar({ market, places, indicators, drawn, hasOver, onPut }: ToolbarProps) {
  const { t } = useTranslation();
  const markets = places.map((one) => `${one.symbol} · ${one.venue}`);
  const choose = (word: string) => {
    const [symbol = "", venue = ""] = word.split(" · ");
    onPut({ symbol, venue, ...nowhere });
  };
  const query = new URLSearchParams({ symbol: market.symbol, venue: market.venue, timeframe: market.timeframe });
  return (
    <Paper p="sm" component="section" aria-label={t("chart.tools")}>
      <Stack gap="sm">
        <Group gap="sm" align="flex-end">
          <NativeSelect
            aria-label={t("chart.market")}
            data={markets}
            value={`${market.symbol} · ${market.venue}`}
            onChange={(event) => choose(event.currentTarget.value)}
          />
          <SegmentedControl
            aria-label={t("chart.timeframe")}
            data={FRAMES.includes(market.timeframe) ? FRAMES : [...FRAMES, market.timeframe]}
            value={market.timeframe}
            onChange={(tf) => onPut({ tf, ...nowhere })}
          />
          <CopyAs api={{ method: "GET", path: `/api/v1/candles?${query}` }} />
        </Group>
        <Group gap="sm">
          <Text size="sm" c="dimmed">
            {t("chart.draw")}
          </Text>
          <Chip.Group multiple value={drawn} onChange={(words) => onPut({ draw: words.join(",") })}>
            <Group gap={6}>
              {DRAWN.map((one) => (
                <Chip key={one} value={one} size="xs" variant="outline">
                  {t(`chart.drawn.${one}`)}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
          {drawn.length > 0 && (
            <Chip
              size="xs"
              variant="outline"
              checked={hasOver}
              onChange={(isChecked) => onPut({ over: isChecked ? "1" : "" })}
            >
              {t("chart.over")}
            </Chip>
          )}
        </Group>
        <Indicators shown={indicators} onPut={(ind) => onPut({ ind })} />
      </Stack>
    </Paper>
  );
}

/** What is seen is chosen anew with another market. */
const nowhere: Search = { from: "", to: "" };
