import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { Missing } from "./Missing";
import { Shell } from "./Shell";

const root = createRootRoute({ component: Shell, notFoundComponent: Missing });
const getParentRoute = () => root;

/** Reads words out of the address; what is not a word is left out. */
const words =
  <Name extends string>(...names: Name[]) =>
  (search: Record<string, unknown>): { [name in Name]?: string } => {
    const found = names.filter((name) => search[name] !== undefined && search[name] !== "");
    return Object.fromEntries(found.map((name) => [name, String(search[name])])) as { [name in Name]?: string };
  };

const dashboard = createRoute({
  getParentRoute,
  path: "/",
  validateSearch: words("pair"),
  component: lazyRouteComponent(() => import("@/features/dashboard/DashboardScreen"), "DashboardScreen"),
});
const simulation = createRoute({
  getParentRoute,
  path: "/simulation",
  validateSearch: words("tab"),
  component: lazyRouteComponent(() => import("@/features/simulation/SimulationScreen"), "SimulationScreen"),
});
const chart = createRoute({
  getParentRoute,
  path: "/chart",
  validateSearch: words("symbol", "venue", "tf", "ind", "draw", "over", "from", "to"),
  component: lazyRouteComponent(() => import("@/features/chart/ChartScreen"), "ChartScreen"),
});
const server = createRoute({
  getParentRoute,
  path: "/server",
  component: lazyRouteComponent(() => import("@/features/server/ServerScreen"), "ServerScreen"),
});
const backtest = createRoute({
  getParentRoute,
  path: "/backtest",
  validateSearch: words("q", "tag", "starred", "again"),
  component: lazyRouteComponent(() => import("@/features/backtest/BacktestScreen"), "BacktestScreen"),
});
const result = createRoute({
  getParentRoute,
  path: "/backtest/$id",
  validateSearch: words("tab", "trade"),
  component: lazyRouteComponent(() => import("@/features/backtest/ResultScreen"), "ResultScreen"),
});
const compare = createRoute({
  getParentRoute,
  path: "/compare",
  validateSearch: words("ids"),
  component: lazyRouteComponent(() => import("@/features/backtest/CompareScreen"), "CompareScreen"),
});
const evaluation = createRoute({
  getParentRoute,
  path: "/evaluation",
  validateSearch: words("id"),
  component: lazyRouteComponent(() => import("@/features/evaluation/EvaluationScreen"), "EvaluationScreen"),
});
const strategies = createRoute({
  getParentRoute,
  path: "/strategies",
  validateSearch: words("name"),
  component: lazyRouteComponent(() => import("@/features/strategies/StrategiesScreen"), "StrategiesScreen"),
});
const data = createRoute({
  getParentRoute,
  path: "/data",
  validateSearch: words("series"),
  component: lazyRouteComponent(() => import("@/features/data/DataScreen"), "DataScreen"),
});
const audit = createRoute({
  getParentRoute,
  path: "/audit",
  validateSearch: words("actor", "action", "since", "until"),
  component: lazyRouteComponent(() => import("@/features/audit/AuditScreen"), "AuditScreen"),
});
const risk = createRoute({
  getParentRoute,
  path: "/risk",
  component: lazyRouteComponent(() => import("@/features/risk/RiskScreen"), "RiskScreen"),
});
const notifications = createRoute({
  getParentRoute,
  path: "/notifications",
  validateSearch: words("tab"),
  component: lazyRouteComponent(() => import("@/features/notifications/NotificationsScreen"), "NotificationsScreen"),
});
const help = createRoute({
  getParentRoute,
  path: "/help",
  validateSearch: words("tab", "q"),
  component: lazyRouteComponent(() => import("@/features/help/HelpScreen"), "HelpScreen"),
});
const settings = createRoute({
  getParentRoute,
  path: "/settings",
  validateSearch: words("tab", "section", "q"),
  component: lazyRouteComponent(() => import("@/features/settings/SettingsScreen"), "SettingsScreen"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    dashboard,
    simulation,
    chart,
    backtest,
    result,
    compare,
    evaluation,
    strategies,
    data,
    risk,
    audit,
    notifications,
    settings,
    server,
    help,
  ]),
  defaultPreload: "intent",
  // Every value in an address is a word, as one would type it.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const words = new URLSearchParams(search as Record<string, string>).toString();
    return words ? `?${words}` : "";
  },
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
