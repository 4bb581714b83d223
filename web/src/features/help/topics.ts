/** Short guides: what is done in which order, and where. */
export const GUIDES = [
  { name: "backtest", path: "/backtest", steps: ["one", "two", "three", "four"] },
  { name: "simulation", path: "/simulation", steps: ["one", "two", "three"] },
  { name: "confirm", path: "/", steps: ["one", "two", "three"] },
  { name: "compare", path: "/evaluation", steps: ["one", "two", "three"] },
  { name: "alerts", path: "/notifications", steps: ["one", "two", "three"] },
  { name: "live", path: "/settings", steps: ["one", "two", "three", "four"] },
] as const;

/** Screens with the letter that goes there after `g`. */
export const PLACES = [
  { name: "dashboard", path: "/", key: "d" },
  { name: "simulation", path: "/simulation", key: "s" },
  { name: "chart", path: "/chart", key: "c" },
  { name: "backtest", path: "/backtest", key: "b" },
  { name: "evaluation", path: "/evaluation", key: "e" },
  { name: "strategies", path: "/strategies", key: "r" },
  { name: "data", path: "/data", key: "a" },
  { name: "risk", path: "/risk", key: "k" },
  { name: "audit", path: "/audit", key: "l" },
  { name: "notifications", path: "/notifications", key: "n" },
  { name: "settings", path: "/settings", key: "t" },
  { name: "server", path: "/server", key: "v" },
  { name: "help", path: "/help", key: "h" },
] as const;

/** Words that are explained. */
export const TERMS = [
  "backtest", "paper", "live", "deployment", "signal", "stop", "target", "drawdown", "sharpe", "sortino", "profitFactor",
  "slippage", "spread", "fee", "funding", "leverage", "margin", "mae", "leak", "ambiguity", "timeframe", "kill", "rr",
  "exposure", "orderBlock", "gap", "structure",
] as const; // biome-ignore format: a list
