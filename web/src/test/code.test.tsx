// @vitest-environment jsdom
import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { Compared } from "@/api/gen";
import { ComparedCode, firstPair } from "@/features/backtest/ComparedCode";
import { Versions } from "@/features/strategies/Versions";
import { Fake, stage } from "./stage";

afterEach(cleanup);

const [OLD, NEW] = ["a".repeat(64), "b".repeat(64)];
const SOURCES = {
  "GET /strategies/mine/versions": [
    { sha256: NEW, kept: true, versions: ["2"], first_run: null, last_run: null, runs: 0, current: true },
    { sha256: OLD, kept: true, versions: ["1"], first_run: "2026-01-01T00:00:00Z", last_run: "2026-01-02T00:00:00Z",
      runs: 12, current: false },
    { sha256: "c".repeat(64), kept: false, versions: ["1"], first_run: "2025-01-01T00:00:00Z",
      last_run: "2025-01-01T00:00:00Z", runs: 1, current: false },
  ],
  [`GET /strategies/mine/versions/${OLD}`]: { strategy: "mine", sha256: OLD, text: "fast = 10\n" },
  [`GET /strategies/mine/versions/${NEW}`]: { strategy: "mine", sha256: NEW, text: "fast = 12\n" },
  "GET /backtests/1/source": { strategy: "mine", sha256: OLD, text: "fast = 10\n" },
  "GET /backtests/3/source": { strategy: "mine", sha256: NEW, text: "fast = 12\n" },
}; // biome-ignore format: a table

test("versions of a strategy are listed, and what was changed since the last run is shown", async () => {
  await stage(() => <Versions name="mine" />, new Fake(SOURCES));
  expect(await screen.findByText("fast = 10")).toBeTruthy();
  expect(screen.getByText("fast = 12")).toBeTruthy();
  expect(screen.getByText("never run")).toBeTruthy();
  expect(screen.getByText("no source kept")).toBeTruthy();
  expect(screen.getByText("12")).toBeTruthy();
});

const compared = (sources: (string | null)[], sameCode = false) =>
  ({ sources, same_code: sameCode, runs: sources.map((_, place) => ({ id: `${place + 1}`, strategy: "mine" })) }) as
    unknown as Compared; // biome-ignore format: a cast

test("the first two runs of different sources are compared, and runs without a source say so", async () => {
  await stage(() => <ComparedCode found={compared([OLD, OLD, NEW])} />, new Fake(SOURCES));
  expect(await screen.findByText("fast = 10")).toBeTruthy();
  expect(screen.getByText(/1 line added/)).toBeTruthy();
  expect(firstPair([null, OLD, null, NEW])).toEqual([1, 3]);
  expect(firstPair([null, OLD])).toEqual([0, 1]);
});

test.each([
  [[null, null], false, /before the source was kept/],
  [[null, OLD], false, /No source/],
  [[OLD, OLD], true, /the same, line by line/],
  [[OLD, OLD], false, /what differs is the platform/],
] as const)("sources %j are told in words", async (sources, sameCode, words) => {
  await stage(() => <ComparedCode found={compared([...sources], sameCode)} />, new Fake(SOURCES));
  expect(await screen.findByText(words)).toBeTruthy();
});
