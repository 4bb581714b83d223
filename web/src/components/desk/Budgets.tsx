import { Group, Progress, SimpleGrid, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { BudgetView } from "@/api/gen";
import type { Formats } from "@/lib/format";
import { useFormats } from "@/lib/useFormats";
import { useWord } from "@/lib/useWord";

/** From here on a budget is nearly used up. */
const NEARLY = 0.8;
const COUNTS = ["max_positions", "max_losses"];

/** What a deployment may still lose and hold: each limit that is set, with how much of it is used. */
export function Budgets({ budgets, cols }: { budgets: readonly BudgetView[]; cols: number }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const word = useWord();
  if (budgets.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t("risk.noLimits")}
      </Text>
    );
  }
  return (
    <SimpleGrid cols={{ base: 1, sm: cols }} spacing="lg" verticalSpacing="xs">
      {budgets.map((one) => {
        const name = word("risk.budget", one.limit);
        const text = t("risk.used", { used: written(formats, one, one.used), most: written(formats, one, one.most) });
        return (
          <div key={one.limit}>
            <Group justify="space-between" gap="xs" wrap="nowrap">
              <Text size="xs" c="dimmed">
                {name}
              </Text>
              <Text size="xs" className="nowrap">
                {text}
              </Text>
            </Group>
            <Progress
              value={shareOf(one) * 100}
              size={6}
              mt={2}
              color={toneOf(one)}
              aria-label={name}
              aria-valuetext={text}
            />
          </div>
        );
      })}
    </SimpleGrid>
  );
}

/** How much of a budget is used, 0 to 1. */
export const shareOf = ({ used, most }: Pick<BudgetView, "used" | "most">): number =>
  most > 0 ? Math.min(Math.max(used / most, 0), 1) : 0;

/** Calm, nearly used up, or used up. */
export function toneOf(budget: Pick<BudgetView, "used" | "most">): "accent" | "yellow" | "red" {
  const share = shareOf(budget);
  if (share >= 1) return "red";
  return share >= NEARLY ? "yellow" : "accent";
}

/** An amount in the measure of its limit: a count, multiples of equity, or a fraction. */
export function written(formats: Formats, { limit }: Pick<BudgetView, "limit">, amount: number): string {
  if (COUNTS.includes(limit)) return formats.number(amount, 0);
  return limit === "max_exposure" ? `${formats.number(amount, 2)}×` : formats.percent(amount);
}
