import type { JobOut, SeriesOut } from "@/api/gen";

/** What a check has found of a series. */
export interface Found {
  at: string;
  faults: number;
  kinds: string[];
}

/** What a repair has done to a series. */
export interface Mended {
  at: string;
  count: number;
  /** The first of what was done, in the order in which it was done. */
  actions: { done: string; ts_open: string; reason: string }[];
  missing: number;
}

interface Told {
  venue?: string;
  instrument?: string;
  timeframe?: string;
  fault_count?: number;
  faults?: Record<string, unknown[]>;
  actions?: Mended["actions"];
  action_count?: number;
  missing_count?: number;
}

/** What jobs that ended well told of a series. Jobs come newest first. */
const toldOf = (jobs: readonly JobOut[], one: SeriesOut): { at: string; told: Told }[] =>
  jobs.flatMap((job) => {
    const told = ((job.result?.series ?? []) as Told[]).find(
      (own) => own.venue === one.venue && own.instrument === one.symbol && own.timeframe === one.timeframe,
    );
    return job.state === "done" && told ? [{ at: job.ended_at ?? job.created_at, told }] : [];
  });

/** What the newest check that ended well says of a series; null where none did. */
export function foundIn(jobs: readonly JobOut[], one: SeriesOut): Found | null {
  const [newest] = toldOf(jobs, one);
  if (!newest) return null;
  const { at, told } = newest;
  const kinds = Object.entries(told.faults ?? {}).flatMap(([name, rows]) => (rows.length > 0 ? [name] : []));
  return { at, faults: told.fault_count ?? 0, kinds };
}

/** What the newest repair that ended well has done to a series; null where none did. */
export function mendedIn(jobs: readonly JobOut[], one: SeriesOut): Mended | null {
  const [newest] = toldOf(jobs, one);
  if (!newest) return null;
  const { at, told } = newest;
  return { at, count: told.action_count ?? 0, actions: told.actions ?? [], missing: told.missing_count ?? 0 };
}
