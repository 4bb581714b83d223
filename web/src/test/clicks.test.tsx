// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { ParamOut, RuleAnswer, SettingAnswer } from "@/api/gen";
import { ChartScreen } from "@/features/chart/ChartScreen";
import { Rules } from "@/features/notifications/Rules";
import { HistoryTab } from "@/features/settings/HistoryTab";
import { KeysTab } from "@/features/settings/KeysTab";
import { SettingsScreen } from "@/features/settings/SettingsScreen";
import { Deploy } from "@/features/strategies/Deploy";
import { Fake, problem, type Said, stage } from "./stage";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const SETTING: SettingAnswer = {
  key: "trading.confirm_ttl_s",
  value: 120,
  default: 120,
  allowed: "a number from 1 to 86,400",
  meaning: "seconds until an order is dropped",
  shape: "number",
  choices: [],
  optional: false,
  origin: "default",
  changeable: true,
  live: true,
  secret: false,
};

const press = (name: string | RegExp, place: HTMLElement = document.body) =>
  fireEvent.click(within(place).getByRole("button", { name }));
const type = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });

test("a setting that somebody else has changed meanwhile is said, and overwritten only on a second press", async () => {
  let version = '"7"';
  const fake = new Fake({
    "GET /settings": (): Said => ({ body: { items: [SETTING] }, headers: { etag: version } }),
    "PATCH /settings": ({ headers }: { headers: Headers }): Said => {
      if (headers.get("if-match") === '"8"') return { body: { number: 9, changes: [] } };
      version = '"8"';
      return { status: 412, body: problem(412, "precondition-failed", "changed since") };
    },
  });
  await stage(SettingsScreen, fake, "/settings?section=trading");
  fireEvent.click(await screen.findByRole("button", { name: /trading\.confirm_ttl_s/ }));
  type(screen.getByRole("textbox", { name: "trading.confirm_ttl_s" }), "60");
  const bar = await screen.findByRole("region", { name: "Changes not saved yet" });
  press(/Save/, bar);
  expect((await within(bar).findByRole("alert")).textContent).toMatch(/changed/i);
  await waitFor(() =>
    expect(fake.asked.filter((one) => one.path === "/settings" && one.method === "GET")).toHaveLength(2),
  );
  expect(fake.written).toHaveLength(1);
  press(/Save over it/, bar);
  await waitFor(() => expect(fake.written).toHaveLength(2));
  expect(fake.written.map(({ headers }) => headers.get("if-match"))).toEqual(['"7"', '"8"']);
  expect(fake.written.map(({ body }) => body)).toEqual(Array(2).fill({ values: { "trading.confirm_ttl_s": 60 } }));
  await waitFor(() => expect(screen.queryByRole("region", { name: "Changes not saved yet" })).toBeNull());
});

test("an earlier configuration is gone back to after a question, and not when one thinks better of it", async () => {
  const version = (number: number) => ({
    number,
    time: "2026-11-22T10:00:00Z",
    author: "mary",
    note: "",
    changes: [{ key: "risk.size", before: 0.01, after: 0.02 }],
  });
  const fake = new Fake({
    "GET /settings/history": { items: [version(5), version(4)], next: null },
    "POST /settings/history/4/rollback": { number: 6 },
  });
  await stage(HistoryTab, fake);
  fireEvent.click(await screen.findByRole("button", { name: /^Roll back/ }));
  press("Cancel", await screen.findByRole("alertdialog"));
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  expect(fake.written).toEqual([]);
  fireEvent.click(screen.getByRole("button", { name: /^Roll back/ }));
  const dialog = await screen.findByRole("alertdialog");
  fireEvent.submit(dialog.querySelector("form") as HTMLFormElement);
  await waitFor(() => expect(fake.written.map(({ path }) => path)).toEqual(["/settings/history/4/rollback"]));
  expect(await screen.findByText("Rolled back; it is version 6 now")).toBeDefined();
});

test("a key of an exchange goes one way: with its passphrase to the server, and never back to the page", async () => {
  const kept: string[] = [];
  const fake = new Fake({
    "GET /keys": ({ headers }: { headers: Headers }): Said => ({
      body: {
        is_there: true,
        opens_by_itself: false,
        known: ["venue.api_key", "venue.api_secret"],
        kept: headers.get("x-passphrase") ? kept : [],
      },
    }),
    "PUT /keys/venue.api_key": (): Said => {
      kept.push("venue.api_key");
      return { body: { name: "venue.api_key" } };
    },
    "DELETE /keys/venue.api_key": (): Said => {
      kept.pop();
      return { status: 204 };
    },
  });
  await stage(KeysTab, fake);
  const passphrase = await screen.findByLabelText(/Passphrase/);
  type(passphrase, "open sesame");
  fireEvent.submit(passphrase.closest("form") as HTMLFormElement);
  const value = await screen.findByLabelText(/Value/);
  type(value, "very-secret");
  fireEvent.submit(value.closest("form") as HTMLFormElement);
  const row = await screen.findByRole("cell", { name: "venue.api_key" });
  const [put] = fake.written;
  expect([put?.body, put?.headers.get("x-passphrase")]).toEqual([{ secret: "very-secret" }, "open sesame"]);
  await waitFor(() => expect((screen.getByLabelText(/Value/) as HTMLInputElement).value).toBe(""));
  expect(document.body.textContent).not.toContain("very-secret");
  press(/venue\.api_key/, row.closest("tr") as HTMLElement);
  fireEvent.submit((await screen.findByRole("alertdialog")).querySelector("form") as HTMLFormElement);
  await waitFor(() => expect(screen.queryByRole("cell", { name: "venue.api_key" })).toBeNull());
});

