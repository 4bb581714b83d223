import { Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { JobRow } from "@/components/jobs/JobRow";
import { isOpen, useJobs } from "@/components/jobs/useJobs";
import { Panel } from "@/components/Panel";

/** What runs and waits, how far it is, and what has failed last. */
export function Jobs() {
  const { t } = useTranslation();
  const { jobs, cancel } = useJobs();
  const open = jobs.filter(isOpen);
  const failed = jobs[0]?.state === "failed" ? [jobs[0]] : [];
  if (open.length + failed.length === 0) return null;
  return (
    <Panel title={t("backtest.jobs")}>
      <Stack gap="sm">
        {[...open, ...failed].map((job) => (
          <JobRow key={job.id} job={job} onCancel={() => cancel(job.id)} />
        ))}
      </Stack>
    </Panel>
  );
}
