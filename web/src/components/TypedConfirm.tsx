import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { AlertModal } from "./AlertModal";
import { useArmed } from "./useArmed";

interface TypedConfirmProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  /** What will happen, with its objects and effects. */
  children: ReactNode;
  /** Must be typed; nothing where one press is enough. */
  phrase?: string;
  /** On the button: what it does. */
  verb: string;
  isBusy?: boolean;
  /** It cannot be pressed at once, so that nobody does so by habit: for what moves real money. */
  isArmed?: boolean;
  onConfirm: () => void;
}

/** Asks once more before what cannot easily be taken back. The way out has the focus. */
export function TypedConfirm({ isOpen, onClose, title, children, phrase, verb, ...rest }: TypedConfirmProps) {
  const { isBusy = false, isArmed = false, onConfirm } = rest;
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const isSure = !phrase || typed.trim() === phrase;
  const close = () => {
    setTyped("");
    onClose();
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!isSure) return;
    setTyped("");
    onConfirm();
  };
  return (
    <AlertModal opened={isOpen} onClose={close} title={title}>
      <form onSubmit={send}>
        <Stack>
          <Text size="sm" component="div">
            {children}
          </Text>
          {phrase && (
            <TextInput
              label={t("common.typeToConfirm", { phrase })}
              value={typed}
              autoComplete="off"
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          )}
          <Group justify="flex-end" className="deeds">
            <Button variant="default" onClick={close} data-autofocus>
              {t("common.cancel")}
            </Button>
            <Verb verb={verb} isSure={isSure} isBusy={isBusy} isArmed={isArmed} />
          </Group>
        </Stack>
      </form>
    </AlertModal>
  );
}

interface VerbProps {
  verb: string;
  isSure: boolean;
  isBusy: boolean;
  isArmed: boolean;
}

function Verb({ verb, isSure, isBusy, isArmed }: VerbProps) {
  const left = useArmed(isArmed);
  return (
    <Button type="submit" color="red" disabled={!isSure || left > 0} loading={isBusy}>
      {left > 0 ? `${verb} (${left})` : verb}
    </Button>
  );
}
