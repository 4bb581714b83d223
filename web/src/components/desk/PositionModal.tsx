import { Button, Group, Modal, SegmentedControl, Stack, Text, TextInput, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PositionView } from "@/api/gen";
import { closePositionMutation, protectPositionMutation } from "@/api/gen/@tanstack/react-query.gen";
import { Refusal } from "@/components/Refusal";
import { numberOf } from "@/lib/format";
import { typed } from "@/lib/typed";
import { useFormats } from "@/lib/useFormats";

const PARTS = ["0.25", "0.5", "0.75", "1"];

/** A position in one's hands: where it is left moved, or it closed, whole or in part; each with its effect in money. */
export function PositionModal({ position, onClose }: { position: PositionView | null; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={position !== null}
      onClose={onClose}
      title={t("position.title", { symbol: position?.instrument ?? "" })}
      role="alertdialog"
      closeOnClickOutside={false}
    >
      {position && (
        <Stack gap="lg">
          <Exits position={position} onDone={onClose} />
          <Close position={position} onDone={onClose} />
        </Stack>
      )}
    </Modal>
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
  const [target, setTarget] = useState("");
  const move = useMutation({ ...protectPositionMutation(), ...useDone(onDone) });
  const prices = { stop_loss: typed(stop), take_profit: typed(target) };
  const outcome = outcomeAt(position, prices.stop_loss);
  const send = (event: FormEvent) => {
    event.preventDefault();
    const given = Object.entries(prices).flatMap(([name, price]) => (price === null ? [] : [[name, String(price)]]));
    move.mutate({
      path: { deployment: position.deployment },
      body: { instrument: position.instrument, ...Object.fromEntries(given) },
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
            label={t("position.target")}
            placeholder={t("position.asItIs")}
            inputMode="decimal"
            value={target}
            onChange={(event) => setTarget(event.currentTarget.value)}
          />
        </Group>
        <Text size="xs" c="dimmed">
          {outcome === null ? t("desk.noStop") : t("position.atStop", { money: formats.signed(outcome) })}
        </Text>
        <Refusal error={move.error} />
        <Group justify="flex-end">
          <Button
            type="submit"
            variant="default"
            loading={move.isPending}
            disabled={prices.stop_loss === null && prices.take_profit === null}
          >
            {t("position.move")}
          </Button>
        </Group>
      </Stack>
    </form>
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
  const quantity = Math.abs(numberOf(position.quantity) ?? 0) * share;
  return (
    <Stack gap="xs">
      <Title order={3}>{t("position.close")}</Title>
      <SegmentedControl
        aria-label={t("position.part")}
        value={part}
        onChange={setPart}
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
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone} data-autofocus>
          {t("common.cancel")}
        </Button>
        <Button
          color="red"
          loading={close.isPending}
          onClick={() =>
            close.mutate({
              path: { deployment: position.deployment },
              body: { instrument: position.instrument, part: share },
            })
          }
        >
          {t("position.closeVerb", { share: formats.percent(share, 0) })}
        </Button>
      </Group>
    </Stack>
  );
}
