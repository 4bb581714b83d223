import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PendingRow } from "@/api/gen";
import { listPendingOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Panel } from "@/components/Panel";
import { useCaller } from "@/lib/caller";
import { useFormats } from "@/lib/useFormats";
import { PendingModal } from "./PendingModal";
import { Side } from "./Positions";
import { useLeft, type Waiting } from "./useLeft";

export const keyOf = (one: PendingRow): string => `${one.deployment}/${one.order}`;

/** Orders that wait to be confirmed, each with the time that is left. Nothing is shown where none waits. */
export function Pending() {
  const { t } = useTranslation();
  const [shown, setShown] = useState<string | null>(null);
  const waiting = [...useWaiting("live"), ...useWaiting("simulation")];
  const order = waiting.find((one) => keyOf(one) === shown);
  return (
    <>
      {waiting.length > 0 && (
        <Panel title={t("pending.title", { count: waiting.length })} className="urgent">
          <Stack gap="sm">
            {waiting.map((one) => (
              <Row key={keyOf(one)} order={one} onShow={() => setShown(keyOf(one))} />
            ))}
          </Stack>
        </Panel>
      )}
      <PendingModal
        isOpen={shown !== null}
        order={order}
        place={{ index: order ? waiting.indexOf(order) + 1 : 0, count: waiting.length }}
        onClose={() => setShown(null)}
      />
    </>
  );
}

type Mode = "simulation" | "live";

/** Orders of a mode that wait; what is to move real money is said to. */
function useWaiting(mode: Mode): Waiting[] {
  const query = useQuery({
    ...listPendingOptions({ query: { mode } }),
    refetchInterval: 5_000,
    // Heard when the answer came, so that it is counted on from there.
    select: hearing,
    structuralSharing: false,
  });
  return query.data?.map((one) => ({ ...one, mode })) ?? [];
}

const heard = new WeakMap<object, number>();

function hearing(list: { items: PendingRow[] }): (PendingRow & { heardAt: number })[] {
  const heardAt = heard.get(list) ?? performance.now();
  heard.set(list, heardAt);
  return list.items.map((one) => ({ ...one, heardAt }));
}

function Row({ order, onShow }: { order: Waiting; onShow: () => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { may } = useCaller();
  const left = useLeft(order);
  return (
    <div>
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Side side={order.side} />
          <Text size="sm" fw={500}>
            {order.instrument}
          </Text>
          <Text size="sm">
            {formats.number(order.quantity, 8)} × {formats.price(order.price)}
          </Text>
          <Text size="xs" c="dimmed">
            {order.deployment}
          </Text>
        </Group>
        <Group gap="xs">
          <Text size="xs" c="dimmed">
            {t("pending.left", { time: formats.span(left.seconds) })}
          </Text>
          {may("trader") && (
            <Button size="compact-sm" onClick={onShow}>
              {t("pending.look")}
            </Button>
          )}
        </Group>
      </Group>
      <Progress value={left.share * 100} size={4} mt={4} color={left.share < 0.25 ? "orange" : "accent"} aria-hidden />
    </div>
  );
}
