// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { Link } from "@/api/events";
import type { PositionView } from "@/api/gen";
import { PositionModal } from "@/components/desk/PositionModal";
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
  await waitFor(() => expect(fake.written.map(({ body }) => body)).toEqual([{ instrument: "BTC/USDT:USDT", part: 1 }]));
});
