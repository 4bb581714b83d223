import { Badge, Button, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { UserAnswer } from "@/api/gen";
import {
  changeUserMutation,
  createUserMutation,
  deleteUserMutation,
  listUsersOptions,
  listUsersQueryKey,
} from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Panel } from "@/components/Panel";
import { Password } from "@/components/Password";
import { Refusal } from "@/components/Refusal";
import { TypedConfirm } from "@/components/TypedConfirm";
import { type Role, useCaller } from "@/lib/caller";
import { useRoles } from "./useRoles";

/** Who may come in, and as what; for an administrator. */
export function UsersTab() {
  const { t } = useTranslation();
  const users = useQuery(listUsersOptions());
  return (
    <Stack>
      <Panel title={t("settings.tabs.users")}>
        <Asked query={users}>
          {(found) => (
            <ul className="rows">
              {found.items.map((user) => (
                <User key={user.name} user={user} />
              ))}
            </ul>
          )}
        </Asked>
      </Panel>
      <AddUser />
    </Stack>
  );
}

function useReadAnew() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: listUsersQueryKey() });
}

function User({ user }: { user: UserAnswer }) {
  const { t } = useTranslation();
  const own = useCaller();
  const roles = useRoles();
  const readAnew = useReadAnew();
  const [isAsking, setAsking] = useState(false);
  const change = useMutation({ ...changeUserMutation(), onSettled: readAnew });
  const remove = useMutation({ ...deleteUserMutation(), onSettled: readAnew });
  const path = { name: user.name };
  const isOwn = own.name === user.name;
  return (
    <li className="entry">
      <Group gap={8}>
        <Text fw={500} fz="sm">
          {user.name}
        </Text>
        {user.totp && <Badge variant="light">{t("settings.codes.title")}</Badge>}
        {user.disabled && (
          <Badge variant="light" color="orange">
            {t("settings.disabled")}
          </Badge>
        )}
      </Group>
      {isOwn ? (
        <Text fz="sm">{t(`app.account.role.${user.role}`)}</Text>
      ) : (
        <>
          <NativeSelect
            size="xs"
            w={160}
            aria-label={t("settings.roleOf", { name: user.name })}
            value={user.role}
            data={roles}
            onChange={(event) => change.mutate({ path, body: { role: event.currentTarget.value as Role } })}
          />
          <Group gap={4} wrap="nowrap">
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => change.mutate({ path, body: { disabled: !user.disabled } })}
            >
              {t(user.disabled ? "settings.enable" : "settings.disable")}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => setAsking(true)}>
              {t("common.delete")}
            </Button>
          </Group>
        </>
      )}
      <TypedConfirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t("settings.deleteUser", { name: user.name })}
        phrase={user.name}
        verb={t("common.delete")}
        onConfirm={() => remove.mutate({ path })}
      >
        {t("settings.deleteUserText")}
      </TypedConfirm>
    </li>
  );
}

const NOBODY = { name: "", password: "", role: "viewer" as Role };

function AddUser() {
  const { t } = useTranslation();
  const roles = useRoles();
  const readAnew = useReadAnew();
  const [given, setGiven] = useState(NOBODY);
  const add = useMutation({
    ...createUserMutation(),
    meta: { isShownInPlace: true },
    onSuccess: () => {
      setGiven(NOBODY);
      void readAnew();
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ body: given });
  };
  return (
    <Panel title={t("settings.addUser")}>
      <form onSubmit={send}>
        <Stack maw={400}>
          <TextInput
            label={t("session.name")}
            required
            autoComplete="off"
            value={given.name}
            onChange={(event) => setGiven({ ...given, name: event.currentTarget.value })}
          />
          <Password
            label={t("session.password")}
            required
            autoComplete="new-password"
            value={given.password}
            onChange={(event) => setGiven({ ...given, password: event.currentTarget.value })}
          />
          <NativeSelect
            label={t("settings.role")}
            value={given.role}
            data={roles}
            onChange={(event) => setGiven({ ...given, role: event.currentTarget.value as Role })}
          />
          <Refusal error={add.error} />
          <Group>
            <Button type="submit" loading={add.isPending}>
              {t("settings.addUser")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
