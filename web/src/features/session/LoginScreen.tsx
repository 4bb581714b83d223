import { Button, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { logInMutation, readSessionQueryKey } from "@/api/gen/@tanstack/react-query.gen";
import { problemOf } from "@/api/problems";
import { Password } from "@/components/Password";
import { Refusal } from "@/components/Refusal";
import { Frame } from "./Frame";

/** Name and password; the one-time code only where it is asked for. */
export function LoginScreen() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [given, setGiven] = useState({ name: "", password: "", code: "" });
  const logIn = useMutation({
    ...logInMutation(),
    meta: { isShownInPlace: true },
    onSuccess: (session) => queries.setQueryData(readSessionQueryKey(), session),
  });
  const needsCode = given.code !== "" || (logIn.error !== null && problemOf(logIn.error).code === "proof-needed");
  const send = (event: FormEvent) => {
    event.preventDefault();
    logIn.mutate({ body: given });
  };
  return (
    <Frame title={t("session.logIn")}>
      <form onSubmit={send}>
        <Stack>
          <TextInput
            label={t("session.name")}
            autoComplete="username"
            required
            autoFocus
            value={given.name}
            onChange={(event) => setGiven({ ...given, name: event.currentTarget.value })}
          />
          <Password
            label={t("session.password")}
            autoComplete="current-password"
            required
            value={given.password}
            onChange={(event) => setGiven({ ...given, password: event.currentTarget.value })}
          />
          {needsCode && (
            <TextInput
              label={t("session.code")}
              description={t("session.codeHint")}
              autoComplete="one-time-code"
              inputMode="numeric"
              value={given.code}
              onChange={(event) => setGiven({ ...given, code: event.currentTarget.value })}
            />
          )}
          <Refusal error={logIn.error} />
          <Button type="submit" loading={logIn.isPending}>
            {t("session.logIn")}
          </Button>
        </Stack>
      </form>
    </Frame>
  );
}
