import { Button, Group, SegmentedControl, Stack, Text, TextInput, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PositionView } from "@/api/gen";
import { closePositionMutation, protectPositionMutation } from "@/api/gen/@tanstack/react-query.gen";
import { AlertModal } from "@/components/AlertModal";
import { Refusal } from "@/components/Refusal";
import { Unheard } from "@/components/Unheard";
import { numberOf } from "@/lib/format";
import { useLink } from "@/lib/news";
import { typed } from "@/lib/typed";
import { useFormats } from "@/lib/useFormats";

const PARTS = ["0.25", "0.5", "0.75", "1"];

/** A position in one's hands: where it is left moved, or it closed, whole or in part; each with its effect in money. */
export function PositionModal({ position, onClose }: { position: PositionView | null; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <AlertModal
      opened={position !== null}
      onClose={onClose}
      title={t("position.title", { symbol: position?.instrument ?? "" })}
    >
      {position && (
        <Stack gap="lg">
          <Unheard>{t("position.unheard")}</Unheard>
          <Exits position={position} onDone={onClose} />
          <Close position={position} onDone={onClose} />
        </Stack>
      )}
    </AlertModal>
  );
}

interface PartProps {
  position: PositionView;
  onDone: () => void;
}

function useDone(onDone: () => void) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  return {
    meta: { isShownInPlace: true },
    onSuccess: () => {
      notifications.show({ message: t("position.asked") });
      void queries.invalidateQueries();
      onDone();
    },
  };
}

function Exits({ position, onDone }: PartProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [stop, setStop] = useState(String(numberOf(position.stop) ?? ""));
  const [target, setTarget] = useState(String(numberOf(position.target) ?? ""));
  const move = useMutation({ ...protectPositionMutation(), ...useDone(onDone) });
  const prices = { stop_loss: typed(stop), take_profit: typed(target) };
  const moved = movedFrom(position, prices);
  const outcome = outcomeAt(position, prices.stop_loss);
  const won = outcomeAt(position, prices.take_profit);
  const isHeard = useLink().state === "live";
  const send = (event: FormEvent) => {
    event.preventDefault();
    move.mutate({
      path: { deployment: position.deployment },
      body: { instrument: position.instrument, position_side: position.side, ...moved },
    });
  };
  return (
    <form onSubmit={send}>
      <Stack gap="xs">
        <Title order={3}>{t("position.exits")}</Title>
        <Group grow align="flex-start">
          <TextInput
            label={t("desk.stop")}
            inputMode="decimal"
            value={stop}
            onChange={(event) => setStop(event.currentTarget.value)}
          />
          <TextInput
            label={t("desk.target")}
            placeholder={t("position.asItIs")}
            inputMode="decimal"
            value={target}
            onChange={(event) => setTarget(event.currentTarget.value)}
          />
        </Group>
        <Text size="xs" c="dimmed">
          {outcome === null ? t("desk.noStop") : t("position.atStop", { money: formats.signed(outcome) })}
        </Text>
        {won !== null && (
          <Text size="xs" c="dimmed">
            {t("position.atTarget", { money: formats.signed(won) })}
          </Text>
        )}
        <Refusal error={move.error} />
        <Group justify="flex-end">
          <Button
            type="submit"
            variant="default"
            loading={move.isPending}
            disabled={!isHeard || Object.keys(moved).length === 0}
          >
            {t("position.move")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The prices that differ from where a position is left now, as they are sent; what is empty stays as it is. */
export function movedFrom(
  position: Pick<PositionView, "stop" | "target">,
  wanted: { stop_loss: number | null; take_profit: number | null },
): Record<string, string> {
  const now = { stop_loss: numberOf(position.stop), take_profit: numberOf(position.target) };
  const names = ["stop_loss", "take_profit"] as const;
  return Object.fromEntries(
    names.flatMap((name) => {
      const price = wanted[name];
      return price === null || price === now[name] ? [] : [[name, String(price)]];
    }),
  );
}

/** Profit against the entry where a position is left at a price, quote, before fees; null where there is none. */
export function outcomeAt(position: Pick<PositionView, "entry" | "quantity">, price: number | null): number | null {
  const [entry, quantity] = [numberOf(position.entry), numberOf(position.quantity)];
  return price === null || entry === null || quantity === null ? null : (price - entry) * quantity;
}

function Close({ position, onDone }: PartProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [part, setPart] = useState("1");
  const close = useMutation({ ...closePositionMutation(), ...useDone(onDone) });
  const share = Number(part);
  const isHeard = useLink().state === "live";
  // On figures that may be old one is asked once more; what closes is never forbidden.
  const [isOnce, setOnce] = useState(false);
  const send = () => {
    if (!isHeard && !isOnce) return setOnce(true);
    setOnce(false);
    close.mutate({
      path: { deployment: position.deployment },
      body: { instrument: position.instrument, position_side: position.side, part: share },
    });
  };
  const quantity = Math.abs(numberOf(position.quantity) ?? 0) * share;
  return (
    <Stack gap="xs">
      <Title order={3}>{t("position.close")}</Title>
      <SegmentedControl
        aria-label={t("position.part")}
        value={part}
        onChange={(chosen) => {
          setPart(chosen);
          setOnce(false);
        }}
        data={PARTS.map((value) => ({ value, label: formats.percent(Number(value), 0) }))}
      />
      <Text size="sm">
        {t("position.closeText", {
          quantity: formats.number(quantity, 8),
          worth: formats.money(quantity * (numberOf(position.price) ?? 0)),
          profit: formats.signed((numberOf(position.profit) ?? 0) * share),
        })}
      </Text>
      <Refusal error={close.error} />
      <Group justify="flex-end" className="deeds">
        <Button variant="default" onClick={onDone} data-autofocus>
          {t("common.cancel")}
        </Button>
        <Button color="red" loading={close.isPending} onClick={send}>
          {isOnce && !isHeard ? t("common.pressAgain") : t("position.closeVerb", { share: formats.percent(share, 0) })}
        </Button>
      </Group>
    </Stack>
  );
}
