/** Kinds of events with the figures in them that a rule most likely looks at; any other may be typed. */
export const FIGURES: Record<string, string[]> = {
  snapshot: ["portfolio.equity", "portfolio.balance", "portfolio.drawdown", "portfolio.day_pnl"],
  fill: ["quantity", "price", "fee"],
  signal: ["confidence", "price", "entry"],
  "order.changed": ["quantity", "filled", "price"],
  "pending.changed": ["quantity", "price", "quotes"],
  "backtest.finished": ["total_return", "max_drawdown", "total_trades"],
  "job.progress": ["done", "total"],
  "session.waiting": ["seconds"],
};

export const SIGNS = ["<", "<=", ">", ">=", "==", "!="] as const;
