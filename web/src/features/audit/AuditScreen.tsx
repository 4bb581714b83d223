import { Badge, Button, Code, Group, Table, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ShieldCheck, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { listAudit } from "@/api/gen";
import { verifyAuditOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Empty } from "@/components/Empty";
import { Panel } from "@/components/Panel";
import { ScreenTitle } from "@/components/ScreenTitle";
import { Wide } from "@/components/Wide";
import { useFormats } from "@/lib/useFormats";
import { Filters, type Sought, wishOf } from "./Filters";

const route = getRouteApi("/audit");
const PAGE = 50;
/** So long after the last letter lines are asked for. */
const PAUSE = 300;

/** Who did what, in the order in which it was done; lines are chained, so that none can be changed unnoticed. */
export function AuditScreen() {
  const { t } = useTranslation();
  const formats = useFormats();
  const navigate = route.useNavigate();
  const sought = route.useSearch();
  const [asked] = useDebouncedValue(sought, PAUSE);
  const query = useInfiniteQuery({
    queryKey: ["audit-lines", asked],
    placeholderData: keepPreviousData,
    queryFn: async ({ pageParam }) => {
      const wish = { ...wishOf(asked), limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) };
      return (await listAudit({ query: wish, throwOnError: true })).data;
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const lines = query.data?.pages.flatMap((page) => page.items) ?? [];
  const seek = (search: Sought) => void navigate({ search, replace: true, resetScroll: false });
  return (
    <>
      <ScreenTitle title={t("app.screens.audit")} note={t("audit.note")} actions={<Verdict />} />
      <Panel>
        <Filters sought={sought} onSeek={seek} />
        <Asked query={query} isEmpty={() => lines.length === 0} empty={<Empty text={t("audit.noneSuch")} />}>
          {() => (
            <Wide minWidth={980}>
              <Table fz="sm">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t("audit.time")}</Table.Th>
                    <Table.Th>{t("audit.actor")}</Table.Th>
                    <Table.Th>{t("audit.action")}</Table.Th>
                    <Table.Th>{t("audit.subject")}</Table.Th>
                    <Table.Th>{t("audit.details")}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {lines.map((line) => (
                    <Table.Tr key={line.number}>
                      <Table.Td className="nowrap">{formats.instant(line.time)}</Table.Td>
                      <Table.Td>{line.actor}</Table.Td>
                      <Table.Td>
                        <Code>{line.action}</Code>
                      </Table.Td>
                      <Table.Td className="nowrap">{line.subject}</Table.Td>
                      <Table.Td>
                        <Text size="xs" c="dimmed" lineClamp={2} style={{ overflowWrap: "anywhere" }}>
                          {Object.keys(line.details).length > 0 && JSON.stringify(line.details)}
                        </Text>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Wide>
          )}
        </Asked>
        {query.hasNextPage && (
          <Group justify="center" mt="sm">
            <Button variant="light" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
              {t("common.more")}
            </Button>
          </Group>
        )}
      </Panel>
    </>
  );
}

function Verdict() {
  const { t } = useTranslation();
  const { data } = useQuery({ ...verifyAuditOptions(), staleTime: 60_000 });
  if (!data) return null;
  const isWhole = data.damage === "";
  return (
    <Badge
      variant="light"
      color={isWhole ? "teal" : "red"}
      leftSection={isWhole ? <ShieldCheck size={12} aria-hidden /> : <TriangleAlert size={12} aria-hidden />}
    >
      {isWhole ? t("audit.whole", { count: data.lines }) : data.damage}
    </Badge>
  );
}