test("a rule is made, switched off, deleted, and brought back with one press", async () => {
  let rules: RuleAnswer[] = [];
  const made = (body: unknown): RuleAnswer => ({ ...(body as RuleAnswer), id: 3 }) as unknown as RuleAnswer;
  const fake = new Fake({
    "GET /notifications/rules": (): Said => ({ body: rules }),
    "POST /notifications/rules": ({ body }: { body: unknown }): Said => {
      rules = [made(body)];
      return { status: 201, body: rules[0] };
    },
    "PUT /notifications/rules/3": ({ body }: { body: unknown }): Said => {
      rules = [made(body)];
      return { body: rules[0] };
    },
    "DELETE /notifications/rules/3": (): Said => {
      rules = [];
      return { status: 204 };
    },
  });
  await stage(Rules, fake);
  fireEvent.click(await screen.findByRole("button", { name: /Add|New/ }));
  const form = await screen.findByRole("dialog");
  type(within(form).getByLabelText(/^Name/), "poor");
  type(within(form).getByLabelText(/^Limit|^Number|^Value/), "9 000,5".replace(" ", ""));
  fireEvent.submit(form.querySelector("form") as HTMLFormElement);
  await screen.findByText("poor");
  expect(fake.written[0]?.body).toMatchObject({ name: "poor", figure: "portfolio.equity", sign: "<", limit: 9000.5 });
  fireEvent.click(await screen.findByRole("switch"));
  await waitFor(() => expect(fake.written[1]?.body).toMatchObject({ name: "poor", is_on: false }));
  press(/Delete/);
  fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() => expect(fake.written.map(({ method }) => method)).toEqual(["POST", "PUT", "DELETE", "POST"]));
  expect(fake.written[3]?.body).toMatchObject({ name: "poor", is_on: false });
});

test("a strategy is deployed with the parameters that were changed, and no others; a wrong one sends nothing", async () => {
  const param = { low: 1, high: 50, choices: [], doc: "", allowed: "a whole number from 1 to 50" };
  const params = [
    { ...param, name: "fast", type: "int", default: 10 },
    { ...param, name: "slow", type: "int", default: 30 },
  ] as unknown as ParamOut[];
  const fake = new Fake({
    "POST /strategies/activate": { strategy: "ma_crossover", deployment: "simulation", running: true },
  });
  await stage(() => <Deploy name="ma_crossover" params={params} />, fake);
  fireEvent.click(await screen.findByRole("button", { name: /Deploy|Trade|Let/ }));
  const dialog = await screen.findByRole("dialog");
  const send = () => within(dialog).getAllByRole("button").at(-1) as HTMLButtonElement;
  type(within(dialog).getByLabelText(/^fast/), "99");
  await waitFor(() => expect(send().disabled).toBe(true));
  type(within(dialog).getByLabelText(/^fast/), "12");
  await waitFor(() => expect(send().disabled).toBe(false));
  fireEvent.click(send());
  await waitFor(() => expect(fake.written).toHaveLength(1));
  expect(fake.written[0]?.body).toEqual({ strategy: "ma_crossover", params: { fast: 12 } });
});

test("a market that is not stored is named, and its candles are had in place; no other is shown in its stead", async () => {
  const stored = { kind: "candles", venue: "binance", symbol: "BTC/USDT:USDT", timeframe: "1m", rows: 1, missing: 0 };
  const fake = new Fake({
    "GET /data": { items: [stored] },
    "GET /candles/heard": [],
    "POST /data/downloads": { id: "j", title: "download" },
  });
  await stage(ChartScreen, fake, "/chart?symbol=SOL/USDT:USDT");
  expect(await screen.findByRole("heading", { name: "SOL/USDT:USDT" })).toBeDefined();
  expect(screen.queryByRole("combobox", { name: "Market" })).toBeNull();
  press(/binance/);
  await waitFor(() => expect(fake.written[0]?.body).toMatchObject({ symbols: ["SOL/USDT:USDT"], exchange: "binance" }));
});
