import type { JobOut, SeriesOut } from "@/api/gen";

/** What a check has found of a series. */
export interface Found {
  at: string;
  faults: number;
  kinds: string[];
}

interface Told {
  venue?: string;
  instrument?: string;
  timeframe?: string;
  fault_count?: number;
  faults?: Record<string, unknown[]>;
}

/** What the newest check that ended well says of a series; null where none did. Jobs come newest first. */
export function foundIn(jobs: readonly JobOut[], one: SeriesOut): Found | null {
  for (const job of jobs) {
    const told = ((job.result?.series ?? []) as Told[]).find(
      (own) => own.venue === one.venue && own.instrument === one.symbol && own.timeframe === one.timeframe,
    );
    if (job.state === "done" && told) {
      const kinds = Object.entries(told.faults ?? {}).flatMap(([name, rows]) => (rows.length > 0 ? [name] : []));
      return { at: job.ended_at ?? job.created_at, faults: told.fault_count ?? 0, kinds };
    }
  }
  return null;
}
