import { Badge, Checkbox, Group, Table, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Cell } from "@/api/gen";
import {
  changeNotificationMatrixMutation,
  readNotificationMatrixOptions,
  readNotificationMatrixQueryKey,
} from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Panel } from "@/components/Panel";
import { Wide } from "@/components/Wide";
import { useCaller } from "@/lib/caller";
import { tableOf } from "./matrixTable";

/** What is told at once, whatever the limits say. */
const URGENT = ["pending.changed", "health.changed"];

/** Which channel tells of which kind of event: a box for each, kept as soon as it is set. */
export function Matrix() {
  const { t } = useTranslation();
  const query = useQuery(readNotificationMatrixOptions());
  if (query.data?.length === 0) return null;
  return (
    <Panel title={t("notifications.matrix.title")}>
      <Asked query={query} height={280}>
        {(cells) => <Cells cells={cells} />}
      </Asked>
    </Panel>
  );
}

function Cells({ cells }: { cells: Cell[] }) {
  const { t } = useTranslation();
  const { may } = useCaller();
  const queries = useQueryClient();
  const { kinds, channels, isOn } = tableOf(cells);
  const change = useMutation({
    ...changeNotificationMatrixMutation(),
    onSuccess: (found) => queries.setQueryData(readNotificationMatrixQueryKey(), found),
  });
  const put = (kind: string, channel: string, isNowOn: boolean) =>
    change.mutate({ body: [{ kind, channel, is_on: isNowOn }] });
  return (
    <>
      <Wide minWidth={300 + channels.length * 96}>
        <Table fz="sm" className="matrix">
          <Table.Caption className="unseen">{t("notifications.matrix.title")}</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("notifications.matrix.event")}</Table.Th>
              {channels.map((channel) => (
                <Table.Th key={channel} ta="center">
                  {channel}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {kinds.map((kind) => (
              <Table.Tr key={kind}>
                <Table.Th scope="row" fw={400}>
                  <Group gap={8}>
                    <Text size="sm" fw={500}>
                      {t(`notifications.kind.${kind.replace(".", "-")}`)}
                    </Text>
                    {URGENT.includes(kind) && (
                      <Badge size="xs" variant="light" color="orange">
                        {t("notifications.matrix.urgent")}
                      </Badge>
                    )}
                  </Group>
                  <Text size="xs" c="dimmed">
                    {t(`notifications.about.${kind.replace(".", "-")}`)}
                  </Text>
                </Table.Th>
                {channels.map((channel) => (
                  <Table.Td key={channel}>
                    <Checkbox
                      styles={{ body: { justifyContent: "center" } }}
                      checked={isOn(kind, channel)}
                      disabled={!may("admin")}
                      aria-label={`${t(`notifications.kind.${kind.replace(".", "-")}`)} → ${channel}`}
                      onChange={(event) => put(kind, channel, event.currentTarget.checked)}
                    />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
      {!may("admin") && (
        <Text size="sm" c="dimmed" mt="xs">
          {t("notifications.matrix.adminOnly")}
        </Text>
      )}
    </>
  );
}
