import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { JobOut } from "@/api/gen";
import { cancelJobMutation, listJobsOptions, listJobsQueryKey } from "@/api/gen/@tanstack/react-query.gen";
import { Panel } from "@/components/Panel";
import { useCaller } from "@/lib/caller";
import { useNews } from "@/lib/news";
import { useFormats } from "@/lib/useFormats";

interface Headway {
  fraction: number;
  step: string;
}

const WISH = { query: { kind: "backtest", limit: 20 } } as const;

/** What runs and waits, how far it is, and what has failed last. */
export function Jobs() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [headways, setHeadways] = useState<Record<string, Headway>>({});
  const query = useQuery({ ...listJobsOptions(WISH), refetchInterval: 15_000 });
  const cancel = useMutation({
    ...cancelJobMutation(),
    onSettled: () => queries.invalidateQueries({ queryKey: listJobsQueryKey(WISH) }),
  });
  useNews(["job.progress"], (event) => {
    const { id, fraction, step } = event.data as { id?: string; fraction?: number; step?: string };
    if (id) setHeadways((known) => ({ ...known, [id]: { fraction: fraction ?? 0, step: step ?? "" } }));
  });
  const jobs = query.data?.items ?? [];
  const open = jobs.filter((job) => job.state === "queued" || job.state === "running");
  const failed = jobs[0]?.state === "failed" ? [jobs[0]] : [];
  if (open.length + failed.length === 0) return null;
  return (
    <Panel title={t("backtest.jobs")}>
      <Stack gap="sm">
        {[...open, ...failed].map((job) => (
          <Job
            key={job.id}
            job={job}
            headway={headways[job.id]}
            onCancel={() => cancel.mutate({ path: { job_id: job.id } })}
          />
        ))}
      </Stack>
    </Panel>
  );
}

function Job({ job, headway, onCancel }: { job: JobOut; headway: Headway | undefined; onCancel: () => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { may } = useCaller();
  const fraction = Math.max(job.fraction, headway?.fraction ?? 0);
  const step = headway?.step ?? job.step;
  if (job.state === "failed") {
    return (
      <Text size="sm" role="alert">
        {job.title}: {job.error?.detail}
      </Text>
    );
  }
  const isRunning = job.state === "running";
  return (
    <div>
      <Group justify="space-between" gap="xs" mb={4}>
        <Text size="sm" fw={500}>
          {job.title}
        </Text>
        <Group gap="xs">
          <Text size="xs" c="dimmed">
            {isRunning ? `${step} · ${formats.percent(fraction, 0)}` : t("backtest.queued")}
          </Text>
          {may("trader") && (
            <Button size="compact-xs" variant="default" onClick={onCancel}>
              {t("common.cancel")}
            </Button>
          )}
        </Group>
      </Group>
      <Progress value={fraction * 100} animated={isRunning} aria-label={job.title} />
    </div>
  );
}
