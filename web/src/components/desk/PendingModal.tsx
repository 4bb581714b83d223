import { Alert, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
  confirmPendingMutation,
  listPendingQueryKey,
  rejectPendingMutation,
} from "@/api/gen/@tanstack/react-query.gen";
import { problemOf } from "@/api/problems";
import { AlertModal } from "@/components/AlertModal";
import { Refusal } from "@/components/Refusal";
import { Unheard } from "@/components/Unheard";
import { useArmed } from "@/components/useArmed";
import { useLink } from "@/lib/news";
import { useFormats } from "@/lib/useFormats";
import { PendingFacts, PriceMoved } from "./PendingFacts";
import { useLeft, useSpoken, type Waiting } from "./useLeft";

interface PendingModalProps {
  isOpen: boolean;
  /** Gone where it was confirmed, rejected or dropped in between. */
  order: Waiting | undefined;
  place: { index: number; count: number };
  onClose: () => void;
}

/** Everything about an order before it goes: what, how much, what can be lost, how long it waits. */
export function PendingModal({ isOpen, order, place, onClose }: PendingModalProps) {
  const { t } = useTranslation();
  const mode = order?.mode ?? "simulation";
  return (
    <AlertModal
      opened={isOpen}
      onClose={onClose}
      size="lg"
      title={order ? t("pending.confirmTitle", { index: place.index, count: place.count }) : t("pending.goneTitle")}
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
    </AlertModal>
  );
}

function Gone({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Stack mt="md">
      <Text role="status">{t("pending.gone")}</Text>
      <Group justify="flex-end">
        <Button onClick={onClose} data-autofocus>
          {t("common.close")}
        </Button>
      </Group>
    </Stack>
  );
}

function Order({ order, onClose }: { order: Waiting; onClose: () => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const queries = useQueryClient();
  const link = useLink();
  const left = useLeft(order);
  const spoken = useSpoken(left.seconds, order.whole_s);
  const isLive = order.mode === "live";
  const armedIn = useArmed(isLive);
  const options = {
    meta: { isShownInPlace: true },
    onSuccess: onClose,
    onSettled: () => queries.invalidateQueries({ queryKey: listPendingQueryKey() }),
  };
  const confirm = useMutation({ ...confirmPendingMutation(), ...options });
  const reject = useMutation({ ...rejectPendingMutation(), ...options });
  const path = { deployment: order.deployment, order: order.order };
  const [code, setCode] = useState("");
  const [phrase, setPhrase] = useState("");
  const needsCode = code !== "" || (confirm.error !== null && problemOf(confirm.error).code === "proof-needed");
  const send = () => confirm.mutate(code === "" ? { path } : { path, headers: { "x-totp": code } });
  const isHeard = link.state === "live";
  const isBusy = confirm.isPending || reject.isPending;
  const isSure = !isLive || phrase.trim() === order.deployment;
  return (
    <Stack mt="md">
      <PendingFacts order={order} left={left} />
      <PriceMoved order={order} />
      {order.quotes > 0 && (
        <Alert color="yellow" variant="light" icon={<RefreshCw size={18} aria-hidden />}>
          {t("pending.moved", { count: order.quotes })}
        </Alert>
      )}
      <Unheard>{t("pending.unheard")}</Unheard>
      {isLive && (
        <TextInput
          label={t("common.typeToConfirm", { phrase: order.deployment })}
          value={phrase}
          autoComplete="off"
          onChange={(event) => setPhrase(event.currentTarget.value)}
        />
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
      <Text className="unseen" role="status">
        {spoken !== null && t("pending.left", { time: formats.span(spoken) })}
      </Text>
      <Group justify="flex-end" className="deeds">
        <Button variant="subtle" color="gray" onClick={onClose} data-autofocus>
          {t("pending.later")}
        </Button>
        <Button variant="default" disabled={isBusy} loading={reject.isPending} onClick={() => reject.mutate({ path })}>
          {t("pending.reject")}
        </Button>
        <Button disabled={!isHeard || isBusy || !isSure || armedIn > 0} loading={confirm.isPending} onClick={send}>
          {armedIn > 0 ? t("pending.armed", { time: formats.span(armedIn) }) : t("pending.confirm")}
        </Button>
      </Group>
    </Stack>
  );
}
