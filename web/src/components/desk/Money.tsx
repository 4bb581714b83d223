import { useTranslation } from "react-i18next";
import type { PortfolioView } from "@/api/gen";
import { Change } from "@/components/Change";
import { Figure } from "@/components/Figure";
import { numberOf } from "@/lib/format";
import { useFormats } from "@/lib/useFormats";

/** What deployments are worth together, and where it came from. */
export function Money({ portfolio }: { portfolio: PortfolioView }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const start = numberOf(portfolio.balance_at_start) ?? 0;
  const equity = numberOf(portfolio.equity) ?? 0;
  const gain = start > 0 ? equity / start - 1 : 0;
  return (
    <div className="figures">
      <Figure
        label={t("desk.equity")}
        help={t("desk.help.equity")}
        note={t("desk.ofStart", { start: formats.money(start) })}
      >
        {formats.money(equity)}
      </Figure>
      <Figure label={t("desk.gain")}>
        <Change value={gain} hasArrow>
          {formats.change(gain)}
        </Change>
      </Figure>
      <Figure label={t("desk.today")} help={t("desk.help.today")}>
        <Change value={portfolio.day_profit} hasArrow>
          {formats.signed(portfolio.day_profit)}
        </Change>
      </Figure>
      <Figure label={t("desk.openProfit")} help={t("desk.help.openProfit")}>
        <Change value={portfolio.open_profit}>{formats.signed(portfolio.open_profit)}</Change>
      </Figure>
      <Figure label={t("desk.realised")} help={t("desk.help.realised")}>
        <Change value={portfolio.realised}>{formats.signed(portfolio.realised)}</Change>
      </Figure>
      <Figure label={t("desk.fees")}>{formats.money(portfolio.fees)}</Figure>
      <Figure label={t("desk.funding")} help={t("desk.help.funding")}>
        <Change value={portfolio.funding}>{formats.signed(portfolio.funding)}</Change>
      </Figure>
      <Figure label={t("desk.exposure")} help={t("desk.help.exposure")}>
        {formats.money(portfolio.exposure)}
      </Figure>
    </div>
  );
}
