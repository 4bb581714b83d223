import { Badge, Button, Group, Table, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listKeysQueryKey, removeKeyMutation } from "@/api/gen/@tanstack/react-query.gen";
import { Empty } from "@/components/Empty";
import { Panel } from "@/components/Panel";
import { TypedConfirm } from "@/components/TypedConfirm";
import { Wide } from "@/components/Wide";

const MASKED = "••••••••••••";

/** Which keys are kept, by name; each can be taken out. */
export function KeptKeys({ kept, headers }: { kept: string[]; headers: Record<string, string> }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<string | null>(null);
  const remove = useMutation({
    ...removeKeyMutation(),
    onSuccess: () => queries.invalidateQueries({ queryKey: listKeysQueryKey() }),
    onSettled: () => setAsked(null),
  });
  return (
    <Panel title={t("settings.secrets.kept")}>
      {kept.length === 0 ? (
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
              {kept.map((name) => (
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
