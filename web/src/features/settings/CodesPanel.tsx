import { Badge, Button, Code, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { EnrolAnswer } from "@/api/gen";
import {
  confirmTotpMutation,
  enrolTotpMutation,
  readAccountOptions,
  readAccountQueryKey,
} from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Panel } from "@/components/Panel";
import { Password } from "@/components/Password";
import { Refusal } from "@/components/Refusal";
import { CodesInUse } from "./CodesInUse";
import { QrCode } from "./QrCode";

/** One-time codes: asked for at the log-in, and before anything with money. */
export function CodesPanel() {
  const { t } = useTranslation();
  const account = useQuery(readAccountOptions());
  const state = account.data && (
    <Badge variant="light" color={account.data.totp ? "teal" : "gray"}>
      {t(account.data.totp ? "settings.codes.on" : "settings.codes.off")}
    </Badge>
  );
  return (
    <Panel title={t("settings.codes.title")} actions={state}>
      <Text size="sm" c="dimmed" mb="sm" maw={560}>
        {t("settings.codes.note")}
      </Text>
      <Asked query={account} height={60}>
        {(own) => (own.totp ? <CodesInUse /> : <Enrol />)}
      </Asked>
    </Panel>
  );
}

function Enrol() {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState<EnrolAnswer | null>(null);
  const enrol = useMutation({ ...enrolTotpMutation(), meta: { isShownInPlace: true }, onSuccess: setShown });
  if (shown) return <Confirm shown={shown} />;
  const send = (event: FormEvent) => {
    event.preventDefault();
    enrol.mutate({ body: { password } });
  };
  return (
    <form onSubmit={send}>
      <Stack maw={400}>
        <Password
          label={t("session.password")}
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Refusal error={enrol.error} />
        <Group>
          <Button type="submit" variant="light" loading={enrol.isPending}>
            {t("settings.codes.begin")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Confirm({ shown }: { shown: EnrolAnswer }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [code, setCode] = useState("");
  const confirm = useMutation({
    ...confirmTotpMutation(),
    meta: { isShownInPlace: true },
    onSuccess: () => queries.invalidateQueries({ queryKey: readAccountQueryKey() }),
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate({ body: { code } });
  };
  return (
    <Group align="flex-start" gap="lg">
      <QrCode text={shown.address} label={t("settings.codes.picture")} />
      <form onSubmit={send}>
        <Stack maw={360}>
          <Text size="sm">{t("settings.codes.scan")}</Text>
          <Code>{shown.secret}</Code>
          <TextInput
            label={t("session.code")}
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          <Refusal error={confirm.error} />
          <Group>
            <Button type="submit" loading={confirm.isPending}>
              {t("settings.codes.confirm")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Group>
  );
}
