import { Button, Group, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SimulationView } from "@/api/gen";
import { readSimulationSettingsOptions, updateSimulationSettingsMutation } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
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
  const send = (event: FormEvent) => {
    event.preventDefault();
    const commission = typed(given.commission);
    const slippage = typed(given.slippage);
    const size = typed(given.size);
    const ttl = typed(given.ttl);
    const limit = (text: string) => (typed(text) ?? 0) / 100;
    const limits = { max_day_loss: limit(given.dayLoss), max_drawdown: limit(given.drawdown) };
    change.mutate({
      body: {
        strategy: given.strategy.trim(),
        instruments: given.instruments.split(/[\s,]+/).filter(Boolean),
        ...(given.timeframe ? { timeframe: given.timeframe.trim() } : {}),
        ...(given.balance ? { initial_balance: String(typed(given.balance)) } : {}),
        ...(commission === null ? {} : { commission: commission / 100 }),
        ...(slippage === null ? {} : { slippage_bps: slippage }),
        risk: { ...settings.risk, ...(size === null ? {} : { size: size / 100 }) },
        limits: { ...settings.limits, ...limits },
        ...(ttl === null ? {} : { confirm_ttl_s: ttl }),
      },
    });
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
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
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
          </Group>
        )}
      </Stack>
    </form>
  );
}
