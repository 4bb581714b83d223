import { Group, ScrollArea, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { SignalView } from "@/api/gen";
import { listSignalsOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Empty } from "@/components/Empty";
import { Panel } from "@/components/Panel";
import { useFormats } from "@/lib/useFormats";
import { useNow } from "@/lib/useNow";
import { Side } from "./Positions";

const MOST = 30;

/** What strategies said last, and why. */
export function Signals({ symbol }: { symbol?: string | null }) {
  const { t } = useTranslation();
  const query = useQuery(listSignalsOptions({ query: { limit: MOST, ...(symbol ? { symbol } : {}) } }));
  return (
    <Panel title={symbol ? t("desk.signalsOf", { symbol }) : t("desk.signals")}>
      <Asked query={query} isEmpty={(page) => page.items.length === 0} empty={<Empty text={t("desk.noSignals")} />}>
        {(page) => (
          <ScrollArea.Autosize mah={360} viewportProps={{ tabIndex: 0 }}>
            <Stack gap={10} component="ol" className="rows">
              {page.items.map((one) => (
                <Signal key={`${one.session} ${one.instrument} ${one.ts} ${one.side}`} signal={one} />
              ))}
            </Stack>
          </ScrollArea.Autosize>
        )}
      </Asked>
    </Panel>
  );
}

function Signal({ signal }: { signal: SignalView }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(10_000);
  const levels = [
    signal.entry ? `${t("desk.entry")} ${formats.price(signal.entry)}` : t("desk.atMarket"),
    signal.stop_loss && `SL ${formats.price(signal.stop_loss)}`,
    signal.take_profit && `TP ${formats.price(signal.take_profit)}`,
  ].filter(Boolean);
  return (
    <li>
      <Group gap="xs" wrap="nowrap">
        <Side side={signal.side} />
        <Text size="sm" fw={500}>
          {signal.instrument}
        </Text>
        <Text size="xs" c="dimmed" ml="auto" className="nowrap" title={formats.instant(signal.ts)}>
          {Date.parse(signal.ts) > now ? formats.time(signal.ts) : formats.ago(signal.ts, now)}
        </Text>
      </Group>
      <Text size="xs" c="dimmed">
        {levels.join(" · ")}
      </Text>
      {signal.reasons && <Text size="xs">{signal.reasons}</Text>}
    </li>
  );
}
