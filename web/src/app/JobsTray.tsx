import { ActionIcon, Indicator, Popover, ScrollArea, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ListChecks } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { JobRow } from "@/components/jobs/JobRow";
import { isOpen, useJobs } from "@/components/jobs/useJobs";
import { useJobTitle } from "@/lib/useJobTitle";

const MOST_ENDED = 5;

/** Work that is under way, from every screen: how far it is, a way to end it, and the way to what it made. */
export function JobsTray() {
  const { t } = useTranslation();
  const [isShown, setShown] = useState(false);
  const { jobs, cancel } = useJobs();
  const titleOf = useJobTitle();
  const open = jobs.filter(isOpen);
  const ended = jobs.filter((job) => !isOpen(job)).slice(0, MOST_ENDED);
  const label = t("jobs.open", { count: open.length });
  return (
    <Popover opened={isShown} onChange={setShown} position="bottom-end" withArrow trapFocus width="min(400px, 94vw)">
      <Indicator label={open.length} size={16} disabled={open.length === 0} offset={6}>
        <Popover.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            title={label}
            aria-label={label}
            onClick={() => setShown(!isShown)}
          >
            <ListChecks size={18} />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown aria-label={t("jobs.title")}>
        <ScrollArea.Autosize mah={420} viewportProps={{ tabIndex: 0 }}>
          <Stack gap="sm">
            <Text fw={600} size="sm">
              {t("jobs.title")}
            </Text>
            {jobs.length === 0 && (
              <Text size="sm" c="dimmed">
                {t("jobs.none")}
              </Text>
            )}
            {open.map((job) => (
              <JobRow key={job.id} job={job} onCancel={() => cancel(job.id)} />
            ))}
            {ended.map((job) =>
              job.kind === "backtest" && job.state === "done" ? (
                <Link
                  key={job.id}
                  to="/backtest/$id"
                  params={{ id: job.id }}
                  className="link"
                  onClick={() => setShown(false)}
                >
                  <Text size="sm">{titleOf(job)}</Text>
                </Link>
              ) : (
                <JobRow key={job.id} job={job} onCancel={() => cancel(job.id)} />
              ),
            )}
          </Stack>
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  );
}
