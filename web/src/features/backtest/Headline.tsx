import { Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { BacktestOut } from "@/api/gen";
import { Change } from "@/components/Change";
import { Figure } from "@/components/Figure";
import { useFormats } from "@/lib/useFormats";

/** The numbers that one looks at first. */
export function Headline({ result }: { result: BacktestOut }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const hasTrades = result.total_trades > 0;
  return (
    <Group gap="xl" align="flex-start">
      <Figure
        label={t("figures.name.total_return")}
        help={t("backtest.help.return")}
        note={`${formats.money(result.initial_balance)} → ${formats.money(result.final_balance)}`}
      >
        <Change value={result.total_return} hasArrow>
          {formats.change(result.total_return)}
        </Change>
      </Figure>
      <Figure label={t("figures.name.max_drawdown")} help={t("backtest.help.drawdown")}>
        {formats.percent(result.max_drawdown)}
      </Figure>
      <Figure label={t("figures.name.sharpe")} help={t("backtest.help.sharpe")}>
        {formats.fixed(result.sharpe_ratio)}
      </Figure>
      <Figure label={t("figures.name.profit_factor")} help={t("backtest.help.profitFactor")}>
        {formats.fixed(result.metrics.profit_factor)}
      </Figure>
      <Figure
        label={t("figures.name.win_rate")}
        help={t("backtest.help.wins")}
        note={t("backtest.ofTrades", { won: result.winning_trades, count: result.total_trades })}
      >
        {formats.percent(hasTrades ? result.win_rate : null, 1)}
      </Figure>
    </Group>
  );
}
