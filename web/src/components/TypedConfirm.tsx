import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

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
  onConfirm: () => void;
}

/** Asks once more before what cannot easily be taken back. The way out has the focus. */
export function TypedConfirm({ isOpen, onClose, title, children, phrase, verb, isBusy, onConfirm }: TypedConfirmProps) {
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
    <Modal opened={isOpen} onClose={close} title={title} role="alertdialog" closeOnClickOutside={false}>
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
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              {t("common.cancel")}
            </Button>
            <Button type="submit" color="red" disabled={!isSure} loading={isBusy ?? false}>
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
