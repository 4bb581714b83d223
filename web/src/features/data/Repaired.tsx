import { Alert, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Wrench } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { SeriesOut } from "@/api/gen";
import { listJobsOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Wide } from "@/components/Wide";
import { useFormats } from "@/lib/useFormats";
import { useWord } from "@/lib/useWord";
import { mendedIn } from "./found";

const WISH = { query: { kind: "data_repair", limit: 20 } } as const;
const MOST_SHOWN = 20;

/** What the last repair of a series has done; nothing where it was not repaired lately. */
export function Repaired({ one }: { one: SeriesOut }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const word = useWord();
  const jobs = useQuery({ ...listJobsOptions(WISH), refetchInterval: 5_000 });
  const done = mendedIn(jobs.data?.items ?? [], one);
  if (!done) return null;
  const shown = done.actions.slice(0, MOST_SHOWN);
  return (
    <Alert
      color="gray"
      variant="light"
      role="status"
      icon={<Wrench size={18} aria-hidden />}
      title={t("data.repaired", { time: formats.time(done.at) })}
    >
      <Text size="sm">
        {done.count > 0 ? t("data.deeds", { count: done.count }) : t("data.nothingDone")}
        {done.missing > 0 && ` ${t("data.left", { count: done.missing })}`}
      </Text>
      {shown.length > 0 && (
        <Wide minWidth={420}>
          <Table fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("data.bar")}</Table.Th>
                <Table.Th>{t("data.deedHead")}</Table.Th>
                <Table.Th>{t("data.because")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map((action) => (
                <Table.Tr key={`${action.ts_open} ${action.done}`}>
                  <Table.Td className="nowrap">{formats.time(action.ts_open)}</Table.Td>
                  <Table.Td>{word("data.deed", action.done)}</Table.Td>
                  <Table.Td>{word("data.fault", action.reason)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Wide>
      )}
      {done.count > shown.length && (
        <Text size="xs" c="dimmed">
          {t("data.andMore", { count: done.count - shown.length })}
        </Text>
      )}
    </Alert>
  );
}
