import { expect, test } from "vitest";
import type { JobOut } from "@/api/gen";
import { checkIn } from "./checked";

const job = (state: string, result: unknown) => ({ state, result, ended_at: "2026-01-01T00:00:00Z" }) as JobOut;

test("the newest test of a strategy that has ended is the one that counts", () => {
  const jobs = [
    job("running", null),
    job("done", { name: "other", passed: true }),
    job("done", { name: "mine", passed: false, data: "bars", verdicts: [] }),
    job("done", { name: "mine", passed: true }),
  ];
  expect(checkIn(jobs, "mine")).toEqual({
    name: "mine",
    at: "2026-01-01T00:00:00Z",
    passed: false,
    data: "bars",
    verdicts: [],
    passport: null,
  });
  expect(checkIn(jobs, "none")).toBeNull();
});
