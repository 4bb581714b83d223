import { Alert, Button, Group, Modal, Stack, Table, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CloudOff, RefreshCw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PendingView } from "@/api/gen";
import {
  confirmPendingMutation,
  listPendingQueryKey,
  rejectPendingMutation,
} from "@/api/gen/@tanstack/react-query.gen";
import { problemOf } from "@/api/problems";
import { Refusal } from "@/components/Refusal";
import { numberOf } from "@/lib/format";
import { useLink } from "@/lib/news";
import { useFormats } from "@/lib/useFormats";
import { useLeft } from "./Pending";
import { Side } from "./Positions";

interface PendingModalProps {
  isOpen: boolean;
  /** Gone where it was confirmed, rejected or dropped in between. */
  order: PendingView | undefined;
  mode: "simulation" | "live";
  place: { index: number; count: number };
  onClose: () => void;
}

/** Everything about an order before it goes: what, how much, what can be lost, how long it waits. */
export function PendingModal({ isOpen, order, mode, place, onClose }: PendingModalProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      role="alertdialog"
      closeOnClickOutside={false}
      size="lg"
      title={t("pending.confirmTitle", { index: place.index, count: place.count })}
    >
      <div className="ribbon" data-mode={mode}>
        <strong>{t(`app.mode.${mode}`)}</strong>
        <span>{t(`app.mode.${mode}Hint`)}</span>
      </div>
      {order ? (
        <Order key={`${order.deployment}/${order.order}`} order={order} onClose={onClose} />
      ) : (
        <Gone onClose={onClose} />
      )}
    </Modal>
  );
}

function Gone({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Stack mt="md">
      <Text>{t("pending.gone")}</Text>
      <Group justify="flex-end">
        <Button onClick={onClose} data-autofocus>
          {t("common.close")}
        </Button>
      </Group>
    </Stack>
  );
}

function Order({ order, onClose }: { order: PendingView; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const link = useLink();
  const left = useLeft(order);
  const options = {
    meta: { isShownInPlace: true },
    onSuccess: onClose,
    onSettled: () => queries.invalidateQueries({ queryKey: listPendingQueryKey() }),
  };
  const confirm = useMutation({ ...confirmPendingMutation(), ...options });
  const reject = useMutation({ ...rejectPendingMutation(), ...options });
  const path = { deployment: order.deployment, order: order.order };
  const [code, setCode] = useState("");
  const needsCode = code !== "" || (confirm.error !== null && problemOf(confirm.error).code === "proof-needed");
  const send = () => confirm.mutate(code === "" ? { path } : { path, headers: { "x-totp": code } });
  const isHeard = link.state === "live";
  const isBusy = confirm.isPending || reject.isPending;
  return (
    <Stack mt="md">
      <Facts order={order} left={left.seconds} />
      {order.quotes > 0 && (
        <Alert color="yellow" variant="light" icon={<RefreshCw size={18} aria-hidden />}>
          {t("pending.moved", { count: order.quotes })}
        </Alert>
      )}
      {!isHeard && (
        <Alert color="orange" variant="light" icon={<CloudOff size={18} aria-hidden />}>
          {t("pending.unheard")}
        </Alert>
      )}
      {needsCode && (
        <TextInput
          label={t("session.code")}
          description={t("session.codeHint")}
          autoComplete="one-time-code"
          inputMode="numeric"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
      )}
      <Refusal error={confirm.error ?? reject.error} />
      <Group justify="flex-end">
        <Button variant="subtle" color="gray" onClick={onClose} data-autofocus>
          {t("pending.later")}
        </Button>
        <Button variant="default" disabled={isBusy} loading={reject.isPending} onClick={() => reject.mutate({ path })}>
          {t("pending.reject")}
        </Button>
        <Button disabled={!isHeard || isBusy || left.seconds <= 0} loading={confirm.isPending} onClick={send}>
          {t("pending.confirm")}
        </Button>
      </Group>
    </Stack>
  );
}

function Facts({ order, left }: { order: PendingView; left: number }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const worth = (numberOf(order.quantity) ?? 0) * (numberOf(order.price) ?? 0);
  const rows: [string, React.ReactNode][] = [
    [t("desk.pair"), order.instrument],
    [t("desk.side"), <Side key="side" side={order.side} />],
    [t("pending.type"), order.type],
    [t("desk.quantity"), formats.number(order.quantity, 8)],
    [t("desk.price"), formats.price(order.price)],
    [t("pending.worth"), formats.money(worth)],
    ["SL / TP", `${formats.price(order.stop_loss)} / ${formats.price(order.take_profit)}`],
    [t("pending.atRisk"), order.at_risk ? formats.money(order.at_risk) : t("pending.noStop")],
    [t("pending.leftTitle"), formats.span(left)],
  ];
  return (
    <Table fz="sm" variant="vertical" layout="fixed">
      <Table.Tbody>
        {rows.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th w="45%">{name}</Table.Th>
            <Table.Td fw={500}>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
