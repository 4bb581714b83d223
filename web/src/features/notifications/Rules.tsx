import { ActionIcon, Badge, Button, Group, Switch, Table, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { RuleAnswer, RuleRequest } from "@/api/gen";
import {
  changeAlertRuleMutation,
  createAlertRuleMutation,
  deleteAlertRuleMutation,
  listAlertRulesOptions,
  listAlertRulesQueryKey,
} from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Empty } from "@/components/Empty";
import { Panel } from "@/components/Panel";
import { Wide } from "@/components/Wide";
import { useCaller } from "@/lib/caller";
import { useFormats } from "@/lib/useFormats";
import { RuleForm } from "./RuleForm";

/** Rules of one's own: when a figure of an event is so, every channel tells it. */
export function Rules() {
  const { t } = useTranslation();
  const { may } = useCaller();
  const query = useQuery(listAlertRulesOptions());
  const [edited, setEdited] = useState<RuleAnswer | "new" | null>(null);
  const add = may("trader") && (
    <Button size="compact-sm" leftSection={<Plus size={15} aria-hidden />} onClick={() => setEdited("new")}>
      {t("notifications.rules.add")}
    </Button>
  );
  return (
    <Panel title={t("notifications.rules.title")} actions={add}>
      <Text size="sm" c="dimmed" mb="sm" maw={720}>
        {t("notifications.rules.note")}
      </Text>
      <Asked
        query={query}
        isEmpty={(found) => found.length === 0}
        empty={<Empty text={t("notifications.rules.none")} />}
      >
        {(found) => <RuleTable rules={found} onEdit={setEdited} />}
      </Asked>
      {edited && <RuleForm rule={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
    </Panel>
  );
}

function RuleTable({ rules, onEdit }: { rules: RuleAnswer[]; onEdit: (rule: RuleAnswer) => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { may } = useCaller();
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries({ queryKey: listAlertRulesQueryKey() });
  const restore = useMutation({ ...createAlertRuleMutation(), onSettled });
  const change = useMutation({ ...changeAlertRuleMutation(), onSettled });
  const remove = useMutation({ ...deleteAlertRuleMutation(), onSettled });
  const drop = (rule: RuleAnswer) =>
    remove.mutate(
      { path: { rule_id: rule.id } },
      { onSuccess: () => offerUndo(rule, () => restore.mutate({ body: requestOf(rule) })) },
    );
  const offerUndo = (rule: RuleAnswer, onUndo: () => void) =>
    notifications.show({
      message: (
        <Group justify="space-between">
          {t("notifications.rules.deleted", { name: rule.name })}
          <Button size="compact-xs" variant="light" onClick={onUndo}>
            {t("common.undo")}
          </Button>
        </Group>
      ),
    });
  return (
    <Wide minWidth={640}>
      <Table fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("notifications.rules.name")}</Table.Th>
            <Table.Th>{t("notifications.rules.when")}</Table.Th>
            <Table.Th className="number">{t("notifications.rules.cooldown")}</Table.Th>
            <Table.Th>{t("notifications.rules.on")}</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rules.map((rule) => (
            <Table.Tr key={rule.id}>
              <Table.Td fw={500}>{rule.name}</Table.Td>
              <Table.Td>
                <Group gap={6}>
                  <Badge variant="light" color="gray" tt="none">
                    {rule.kind}
                  </Badge>
                  <span>
                    {rule.figure} <strong>{rule.sign}</strong> {formats.number(rule.limit, 8)}
                  </span>
                </Group>
              </Table.Td>
              <Table.Td className="number">{formats.span(rule.cooldown_s)}</Table.Td>
              <Table.Td>
                <Switch
                  checked={rule.is_on ?? true}
                  disabled={!may("trader")}
                  aria-label={`${t("notifications.rules.on")}: ${rule.name}`}
                  onChange={(event) =>
                    change.mutate({
                      path: { rule_id: rule.id },
                      body: { ...requestOf(rule), is_on: event.currentTarget.checked },
                    })
                  }
                />
              </Table.Td>
              <Table.Td className="number">
                {may("trader") && (
                  <Group gap={4} justify="flex-end" wrap="nowrap">
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={t("notifications.rules.edit", { name: rule.name })}
                      onClick={() => onEdit(rule)}
                    >
                      <Pencil size={16} />
                    </ActionIcon>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={t("notifications.rules.delete", { name: rule.name })}
                      onClick={() => drop(rule)}
                    >
                      <Trash2 size={16} />
                    </ActionIcon>
                  </Group>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}

/** A rule as it is sent: without its id. */
function requestOf({ id: _, ...rest }: RuleAnswer): RuleRequest {
  return rest;
}
