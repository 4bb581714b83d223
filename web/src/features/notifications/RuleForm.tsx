import { Autocomplete, Button, Group, Modal, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { RuleAnswer, RuleRequest } from "@/api/gen";
import {
  changeAlertRuleMutation,
  createAlertRuleMutation,
  listAlertRulesQueryKey,
} from "@/api/gen/@tanstack/react-query.gen";
import { CopyAs } from "@/components/CopyAs";
import { Refusal } from "@/components/Refusal";
import { typed } from "@/lib/typed";
import { FIGURES, SIGNS } from "./figures";

interface Given {
  name: string;
  kind: string;
  figure: string;
  sign: RuleRequest["sign"];
  limit: string;
  cooldown: string;
}

const FIRST: Given = { name: "", kind: "snapshot", figure: "portfolio.equity", sign: "<", limit: "", cooldown: "300" };

/** A form for a rule: a new one, or one that there is. */
export function RuleForm({ rule, onClose }: { rule: RuleAnswer | null; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [given, setGiven] = useState<Given>(rule ? givenOf(rule) : FIRST);
  const done = {
    meta: { isShownInPlace: true },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: listAlertRulesQueryKey() });
      onClose();
    },
  };
  const create = useMutation({ ...createAlertRuleMutation(), ...done });
  const change = useMutation({ ...changeAlertRuleMutation(), ...done });
  const body = wishOf(given, rule?.is_on ?? true);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!body) return;
    if (rule) change.mutate({ path: { rule_id: rule.id }, body });
    else create.mutate({ body });
  };
  const put = (change: Partial<Given>) => setGiven({ ...given, ...change });
  return (
    <Modal opened onClose={onClose} title={rule ? rule.name : t("notifications.rules.add")}>
      <form onSubmit={send}>
        <Stack>
          <TextInput
            label={t("notifications.rules.name")}
            description={t("notifications.rules.nameHelp")}
            required
            maxLength={120}
            data-autofocus
            value={given.name}
            onChange={(event) => put({ name: event.currentTarget.value })}
          />
          <Autocomplete
            label={t("notifications.rules.kind")}
            description={t("notifications.rules.kindHelp")}
            required
            data={Object.keys(FIGURES)}
            value={given.kind}
            onChange={(kind) => put({ kind, figure: FIGURES[kind]?.[0] ?? given.figure })}
          />
          <Autocomplete
            label={t("notifications.rules.figure")}
            description={t("notifications.rules.figureHelp")}
            required
            data={FIGURES[given.kind] ?? []}
            value={given.figure}
            onChange={(figure) => put({ figure })}
          />
          <Group grow align="flex-start">
            <NativeSelect
              label={t("notifications.rules.sign")}
              data={SIGNS.map((value) => ({ value, label: value }))}
              value={given.sign}
              onChange={(event) => put({ sign: event.currentTarget.value as Given["sign"] })}
            />
            <TextInput
              label={t("notifications.rules.limit")}
              required
              inputMode="decimal"
              value={given.limit}
              error={given.limit && typed(given.limit) === null ? t("notifications.rules.aNumber") : null}
              onChange={(event) => put({ limit: event.currentTarget.value })}
            />
          </Group>
          <TextInput
            label={t("notifications.rules.cooldownLabel")}
            description={t("notifications.rules.cooldownHelp")}
            inputMode="numeric"
            value={given.cooldown}
            onChange={(event) => put({ cooldown: event.currentTarget.value })}
          />
          {body && (
            <Text size="sm" c="dimmed">
              {t("notifications.rules.said", {
                kind: given.kind,
                figure: given.figure,
                sign: given.sign,
                limit: given.limit,
              })}
            </Text>
          )}
          <Refusal error={create.error ?? change.error} />
          <Group justify="flex-end" gap="xs">
            {body && (
              <CopyAs
                api={
                  rule
                    ? { method: "PUT", path: `/api/v1/notifications/rules/${rule.id}`, body }
                    : { method: "POST", path: "/api/v1/notifications/rules", body }
                }
              />
            )}
            <Button variant="default" onClick={onClose}>
              {t("common.cancel")}
            </Button>
            <Button type="submit" disabled={!body} loading={create.isPending || change.isPending}>
              {t("common.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function givenOf(rule: RuleAnswer): Given {
  const { name, kind, figure, sign } = rule;
  return { name, kind, figure, sign, limit: String(rule.limit), cooldown: String(rule.cooldown_s ?? 300) };
}

/** What is given as it is sent; null where something is missing. */
export function wishOf(given: Given, isOn: boolean): RuleRequest | null {
  const limit = typed(given.limit);
  const cooldown = typed(given.cooldown);
  if (limit === null || cooldown === null || !given.name.trim() || !given.kind || !given.figure) return null;
  const { kind, figure, sign } = given;
  return { name: given.name.trim(), kind, figure, sign, limit, cooldown_s: cooldown, is_on: isOn };
}
