import { Group, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Excursions, SpreadOut } from "@/api/gen";
import { readBacktestDistributionOptions, readBacktestExcursionsOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Histogram } from "@/charts/Histogram";
import { Scatter } from "@/charts/Scatter";
import { Asked } from "@/components/Asked";
import { Empty } from "@/components/Empty";
import { useFormats } from "@/lib/useFormats";

const route = getRouteApi("/backtest/$id");
const MEASURES = ["pnl", "r_multiple", "return_fraction", "bars_held"] as const;
const SIDES = ["mae", "mfe"] as const;
type Measure = (typeof MEASURES)[number];
type Excursion = (typeof SIDES)[number];

/** How trades came out: how often how much, and how far they went against and for one on the way. */
export function DistributionTab({ id }: { id: string }) {
  return (
    <Stack gap="xl">
      <Spread id={id} />
      <Ways id={id} />
    </Stack>
  );
}

function Spread({ id }: { id: string }) {
  const { t } = useTranslation();
  const [of, setOf] = useState<Measure>("pnl");
  const query = useQuery(readBacktestDistributionOptions({ path: { backtest_id: id }, query: { of, bins: 30 } }));
  return (
    <section>
      <Group justify="space-between" mb="xs">
        <Title order={3}>{t("distribution.title")}</Title>
        <SegmentedControl
          size="xs"
          aria-label={t("distribution.title")}
          value={of}
          onChange={(value) => setOf(value as Measure)}
          data={MEASURES.map((value) => ({ value, label: t(`distribution.of.${value}`) }))}
        />
      </Group>
      <Asked
        query={query}
        height={280}
        isEmpty={(found) => found.counts.length === 0}
        empty={<Empty text={t("distribution.none")} />}
      >
        {(found) => <Bars found={found} of={of} />}
      </Asked>
    </section>
  );
}

function Bars({ found, of }: { found: SpreadOut; of: Measure }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const write = (value: number) => (of === "return_fraction" ? formats.percent(value, 1) : formats.number(value, 2));
  const mean = { value: found.mean ?? 0, label: t("distribution.mean", { value: write(found.mean ?? 0) }) };
  const median = { value: found.median ?? 0, label: t("distribution.median", { value: write(found.median ?? 0) }) };
  const count = found.counts.reduce((sum, one) => sum + one, 0);
  const deviation = found.deviation === null ? null : t("distribution.deviation", { value: write(found.deviation) });
  const words = [t("distribution.trades", { count }), mean.label, median.label, deviation].filter(Boolean).join(" · ");
  return (
    <>
      <Histogram
        edges={found.edges}
        counts={found.counts}
        mean={mean}
        median={median}
        x={{ label: t(`distribution.of.${of}`), write }}
        y={{ label: t("figures.name.trades"), write: (value) => formats.number(value, 0), isCount: true }}
        summary={words}
      />
      <Text size="xs" c="dimmed">
        {words}
      </Text>
    </>
  );
}

function Ways({ id }: { id: string }) {
  const { t } = useTranslation();
  const [side, setSide] = useState<Excursion>("mae");
  const query = useQuery(readBacktestExcursionsOptions({ path: { backtest_id: id } }));
  return (
    <section>
      <Group justify="space-between" mb="xs">
        <Title order={3}>{t("distribution.ways")}</Title>
        <SegmentedControl
          size="xs"
          aria-label={t("distribution.ways")}
          value={side}
          onChange={(value) => setSide(value as Excursion)}
          data={SIDES.map((value) => ({ value, label: t(`distribution.${value}`) }))}
        />
      </Group>
      <Asked
        query={query}
        height={320}
        isEmpty={(found) => found.id.length === 0}
        empty={<Empty text={t("distribution.none")} />}
      >
        {(found) => <Dots found={found} side={side} />}
      </Asked>
      <Text size="xs" c="dimmed">
        {t(`distribution.${side}Help`)}
      </Text>
    </section>
  );
}

function Dots({ found, side }: { found: Excursions; side: Excursion }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const navigate = route.useNavigate();
  const write = (value: number) => formats.number(value, 1);
  const dots = found.id.map((id, index) => ({
    id,
    x: Math.abs(found[side][index] ?? 0),
    y: found.pnl[index] ?? 0,
  }));
  return (
    <Scatter
      dots={dots}
      x={{ label: t(`distribution.${side}Axis`), write }}
      y={{ label: t("backtest.trade.pnl"), write }}
      hasDiagonal={side === "mfe"}
      summary={t("distribution.summary", { count: dots.length })}
      onChoose={(id) => navigate({ search: { tab: "trades", trade: String(id) } })}
    />
  );
}
