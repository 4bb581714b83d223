import { Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { JobOut } from "@/api/gen";
import { cancelJobMutation, listJobsOptions, listJobsQueryKey } from "@/api/gen/@tanstack/react-query.gen";
import { useNews } from "@/lib/news";
import { JobRow } from "./jobs/JobRow";

interface KindJobsProps {
  kind: JobOut["kind"];
  /** Told of a job that has ended well, once. */
  onDone?: (job: JobOut) => void;
}

const OPEN = ["queued", "running"];

/** What runs and waits of a kind, how far each is, and why the last one failed if it did. */
export function KindJobs({ kind, onDone }: KindJobsProps) {
  const wish = { query: { kind, limit: 20 } } as const;
  const queries = useQueryClient();
  const [fractions, setFractions] = useState<Record<string, number>>({});
  const watched = useRef(new Set<string>());
  const query = useQuery({ ...listJobsOptions(wish), refetchInterval: 5_000 });
  const cancel = useMutation({
    ...cancelJobMutation(),
    onSettled: () => queries.invalidateQueries({ queryKey: listJobsQueryKey(wish) }),
  });
  useNews(["job.progress"], ({ data }) => {
    const { id, fraction } = data as { id?: string; fraction?: number };
    if (id) setFractions((known) => ({ ...known, [id]: fraction ?? 0 }));
  });
  const jobs = query.data?.items ?? [];
  useEffect(() => {
    for (const job of query.data?.items ?? []) {
      if (OPEN.includes(job.state)) watched.current.add(job.id);
      else if (watched.current.delete(job.id) && job.state === "done") onDone?.(job);
    }
  }, [query.data, onDone]);
  const shown = jobs.filter((job, place) => OPEN.includes(job.state) || (place === 0 && job.state === "failed"));
  if (shown.length === 0) return null;
  return (
    <Stack gap="sm">
      {shown.map((job) => (
        <JobRow
          key={job.id}
          job={{ ...job, fraction: Math.max(job.fraction, fractions[job.id] ?? 0) }}
          onCancel={() => cancel.mutate({ path: { job_id: job.id } })}
        />
      ))}
    </Stack>
  );
}
