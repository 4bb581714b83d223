import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { JobOut } from "@/api/gen";
import { cancelJobMutation, listJobsOptions } from "@/api/gen/@tanstack/react-query.gen";
import { useNews } from "@/lib/news";

const WISH = { query: { limit: 20 } } as const;

/** Headway of a job, told as it goes. */
interface Headway {
  fraction: number;
  step: string;
}

/** A job as it stands, with what was told of it since it was read. */
export type Shown = Pick<
  JobOut,
  "id" | "kind" | "title" | "subject" | "state" | "fraction" | "step" | "error" | "result"
>;

export const isOpen = (job: Pick<JobOut, "state">): boolean => job.state === "queued" || job.state === "running";

/** The newest jobs of every kind, with their headway, and a way to cancel one. */
export function useJobs(): { jobs: Shown[]; cancel: (id: string) => void } {
  const queries = useQueryClient();
  const [headways, setHeadways] = useState<Record<string, Headway>>({});
  const options = listJobsOptions(WISH);
  const query = useQuery({ ...options, refetchInterval: 15_000 });
  const cancelling = useMutation({
    ...cancelJobMutation(),
    onSettled: () => queries.invalidateQueries({ queryKey: options.queryKey }),
  });
  useNews(["job.progress"], (event) => {
    const { id, fraction, step } = event.data as { id?: string; fraction?: number; step?: string };
    if (id) setHeadways((known) => ({ ...known, [id]: { fraction: fraction ?? 0, step: step ?? "" } }));
  });
  const jobs = (query.data?.items ?? []).map((job) => withHeadway(job, headways[job.id]));
  return { jobs, cancel: (id) => cancelling.mutate({ path: { job_id: id } }) };
}

/** A job with the later of what was read and what was told; what is told of one that has ended comes too late. */
export function withHeadway<Job extends Shown>(job: Job, told: Headway | undefined): Job {
  if (!told || !isOpen(job)) return job;
  return { ...job, state: "running", fraction: Math.max(job.fraction, told.fraction), step: told.step || job.step };
}
