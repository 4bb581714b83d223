import { Button, Group, NativeSelect, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { listKeysQueryKey, setKeyMutation } from "@/api/gen/@tanstack/react-query.gen";
import { Panel } from "@/components/Panel";
import { Password } from "@/components/Password";
import { Refusal } from "@/components/Refusal";

/** Takes a key into the store; it goes one way. */
export function NewKey({ known, headers }: { known: string[]; headers: Record<string, string> }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [given, setGiven] = useState({ name: known[0] ?? "", secret: "" });
  const put = useMutation({
    ...setKeyMutation(),
    meta: { isShownInPlace: true },
    onSuccess: async (made) => {
      setGiven({ ...given, secret: "" });
      notifications.show({ message: t("settings.secrets.done", { name: made.name }) });
      await queries.invalidateQueries({ queryKey: listKeysQueryKey() });
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    put.mutate({ path: { name: given.name }, body: { secret: given.secret }, headers });
  };
  return (
    <Panel title={t("settings.secrets.add")}>
      <form onSubmit={send} autoComplete="off">
        <Stack maw={420}>
          <NativeSelect
            label={t("settings.secrets.name")}
            data={known}
            value={given.name}
            onChange={(event) => setGiven({ ...given, name: event.currentTarget.value })}
          />
          <Password
            label={t("settings.secrets.value")}
            description={t("settings.secrets.valueHelp")}
            autoComplete="off"
            required
            value={given.secret}
            onChange={(event) => setGiven({ ...given, secret: event.currentTarget.value })}
          />
          <Refusal error={put.error} />
          <Group>
            <Button type="submit" loading={put.isPending}>
              {t("settings.secrets.keep")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
