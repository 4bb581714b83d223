import { Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { BacktestOut } from "@/api/gen";
import { readBacktestEquityOptions, readBacktestMonthsOptions } from "@/api/gen/@tanstack/react-query.gen";
import { EquityChart } from "@/charts/EquityChart";
import { Asked } from "@/components/Asked";
import { useFormats } from "@/lib/useFormats";
import { Months } from "./Months";

/** Equity, drawdown, and the return of each month. */
export function EquityTab({ result }: { result: BacktestOut }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const path = { backtest_id: result.id };
  const curve = useQuery(readBacktestEquityOptions({ path }));
  const months = useQuery(readBacktestMonthsOptions({ path }));
  const summary = t("backtest.equitySummary", {
    from: formats.money(result.initial_balance),
    to: formats.money(result.final_balance),
    fall: formats.percent(result.max_drawdown),
  });
  return (
    <Stack>
      <Asked query={curve} height={360}>
        {(found) => <EquityChart curves={[found]} start={result.initial_balance} summary={summary} height={380} />}
      </Asked>
      <section>
        <Title order={3} mb="xs">
          {t("backtest.months")}
        </Title>
        <Asked query={months}>{(found) => <Months years={found} />}</Asked>
      </section>
    </Stack>
  );
}
