import { Button, Group, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SimulationSettings, SimulationView } from "@/api/gen";
import { readSimulationSettingsOptions, updateSimulationSettingsMutation } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { CopyAs } from "@/components/CopyAs";
import { Refusal } from "@/components/Refusal";
import { useCaller } from "@/lib/caller";
import { numberOf } from "@/lib/format";
import { typed } from "@/lib/typed";

/** What the simulation trades, and how. */
export function SettingsForm() {
  const query = useQuery(readSimulationSettingsOptions());
  return <Asked query={query}>{(settings) => <Fields key={JSON.stringify(settings)} settings={settings} />}</Asked>;
}

type Values = Record<string, boolean | number | string>;

/** A share of something as per cent; empty where nothing is said. */
const share = (values: unknown, name: string) => perCent(Number((values as Values | null)?.[name] ?? 0));

const perCent = (fraction: number | null | undefined) => (fraction ? String(Number((fraction * 100).toFixed(6))) : "");

function Fields({ settings }: { settings: SimulationView }) {
  const { t } = useTranslation();
  const { may } = useCaller();
  const queries = useQueryClient();
  const [given, setGiven] = useState({
    strategy: settings.strategy ?? "",
    instruments: (settings.instruments ?? []).join(", "),
    timeframe: settings.timeframe ?? "",
    balance: String(numberOf(settings.initial_balance) ?? ""),
    commission: perCent(settings.commission),
    slippage:
      settings.slippage_bps === null || settings.slippage_bps === undefined ? "" : String(settings.slippage_bps),
    size: share(settings.risk, "size"),
    dayLoss: share(settings.limits, "max_day_loss"),
    drawdown: share(settings.limits, "max_drawdown"),
    ttl: String(settings.confirm_ttl_s ?? ""),
  });
  const change = useMutation({
    ...updateSimulationSettingsMutation(),
    meta: { isShownInPlace: true },
    onSuccess: () => {
      notifications.show({ message: t("simulation.saved") });
      void queries.invalidateQueries();
    },
  });
  const body = bodyOf(given, settings);
  const send = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ body });
  };
  const field = (name: keyof typeof given, label: string, isNumber = false, hint = "") => (
    <TextInput
      label={label}
      description={hint}
      value={given[name]}
      inputMode={isNumber ? "decimal" : "text"}
      disabled={!may("trader")}
      onChange={(event) => setGiven({ ...given, [name]: event.currentTarget.value })}
    />
  );
  return (
    <form onSubmit={send}>
      <Stack maw={760}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm" style={{ alignItems: "end" }}>
          {field("strategy", t("simulation.strategy"))}
          {field("instruments", t("simulation.instruments"))}
          {field("timeframe", t("simulation.timeframe"))}
          {field("balance", t("simulation.balance"), true)}
          {field("commission", t("simulation.commission"), true)}
          {field("slippage", t("simulation.slippage"), true)}
          {field("size", t("simulation.size"), true, t("simulation.sizeHint"))}
          {field("dayLoss", t("simulation.dayLoss"), true, t("simulation.noLimit"))}
          {field("drawdown", t("simulation.drawdown"), true, t("simulation.noLimit"))}
          {field("ttl", t("simulation.ttl"), true)}
        </SimpleGrid>
        <Text size="xs" c="dimmed">
          {t("simulation.anew")}
        </Text>
        <Refusal error={change.error} />
        {may("trader") && (
          <Group>
            <Button type="submit" loading={change.isPending}>
              {t("common.save")}
            </Button>
            <CopyAs api={{ method: "PUT", path: "/api/v1/simulation/settings", body }} />
          </Group>
        )}
      </Stack>
    </form>
  );
}

interface Given {
  strategy: string;
  instruments: string;
  timeframe: string;
  balance: string;
  commission: string;
  slippage: string;
  size: string;
  dayLoss: string;
  drawdown: string;
  ttl: string;
}

/** What is given as it is sent; limits and risk that are not in the form stay as they are. */
function bodyOf(given: Given, settings: SimulationSettings): SimulationSettings {
  const [commission, slippage, size, ttl] = [given.commission, given.slippage, given.size, given.ttl].map(typed);
  const limit = (text: string) => (typed(text) ?? 0) / 100;
  const isGiven = (value: number | null | undefined) => value !== null && value !== undefined;
  return {
    strategy: given.strategy.trim(),
    instruments: given.instruments.split(/[\s,]+/).filter(Boolean),
    ...(given.timeframe ? { timeframe: given.timeframe.trim() } : {}),
    ...(given.balance ? { initial_balance: String(typed(given.balance)) } : {}),
    ...(isGiven(commission) ? { commission: Number(commission) / 100 } : {}),
    ...(isGiven(slippage) ? { slippage_bps: Number(slippage) } : {}),
    risk: { ...settings.risk, ...(isGiven(size) ? { size: Number(size) / 100 } : {}) },
    limits: { ...settings.limits, max_day_loss: limit(given.dayLoss), max_drawdown: limit(given.drawdown) },
    ...(isGiven(ttl) ? { confirm_ttl_s: Number(ttl) } : {}),
  };
}
