import type { JobOut } from "@/api/gen";

interface Finding {
  test: string;
  ts: string;
  column: string;
  before: string;
  after: string;
  cause: string;
}

/** What a test of a strategy has shown. */
export interface Checked {
  name: string;
  at: string | null;
  passed: boolean;
  data: string;
  verdicts: { rule: string; passed: boolean; detail: string }[];
  passport: { bars: number; signals: number; cuts: number; scrambles: number; findings: Finding[] } | null;
}

/** The last test of a strategy among jobs, the newest first; none where it was not tested. */
export function checkIn(jobs: readonly JobOut[], name: string): Checked | null {
  for (const job of jobs) {
    const result = job.result as Record<string, unknown> | null | undefined;
    if (job.state !== "done" || result?.name !== name) continue;
    return {
      name,
      at: job.ended_at ?? null,
      passed: result.passed === true,
      data: String(result.data ?? ""),
      verdicts: (result.verdicts ?? []) as Checked["verdicts"],
      passport: (result.leak_passport ?? null) as Checked["passport"],
    };
  }
  return null;
}
