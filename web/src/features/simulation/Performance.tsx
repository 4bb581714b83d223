import { Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { readSimulationPerformanceOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Empty } from "@/components/Empty";
import { Figure } from "@/components/Figure";
import type { Formats } from "@/lib/format";
import { useFormats } from "@/lib/useFormats";

type Writer = (formats: Formats, value: number | null | undefined) => string;

const SHOWN: [string, Writer][] = [
  ["total_return", (formats, value) => formats.change(value)],
  ["max_drawdown", (formats, value) => formats.percent(value)],
  ["sharpe", (formats, value) => formats.number(value)],
  ["sortino", (formats, value) => formats.number(value)],
  ["profit_factor", (formats, value) => formats.number(value)],
  ["win_rate", (formats, value) => formats.percent(value, 1)],
  ["trades", (formats, value) => formats.number(value, 0)],
  ["expectancy", (formats, value) => formats.signed(value)],
  ["exposure", (formats, value) => formats.percent(value, 1)],
  ["fees", (formats, value) => formats.money(value)],
];

/** Figures so far, by the names of a backtest's. */
export function Performance() {
  const { t } = useTranslation();
  const formats = useFormats();
  const query = useQuery({ ...readSimulationPerformanceOptions(), refetchInterval: 30_000 });
  return (
    <Asked
      query={query}
      isEmpty={(found) => found.items.every((one) => Object.keys(one.figures).length === 0)}
      empty={<Empty text={t("simulation.noFigures")} />}
    >
      {(found) => (
        <Stack gap="lg">
          {found.items.map((one) => (
            <section key={one.deployment} aria-label={one.deployment}>
              <Title order={3} mb="xs">
                {one.deployment}
              </Title>
              <div className="figures">
                {SHOWN.filter(([name]) => name in one.figures).map(([name, write]) => (
                  <Figure key={name} label={t(`figures.name.${name}`)}>
                    {write(formats, one.figures[name])}
                  </Figure>
                ))}
              </div>
            </section>
          ))}
        </Stack>
      )}
    </Asked>
  );
}
