import { Button, Code, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { readSessionQueryKey, setUpMutation } from "@/api/gen/@tanstack/react-query.gen";
import { Password } from "@/components/Password";
import { Refusal } from "@/components/Refusal";
import { Frame } from "./Frame";

const SHORTEST = 12;

/** The token of the link that the server printed: after `#`, so that it is in no log of any server. */
export const tokenIn = (hash: string): string => new URLSearchParams(hash.replace(/^#/, "")).get("token") ?? "";

/** The first administrator, made with the link that the server printed. */
export function SetupScreen() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [token] = useState(() => tokenIn(window.location.hash));
  const [given, setGiven] = useState({ name: "admin", password: "" });
  const setUp = useMutation({
    ...setUpMutation(),
    meta: { isShownInPlace: true },
    onSuccess: (session) => {
      window.history.replaceState(null, "", "/");
      queries.setQueryData(readSessionQueryKey(), session);
    },
  });
  if (!token) return <WithoutLink />;
  const send = (event: FormEvent) => {
    event.preventDefault();
    setUp.mutate({ body: { ...given, token } });
  };
  return (
    <Frame title={t("session.welcome")} note={t("session.setupNote")}>
      <form onSubmit={send}>
        <Stack>
          <TextInput
            label={t("session.name")}
            autoComplete="username"
            required
            value={given.name}
            onChange={(event) => setGiven({ ...given, name: event.currentTarget.value })}
          />
          <Password
            label={t("session.newPassword")}
            description={t("session.passwordHint", { count: SHORTEST })}
            autoComplete="new-password"
            required
            minLength={SHORTEST}
            autoFocus
            value={given.password}
            onChange={(event) => setGiven({ ...given, password: event.currentTarget.value })}
          />
          <Refusal error={setUp.error} />
          <Button type="submit" loading={setUp.isPending}>
            {t("session.begin")}
          </Button>
        </Stack>
      </form>
    </Frame>
  );
}

function WithoutLink() {
  const { t } = useTranslation();
  return (
    <Frame title={t("session.welcome")}>
      <Stack gap="sm">
        <Text>{t("session.openLink")}</Text>
        <Code block>tradewright serve</Code>
        <Text size="sm" c="dimmed">
          {t("session.linkHint")}
        </Text>
      </Stack>
    </Frame>
  );
}
