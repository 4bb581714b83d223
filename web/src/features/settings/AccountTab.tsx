import { Badge, Button, Group, Stack, Table, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  changeOwnPasswordMutation,
  endOtherSessionsMutation,
  endOwnSessionMutation,
  listOwnSessionsOptions,
  listOwnSessionsQueryKey,
  readSessionQueryKey,
} from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Panel } from "@/components/Panel";
import { Password } from "@/components/Password";
import { Refusal } from "@/components/Refusal";
import { Wide } from "@/components/Wide";
import { useFormats } from "@/lib/useFormats";
import { CodesPanel } from "./CodesPanel";

/** Password, one-time codes, where one is logged in. */
export function AccountTab() {
  return (
    <Stack>
      <PasswordPanel />
      <CodesPanel />
      <SessionsPanel />
    </Stack>
  );
}

function PasswordPanel() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [given, setGiven] = useState({ present: "", password: "" });
  const change = useMutation({
    ...changeOwnPasswordMutation(),
    meta: { isShownInPlace: true },
    onSuccess: (session) => {
      queries.setQueryData(readSessionQueryKey(), session);
      setGiven({ present: "", password: "" });
      notifications.show({ message: t("settings.passwordChanged") });
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ body: given });
  };
  return (
    <Panel title={t("settings.password")}>
      <form onSubmit={send}>
        <Stack maw={400}>
          <Password
            label={t("settings.present")}
            autoComplete="current-password"
            required
            value={given.present}
            onChange={(event) => setGiven({ ...given, present: event.currentTarget.value })}
          />
          <Password
            label={t("session.newPassword")}
            autoComplete="new-password"
            required
            value={given.password}
            onChange={(event) => setGiven({ ...given, password: event.currentTarget.value })}
          />
          <Refusal error={change.error} />
          <Group>
            <Button type="submit" loading={change.isPending}>
              {t("settings.changePassword")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}

function SessionsPanel() {
  const { t } = useTranslation();
  const formats = useFormats();
  const queries = useQueryClient();
  const query = useQuery(listOwnSessionsOptions());
  const readAnew = () => queries.invalidateQueries({ queryKey: listOwnSessionsQueryKey() });
  const end = useMutation({ ...endOwnSessionMutation(), onSettled: readAnew });
  const endOthers = useMutation({ ...endOtherSessionsMutation(), onSettled: readAnew });
  const others = (
    <Button size="compact-sm" variant="default" onClick={() => endOthers.mutate({})}>
      {t("settings.endOthers")}
    </Button>
  );
  return (
    <Panel title={t("settings.sessions")} actions={(query.data?.items.length ?? 0) > 1 && others}>
      <Asked query={query}>
        {(found) => (
          <Wide minWidth={560}>
            <Table fz="sm">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("settings.device")}</Table.Th>
                  <Table.Th>{t("settings.address")}</Table.Th>
                  <Table.Th>{t("settings.seen")}</Table.Th>
                  <Table.Th />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {found.items.map((one) => (
                  <Table.Tr key={one.id}>
                    <Table.Td>
                      <Text size="sm" lineClamp={1} maw={360}>
                        {one.agent}
                      </Text>
                    </Table.Td>
                    <Table.Td>{one.address}</Table.Td>
                    <Table.Td>{formats.time(one.seen)}</Table.Td>
                    <Table.Td className="number">
                      {one.is_this ? (
                        <Badge variant="light">{t("settings.here")}</Badge>
                      ) : (
                        <Button
                          size="compact-xs"
                          variant="default"
                          onClick={() => end.mutate({ path: { id: one.id } })}
                        >
                          {t("settings.end")}
                        </Button>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Wide>
        )}
      </Asked>
    </Panel>
  );
}
