import { Alert, List } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { FileCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { listJobsOptions } from "@/api/gen/@tanstack/react-query.gen";
import { useFormats } from "@/lib/useFormats";

const WISH = { query: { kind: "import", limit: 20 } } as const;

interface Told {
  rows?: number;
  added?: number;
  same?: number;
  replaced?: unknown[];
  notes?: string[];
}

/** What the last file has brought, and what had to be assumed of it; nothing where it was refused. */
export function Taken() {
  const { t } = useTranslation();
  const formats = useFormats();
  const jobs = useQuery({ ...listJobsOptions(WISH), refetchInterval: 5_000 });
  const last = jobs.data?.items[0];
  if (last?.state !== "done") return null;
  const told = (last.result ?? {}) as Told;
  const [added, same, replaced] = [told.added, told.same, told.replaced?.length].map((count) =>
    formats.number(count ?? 0, 0),
  );
  return (
    <Alert
      color="teal"
      variant="light"
      role="status"
      icon={<FileCheck size={18} aria-hidden />}
      title={`${t("data.taken", { time: formats.time(last.ended_at ?? last.created_at) })}: ${last.subject}`}
    >
      {t("data.takenRows", { count: told.rows ?? 0, added, same, replaced })}
      {(told.notes ?? []).length > 0 && (
        <List size="sm" mt={4} lang="en">
          {told.notes?.map((note) => (
            <List.Item key={note}>{note}</List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}
