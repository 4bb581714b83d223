import type { BacktestOut } from "@/api/gen";

interface Line {
  name: string;
  /** As it changes the account: what was paid is below zero. */
  amount: number;
  isSum: boolean;
}

const PAID = ["fees", "slippage"];

/**
 * From the gross profit, over what was paid, to the net profit; what was not paid is left out. What an insurance fund
 * paid is no profit: where it paid, it leads from there to what the account changed by.
 */
export function costsOf(metrics: BacktestOut["metrics"]): Line[] {
  const of = (name: string) => metrics[name] ?? 0;
  const paid = PAID.map((name) => ({ name, amount: -Math.abs(of(name)), isSum: false }));
  const funding = { name: "funding", amount: of("funding"), isSum: false };
  const insurance = of("insurance");
  const fund =
    insurance === 0
      ? []
      : [
          { name: "insurance", amount: insurance, isSum: false },
          { name: "equity_change", amount: of("net_pnl") + insurance, isSum: true },
        ];
  return [
    { name: "gross_pnl", amount: of("gross_pnl"), isSum: true },
    ...[...paid, funding].filter((line) => line.amount !== 0 || line.name === "fees"),
    { name: "net_pnl", amount: of("net_pnl"), isSum: true },
    ...fund,
  ];
}
