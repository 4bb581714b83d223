import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { JobOut } from "@/api/gen";
import { cancelJobMutation, listJobsOptions, listJobsQueryKey } from "@/api/gen/@tanstack/react-query.gen";
import { useCaller } from "@/lib/caller";
import { useNews } from "@/lib/news";
import { refusalText } from "@/lib/problemText";
import { useFormats } from "@/lib/useFormats";
import { useJobTitle } from "@/lib/useJobTitle";

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
        <One
          key={job.id}
          job={job}
          fraction={Math.max(job.fraction, fractions[job.id] ?? 0)}
          onCancel={() => cancel.mutate({ path: { job_id: job.id } })}
        />
      ))}
    </Stack>
  );
}

function One({ job, fraction, onCancel }: { job: JobOut; fraction: number; onCancel: () => void }) {
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  const { may } = useCaller();
  const title = useJobTitle()(job);
  if (job.state === "failed")
    return (
      <Text size="sm" role="alert" className="down">
        <Text span fw={500}>
          {title}:
        </Text>{" "}
        {job.error && refusalText(i18n, job.error)}
      </Text>
    );
  return (
    <div>
      <Group justify="space-between" gap="xs" mb={4}>
        <Text size="sm">{title}</Text>
        <Group gap="xs">
          <Text size="xs" c="dimmed">
            {job.state === "running" ? formats.percent(fraction, 0) : t("common.queued")}
          </Text>
          {may("trader") && (
            <Button size="compact-xs" variant="default" onClick={onCancel}>
              {t("common.cancel")}
            </Button>
          )}
        </Group>
      </Group>
      <Progress value={fraction * 100} animated={job.state === "running"} aria-label={title} />
    </div>
  );
}
