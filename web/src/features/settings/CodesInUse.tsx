import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  disableTotpMutation,
  makeRecoveryCodesMutation,
  readAccountQueryKey,
} from "@/api/gen/@tanstack/react-query.gen";
import { Copied } from "@/components/Copied";
import { Password } from "@/components/Password";
import { Refusal } from "@/components/Refusal";

/** Where one-time codes are asked for: recovery codes for when the authenticator is lost, and the way back. */
export function CodesInUse() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [given, setGiven] = useState({ password: "", code: "" });
  const make = useMutation({
    ...makeRecoveryCodesMutation(),
    meta: { isShownInPlace: true },
    onSettled: () => setGiven((now) => ({ ...now, code: "" })), // a code counts once
  });
  const disable = useMutation({
    ...disableTotpMutation(),
    meta: { isShownInPlace: true },
    onMutate: () => make.reset(),
    onSuccess: () => queries.invalidateQueries({ queryKey: readAccountQueryKey() }),
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    disable.reset();
    make.mutate({ body: given });
  };
  const isGiven = given.password !== "" && given.code !== "";
  return (
    <form onSubmit={send}>
      <Stack maw={460}>
        <Text size="sm">{t("settings.codes.inUse")}</Text>
        <Password
          label={t("session.password")}
          autoComplete="current-password"
          required
          value={given.password}
          onChange={(event) => setGiven({ ...given, password: event.currentTarget.value })}
        />
        <TextInput
          label={t("session.code")}
          description={t("session.codeHint")}
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          value={given.code}
          onChange={(event) => setGiven({ ...given, code: event.currentTarget.value })}
        />
        <Refusal error={make.error ?? disable.error} />
        <Group>
          <Button type="submit" variant="light" loading={make.isPending}>
            {t("settings.codes.recovery")}
          </Button>
          <Button
            variant="default"
            disabled={!isGiven}
            loading={disable.isPending}
            onClick={() => disable.mutate({ body: given })}
          >
            {t("settings.codes.end")}
          </Button>
        </Group>
        {make.data && (
          <div role="status">
            <Text size="sm" fw={600} mb={4}>
              {t("settings.codes.once")}
            </Text>
            <Copied text={make.data.codes.join("\n")} />
          </div>
        )}
      </Stack>
    </form>
  );
}
