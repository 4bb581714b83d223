import { Badge, Button, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TokenAnswer } from "@/api/gen";
import {
  createTokenMutation,
  listTokensOptions,
  listTokensQueryKey,
  revokeTokenMutation,
} from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Copied } from "@/components/Copied";
import { Empty } from "@/components/Empty";
import { Panel } from "@/components/Panel";
import { Refusal } from "@/components/Refusal";
import { type Role, useCaller } from "@/lib/caller";
import { useFormats } from "@/lib/useFormats";
import { useRoles } from "./useRoles";

/** What lets programs in, in one's own name. */
export function TokensTab() {
  return (
    <Stack>
      <NewToken />
      <Tokens />
    </Stack>
  );
}

function NewToken() {
  const { t } = useTranslation();
  const { may } = useCaller();
  const roles = useRoles().filter(({ value }) => may(value));
  const queries = useQueryClient();
  const [given, setGiven] = useState({ label: "", scope: "viewer" as Role, days: "90" });
  const make = useMutation({
    ...createTokenMutation(),
    meta: { isShownInPlace: true },
    onSuccess: () => queries.invalidateQueries({ queryKey: listTokensQueryKey() }),
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    make.mutate({ body: { ...given, days: given.days ? Number(given.days) : null } });
  };
  return (
    <Panel title={t("settings.tokens.new")}>
      <Text size="sm" c="dimmed" mb="sm">
        {t("settings.tokens.note")}
      </Text>
      <form onSubmit={send}>
        <Stack>
          <Group align="flex-end">
            <TextInput
              label={t("settings.tokens.label")}
              required
              value={given.label}
              onChange={(event) => setGiven({ ...given, label: event.currentTarget.value })}
            />
            <NativeSelect
              label={t("settings.role")}
              value={given.scope}
              data={roles}
              onChange={(event) => setGiven({ ...given, scope: event.currentTarget.value as Role })}
            />
            <NativeSelect
              label={t("settings.tokens.ends")}
              value={given.days}
              data={[
                ...[30, 90, 365].map((count) => ({
                  value: String(count),
                  label: t("settings.tokens.days", { count }),
                })),
                { value: "", label: t("settings.tokens.never") },
              ]}
              onChange={(event) => setGiven({ ...given, days: event.currentTarget.value })}
            />
            <Button type="submit" loading={make.isPending}>
              {t("settings.tokens.make")}
            </Button>
          </Group>
          <Refusal error={make.error} />
          {make.data && (
            <div role="status">
              <Text size="sm" fw={600} mb={4}>
                {t("settings.tokens.once")}
              </Text>
              <Copied text={make.data.token} />
            </div>
          )}
        </Stack>
      </form>
    </Panel>
  );
}

function Tokens() {
  const { t } = useTranslation();
  const formats = useFormats();
  const queries = useQueryClient();
  const query = useQuery(listTokensOptions());
  const revoke = useMutation({
    ...revokeTokenMutation(),
    onSettled: () => queries.invalidateQueries({ queryKey: listTokensQueryKey() }),
  });
  const endOf = (one: TokenAnswer) =>
    one.expires ? t("settings.tokens.until", { day: formats.day(one.expires) }) : t("settings.tokens.endless");
  const usedOf = (one: TokenAnswer) =>
    one.used ? t("settings.tokens.lastUsed", { time: formats.time(one.used) }) : t("settings.tokens.unused");
  return (
    <Panel title={t("settings.tabs.tokens")}>
      <Asked
        query={query}
        isEmpty={(found) => found.items.length === 0}
        empty={<Empty text={t("settings.tokens.none")} />}
      >
        {(found) => (
          <ul className="rows">
            {found.items.map((one) => (
              <li key={one.id} className="entry">
                <div>
                  <Text fz="sm" fw={500}>
                    {one.label}
                  </Text>
                  <Text fz="xs" c="dimmed">
                    {[t(`app.account.role.${one.scope}`), endOf(one), usedOf(one)].join(" · ")}
                  </Text>
                </div>
                {one.revoked ? (
                  <Badge variant="light" color="gray">
                    {t("settings.tokens.revoked")}
                  </Badge>
                ) : (
                  <Button size="compact-xs" variant="default" onClick={() => revoke.mutate({ path: { id: one.id } })}>
                    {t("settings.tokens.revoke")}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Asked>
    </Panel>
  );
}
