// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { Link } from "@/api/events";
import type { PositionView } from "@/api/gen";
import { PendingModal } from "@/components/desk/PendingModal";
import { PositionModal } from "@/components/desk/PositionModal";
import type { Waiting } from "@/components/desk/useLeft";
import { Fake, stage } from "./stage";

const line: { link: Link } = { link: { state: "live" } };
vi.mock("@/lib/news", async (actual) => ({ ...(await actual<object>()), useLink: () => line.link }));
afterEach(cleanup);

const HELD: PositionView = {
  deployment: "trend",
  instrument: "BTC/USDT:USDT",
  side: "long",
  quantity: "2",
  entry: "100",
  price: "110",
  profit: "20",
  stop: "90",
  target: null,
};
const CLOSE = "POST /positions/trend/close";

async function opened(link: Link): Promise<Fake> {
  line.link = link;
  const fake = new Fake({ [CLOSE]: { deployment: "trend", session: "trend", asked: "close" } });
  await stage(() => <PositionModal position={HELD} onClose={() => {}} />, fake);
  fireEvent.change(await screen.findByLabelText("Stop-loss"), { target: { value: "95" } });
  return fake;
}

const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const isOff = (name: string) => screen.getByRole("button", { name }).hasAttribute("disabled");

test("while the server is heard, exits are moved and one press closes", async () => {
  const fake = await opened({ state: "live" });
  expect(isOff("Move")).toBe(false);
  press("Close 100%");
  await waitFor(() => expect(fake.written.map(({ path }) => path)).toEqual(["/positions/trend/close"]));
});

test("while it is not, the age is said, exits are not moved, and closing is asked for once more", async () => {
  const fake = await opened({ state: "stale", since: Date.now() - 120_000 });
  expect(screen.getByText(/this is what it said 2 minutes ago/)).toBeTruthy();
  expect(isOff("Move")).toBe(true);
  press("Close 100%");
  expect(fake.written).toEqual([]);
  press("Press again to do it");
  const whole = { instrument: "BTC/USDT:USDT", position_side: "long", part: 1 };
  await waitFor(() => expect(fake.written.map(({ body }) => body)).toEqual([whole]));
});

const WAITING: Waiting = {
  deployment: "trend",
  order: 7,
  instrument: "BTC/USDT:USDT",
  side: "buy",
  type: "market",
  quantity: "0.5",
  price: "100",
  stop_loss: "95",
  take_profit: "110",
  at_risk: "2.5",
  quotes: 0,
  since: "2026-11-22T10:00:00Z",
  until: "2026-11-22T10:02:00Z",
  left_s: 60,
  whole_s: 120,
  price_now: "100",
  share_at_risk: 0.00025,
  tolerance: 0.002,
  mode: "simulation",
  heardAt: performance.now(),
};

test("an order is confirmed while the server is heard; while it is not, it can be rejected alone", async () => {
  const place = { index: 1, count: 1 };
  line.link = { state: "stale", since: Date.now() - 60_000 };
  await stage(() => <PendingModal isOpen order={WAITING} place={place} onClose={() => {}} />, new Fake());
  expect(await screen.findByText(/1 minute ago.*prices that may be old/)).toBeTruthy();
  expect([isOff("Confirm"), isOff("Reject")]).toEqual([true, false]);
  cleanup();
  line.link = { state: "live" };
  await stage(() => <PendingModal isOpen order={WAITING} place={place} onClose={() => {}} />, new Fake());
  expect(await screen.findByText("Lost at the stop-loss")).toBeTruthy();
  expect(isOff("Confirm")).toBe(false);
});
