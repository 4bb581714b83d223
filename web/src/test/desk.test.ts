import { expect, test } from "vitest";
import type { BudgetView } from "@/api/gen";
import { ticks } from "@/charts/ticks";
import { shareOf, toneOf, written } from "@/components/desk/Budgets";
import { movedFrom, outcomeAt } from "@/components/desk/PositionModal";
import { lastHeard, note, noticeOf } from "@/lib/bulletin";
import { formatsOf } from "@/lib/format";

const budget = (limit: string, used: number, most: number): BudgetView => ({ limit, used, most });

test("a budget is a share of its limit, and says when little of it is left", () => {
  expect([0.5, 1, 0].map((used) => shareOf(budget("max_day_loss", used, 0.5)))).toEqual([1, 1, 0]);
  expect(shareOf(budget("max_heat", 0.1, 0))).toBe(0);
  expect([0.1, 0.8, 1].map((used) => toneOf({ used, most: 1 }))).toEqual(["accent", "yellow", "red"]);
});

test("a budget is written in the measure of its limit", () => {
  const formats = formatsOf("en");
  expect(written(formats, budget("max_positions", 1, 10), 1)).toBe("1");
  expect(written(formats, budget("max_exposure", 2.97, 3), 2.97)).toBe("2.97×");
  expect(written(formats, budget("max_day_loss", 0.012, 0.03), 0.012)).toBe("1.20%");
});

test("only prices that were moved are sent, and an empty field moves nothing", () => {
  const held = { stop: "60900", target: "62500" };
  expect(movedFrom(held, { stop_loss: 60_900, take_profit: 63_000 })).toEqual({ take_profit: "63000" });
  expect(movedFrom(held, { stop_loss: null, take_profit: 62_500 })).toEqual({});
  expect(movedFrom({ stop: null, target: null }, { stop_loss: 60_000, take_profit: null })).toEqual({
    stop_loss: "60000",
  });
  expect(outcomeAt({ entry: "100", quantity: "-2" }, 90)).toBe(20);
});

test("what is counted has whole numbers on its axis", () => {
  expect(ticks(0, 1.12, 5, 1)).toEqual([0, 1]);
  expect(ticks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
});

test("what was heard last is remembered, also where nobody needs to be told of it", () => {
  const event = { type: "signal", ts: 1e18, data: {}, id: "41" };
  expect(noticeOf(event)).toBeNull();
  note(event);
  expect(lastHeard()).toBe("41");
});
