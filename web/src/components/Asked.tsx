import { Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { CloudOff, TriangleAlert } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "@/api/problems";
import { useFormats } from "@/lib/useFormats";
import { useNow } from "@/lib/useNow";
import { Empty } from "./Empty";
import { Why } from "./Why";

const SLOW = 10_000;

interface AskedProps<Data> {
  query: UseQueryResult<Data, unknown>;
  children: (data: Data) => ReactNode;
  /** Said where there is nothing; needs `isEmpty`. */
  empty?: ReactNode;
  isEmpty?: (data: Data) => boolean;
  /** Height of what stands there while it loads. */
  height?: number;
}

/** What was asked of the server, in its five states: loading, failed, empty, stale with its age, ready. */
export function Asked<Data>({ query, children, empty, isEmpty, height = 160 }: AskedProps<Data>) {
  const { data, error, refetch } = query;
  if (data === undefined) {
    return error ? <Failure error={error} onRetry={() => refetch()} /> : <Loading height={height} />;
  }
  const shown = isEmpty?.(data) ? (empty ?? <Empty />) : children(data);
  if (!error) return shown;
  return (
    <>
      <Stale at={query.dataUpdatedAt} onRetry={() => refetch()} />
      <div className="stale">{shown}</div>
    </>
  );
}

/** Stands there while something loads; after a while it says that it still waits. */
export function Loading({ height }: { height: number }) {
  const { t } = useTranslation();
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Stack gap="xs" role="status" aria-label={t("common.loading")}>
      <Skeleton height={height} radius="md" />
      {isSlow && <Text c="dimmed">{t("common.slow")}</Text>}
    </Stack>
  );
}

function Stale({ at, onRetry }: { at: number; onRetry: () => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow();
  return (
    <Group gap="xs" mb="xs" role="status">
      <CloudOff size={16} aria-hidden />
      <Text size="sm">{t("common.stale", { ago: formats.ago(at, now) })}</Text>
      <Button size="compact-xs" variant="subtle" onClick={onRetry}>
        {t("common.retry")}
      </Button>
    </Group>
  );
}

/** Why something is not shown, and what can be done. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const problem = problemOf(error);
  return (
    <Stack role="alert" gap={6} align="center" py="lg" px="sm" ta="center">
      <TriangleAlert size={22} aria-hidden color="var(--warn)" />
      <Text fw={600}>{t("common.failure.title")}</Text>
      <Text size="sm" c="dimmed" maw={520}>
        {problem.code === "unreachable" ? t("common.failure.unreachable") : <Why error={error} />}
      </Text>
      {problem.status >= 500 && (
        <Text size="sm" c="dimmed" maw={520}>
          {t("common.failure.safe")}
        </Text>
      )}
      {problem.request_id && (
        <Text size="xs" c="dimmed">
          {t("common.request", { id: problem.request_id })}
        </Text>
      )}
      {onRetry && (
        <Button size="compact-sm" variant="light" onClick={onRetry}>
          {t("common.retry")}
        </Button>
      )}
    </Stack>
  );
}
