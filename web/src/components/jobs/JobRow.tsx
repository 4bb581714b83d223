import { Button, Group, Progress, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useCaller } from "@/lib/caller";
import { refusalText } from "@/lib/problemText";
import { useFormats } from "@/lib/useFormats";
import { useJobTitle } from "@/lib/useJobTitle";
import { isOpen, type Shown } from "./useJobs";

/** One job: what it is, how far it is, and a way to end it; one that failed says why. */
export function JobRow({ job, onCancel }: { job: Shown; onCancel: () => void }) {
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  const { may } = useCaller();
  const title = useJobTitle()(job);
  if (!isOpen(job)) {
    return (
      <Text size="sm" role={job.state === "failed" ? "alert" : undefined}>
        <Text span fw={500}>
          {title}
        </Text>
        {": "}
        {job.error ? refusalText(i18n, job.error) : t(`jobs.state.${job.state}`)}
      </Text>
    );
  }
  const key = `jobs.step.${job.step}`;
  const step = job.step && i18n.exists(key) ? t(key) : job.step;
  const isRunning = job.state === "running";
  return (
    <div>
      <Group justify="space-between" gap="xs" mb={4} wrap="nowrap">
        <Text size="sm" fw={500} truncate>
          {title}
        </Text>
        <Group gap="xs" wrap="nowrap">
          <Text size="xs" c="dimmed" className="nowrap">
            {isRunning ? [step, formats.percent(job.fraction, 0)].filter(Boolean).join(" · ") : t("jobs.state.queued")}
          </Text>
          {may("trader") && (
            <Button size="compact-xs" variant="default" onClick={onCancel} aria-label={t("jobs.cancel", { title })}>
              {t("common.cancel")}
            </Button>
          )}
        </Group>
      </Group>
      <Progress value={job.fraction * 100} animated={isRunning} aria-label={title} />
    </div>
  );
}
