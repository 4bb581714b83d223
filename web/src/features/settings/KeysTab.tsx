import { Alert, Badge, Button, Group, PasswordInput, Stack, Table, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound, Lock } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { KeysAnswer } from "@/api/gen";
import { listKeysOptions, listKeysQueryKey, removeKeyMutation } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Empty } from "@/components/Empty";
import { Panel } from "@/components/Panel";
import { TypedConfirm } from "@/components/TypedConfirm";
import { Wide } from "@/components/Wide";
import { NewKey } from "./NewKey";

const MASKED = "••••••••••••";

/** Keys of exchanges and bots in the encrypted store: which there are, never what they are. */
export function KeysTab() {
  const { t } = useTranslation();
  const [passphrase, setPassphrase] = useState("");
  const headers: Record<string, string> = passphrase ? { "X-Passphrase": passphrase } : {};
  const query = useQuery({ ...listKeysOptions({ headers }), gcTime: 0 });
  const isLocked = query.data ? query.data.is_there && !query.data.opens_by_itself && !passphrase : false;
  return (
    <Stack gap="md">
      <Alert color="gray" icon={<KeyRound size={18} aria-hidden />}>
        {t("settings.secrets.note")}
      </Alert>
      {query.data && !query.data.opens_by_itself && (
        <Unlock isThere={query.data.is_there} isOpen={passphrase !== ""} onGive={setPassphrase} />
      )}
      <Asked query={query}>
        {(found) => (
          <>
            {!isLocked && <Kept found={found} headers={headers} />}
            {(found.opens_by_itself || passphrase) && <NewKey known={found.known} headers={headers} />}
          </>
        )}
      </Asked>
    </Stack>
  );
}

interface UnlockProps {
  isThere: boolean;
  isOpen: boolean;
  onGive: (passphrase: string) => void;
}

function Unlock({ isThere, isOpen, onGive }: UnlockProps) {
  const { t } = useTranslation();
  const [given, setGiven] = useState("");
  const send = (event: FormEvent) => {
    event.preventDefault();
    onGive(given);
    setGiven("");
  };
  if (isOpen)
    return (
      <Group>
        <Button variant="default" leftSection={<Lock size={15} aria-hidden />} onClick={() => onGive("")}>
          {t("settings.secrets.lock")}
        </Button>
      </Group>
    );
  return (
    <Panel title={t(isThere ? "settings.secrets.unlock" : "settings.secrets.begin")}>
      <form onSubmit={send}>
        <Stack maw={420}>
          <PasswordInput
            label={t("settings.secrets.passphrase")}
            description={t(isThere ? "settings.secrets.unlockHelp" : "settings.secrets.beginHelp")}
            autoComplete="off"
            required
            value={given}
            onChange={(event) => setGiven(event.currentTarget.value)}
          />
          <Group>
            <Button type="submit">{t("settings.secrets.open")}</Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}

function Kept({ found, headers }: { found: KeysAnswer; headers: Record<string, string> }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<string | null>(null);
  const remove = useMutation({
    ...removeKeyMutation(),
    onSuccess: () => queries.invalidateQueries({ queryKey: listKeysQueryKey({ headers }) }),
    onSettled: () => setAsked(null),
  });
  return (
    <Panel title={t("settings.secrets.kept")}>
      {found.kept.length === 0 ? (
        <Empty text={t("settings.secrets.none")} />
      ) : (
        <Wide minWidth={420}>
          <Table fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("settings.secrets.name")}</Table.Th>
                <Table.Th>{t("settings.secrets.value")}</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {found.kept.map((name) => (
                <Table.Tr key={name}>
                  <Table.Td ff="monospace">{name}</Table.Td>
                  <Table.Td>
                    <Group gap={8}>
                      <Text span c="dimmed" aria-hidden>
                        {MASKED}
                      </Text>
                      <Badge variant="light" color="teal">
                        {t("settings.secrets.encrypted")}
                      </Badge>
                    </Group>
                  </Table.Td>
                  <Table.Td className="number">
                    <Button size="compact-xs" variant="default" onClick={() => setAsked(name)}>
                      {t("settings.secrets.remove")}
                      <span className="unseen">{name}</span>
                    </Button>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Wide>
      )}
      <TypedConfirm
        isOpen={asked !== null}
        onClose={() => setAsked(null)}
        title={t("settings.secrets.askTitle", { name: asked })}
        verb={t("settings.secrets.remove")}
        isBusy={remove.isPending}
        onConfirm={() => asked && remove.mutate({ path: { name: asked }, headers })}
      >
        {t("settings.secrets.askText")}
      </TypedConfirm>
    </Panel>
  );
}
