import type { BacktestOut } from "@/api/gen";

interface Line {
  name: string;
  /** As it changes the account: what was paid is below zero. */
  amount: number;
  isSum: boolean;
}

const PAID = ["fees", "slippage", "insurance"];

/** From the gross profit, over what was paid, to the net profit; what was not paid is left out. */
export function costsOf(metrics: BacktestOut["metrics"]): Line[] {
  const of = (name: string) => metrics[name] ?? 0;
  const paid = PAID.map((name) => ({ name, amount: -Math.abs(of(name)), isSum: false }));
  const funding = { name: "funding", amount: of("funding"), isSum: false };
  return [
    { name: "gross_pnl", amount: of("gross_pnl"), isSum: true },
    ...[...paid, funding].filter((line) => line.amount !== 0 || line.name === "fees"),
    { name: "net_pnl", amount: of("net_pnl"), isSum: true },
  ];
}
