// @vitest-environment jsdom
import { cleanup, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { AuditScreen } from "@/features/audit/AuditScreen";
import { ChartScreen } from "@/features/chart/ChartScreen";
import { DashboardScreen } from "@/features/dashboard/DashboardScreen";
import { DataScreen } from "@/features/data/DataScreen";
import { EvaluationScreen } from "@/features/evaluation/EvaluationScreen";
import { NotificationsScreen } from "@/features/notifications/NotificationsScreen";
import { RiskScreen } from "@/features/risk/RiskScreen";
import { ServerScreen } from "@/features/server/ServerScreen";
import { SettingsScreen } from "@/features/settings/SettingsScreen";
import { SimulationScreen } from "@/features/simulation/SimulationScreen";
import { StrategiesScreen } from "@/features/strategies/StrategiesScreen";
import { Fake, stage } from "./stage";

const MONEY = Object.fromEntries(
  ["balance_at_start", "wallet", "equity", "open_profit", "realised", "fees", "funding", "exposure", "day_profit"].map(
    (name) => [name, "10000"],
  ),
);
const PORTFOLIO = { ...MONEY, mode: "simulation", deployments: [], positions: [] };
const STATUS = {
  status: "stopped",
  detail: "",
  halted: "",
  bars: 0,
  session: null,
  initial_balance: "10000",
  settings: { strategy: "smc", instruments: ["BTC/USDT:USDT"], timeframe: "15m" },
};
const READY = { is_permitted: true, lacks: [], exchange: "practice", led_to: [] };
const SCREENS: [string, () => ReactNode, Record<string, unknown>][] = [
  [
    "/",
    DashboardScreen,
    {
      "GET /portfolio": PORTFOLIO,
      "GET /simulation/status": STATUS,
      "GET /bot/readiness": READY,
      "GET /simulation/settings": {},
      "GET /notifications/channels": [],
    },
  ],
  ["/simulation", SimulationScreen, { "GET /simulation/portfolio": PORTFOLIO, "GET /simulation/status": STATUS }],
  ["/chart", ChartScreen, { "GET /candles/heard": [] }],
  ["/strategies", StrategiesScreen, { "GET /strategies": { items: [], broken: [] } }],
  ["/evaluation", EvaluationScreen, {}],
  ["/data", DataScreen, {}],
  ["/risk", RiskScreen, {}],
  ["/audit", AuditScreen, { "GET /audit/verify": { lines: 0, damage: "" } }],
  ["/notifications?tab=rules", NotificationsScreen, { "GET /notifications/rules": [] }],
  ["/settings", SettingsScreen, {}],
  ["/server", ServerScreen, { "GET /status/health/detailed": { status: "ok", version: "1", parts: [] } }],
];

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test.each(SCREENS)("%s says what could not be shown, why, and offers another try", async (address, Screen) => {
  const fake = new Fake();
  fake.isBroken = true;
  await stage(Screen, fake, address);
  expect(await screen.findByRole("heading", { level: 1 })).toBeDefined();
  const said = await screen.findAllByText("the disk is full");
  expect(said.length).toBeGreaterThan(0);
  expect(screen.getAllByRole("button", { name: "Try again" }).length).toBeGreaterThan(0);
});

test.each(SCREENS)(
  "%s keeps what it knew where the server falls silent, and says how old it is",
  async (address, Screen, answers) => {
    const fake = new Fake(answers);
    const { queries } = await stage(Screen, fake, address);
    await screen.findByRole("heading", { level: 1 });
    await waitFor(() => expect(queries.isFetching()).toBe(0), { timeout: 5_000 });
    expect(screen.queryByText("the disk is full")).toBeNull();
    fake.isBroken = true;
    await queries.refetchQueries();
    expect((await screen.findAllByText(/server does not answer; this is what it said/i)).length).toBeGreaterThan(0);
  },
);
