import { Badge, Button, Code, Group, List, Paper, SimpleGrid, Stack, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck, Send, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ChannelAnswer, SendingAnswer } from "@/api/gen";
import {
  listNotificationChannelsOptions,
  listNotificationsOptions,
  readSettingOptions,
  tryChannelMutation,
} from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { CopyAs } from "@/components/CopyAs";
import { Panel } from "@/components/Panel";
import { Refusal } from "@/components/Refusal";
import { useCaller } from "@/lib/caller";
import { useFormats } from "@/lib/useFormats";

const LIMIT = "notifications.most_a_minute";

/** The ways by which people are told, how each does, and a message to try it. */
export function Channels() {
  const { t } = useTranslation();
  const query = useQuery(listNotificationChannelsOptions());
  const sent = useQuery({ ...listNotificationsOptions({ query: { limit: 500 } }), refetchInterval: 15_000 });
  return (
    <Panel title={t("notifications.channels.title")}>
      <Asked query={query} isEmpty={(found) => found.length === 0} empty={<NoChannels />}>
        {(found) => (
          <Stack gap="sm">
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm">
              {found.map((one) => (
                <Channel
                  key={one.name}
                  channel={one}
                  last={sent.data?.find((message) => message.channel === one.name && message.state !== "waiting")}
                />
              ))}
            </SimpleGrid>
            <Limits />
          </Stack>
        )}
      </Asked>
    </Panel>
  );
}

function Channel({ channel, last }: { channel: ChannelAnswer; last: SendingAnswer | undefined }) {
  const { t } = useTranslation();
  const { may } = useCaller();
  const attempt = useMutation({ ...tryChannelMutation(), meta: { isShownInPlace: true } });
  return (
    <Paper p="sm" bg="transparent">
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap">
          <Text fw={600} truncate>
            {channel.name}
          </Text>
          <Badge variant="light" color="gray">
            {t(`notifications.language.${channel.language}`)}
          </Badge>
        </Group>
        <LastOf last={last} />
        {may("trader") && (
          <Group gap="xs">
            <Button
              size="compact-sm"
              variant="light"
              leftSection={<Send size={14} aria-hidden />}
              loading={attempt.isPending}
              onClick={() => attempt.mutate({ body: { channel: channel.name } })}
            >
              {t("notifications.channels.test")}
              <span className="unseen">{channel.name}</span>
            </Button>
            <CopyAs api={{ method: "POST", path: "/api/v1/notifications/test", body: { channel: channel.name } }} />
            {attempt.isSuccess && (
              <Group gap={4} role="status">
                <CircleCheck size={15} aria-hidden color="var(--up)" />
                <Text size="sm">{t("notifications.channels.tested")}</Text>
              </Group>
            )}
          </Group>
        )}
        <Refusal error={attempt.error} />
      </Stack>
    </Paper>
  );
}

/** What became of the last message of a channel. */
function LastOf({ last }: { last: SendingAnswer | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats();
  if (!last)
    return (
      <Text size="sm" c="dimmed">
        {t("notifications.channels.unused")}
      </Text>
    );
  const time = formats.time(last.at);
  if (last.state === "sent") return <Text size="sm">{t("notifications.channels.sent", { time })}</Text>;
  return (
    <Group gap={6} wrap="nowrap" align="flex-start">
      <TriangleAlert size={15} aria-hidden color="var(--warn)" style={{ flex: "none", marginTop: 3 }} />
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        {t("notifications.channels.failed", { time, error: last.error })}
      </Text>
    </Group>
  );
}

function Limits() {
  const { t } = useTranslation();
  const query = useQuery(readSettingOptions({ path: { key: LIMIT } }));
  const count = Number(query.data?.value ?? 0);
  if (!query.data) return null;
  return (
    <Text size="sm" c="dimmed">
      {t("notifications.limits", { count })}{" "}
      <Link to="/settings" search={{ tab: "configuration", section: "notifications" }} className="link">
        {t("notifications.limitsChange")}
      </Link>
    </Text>
  );
}

function NoChannels() {
  const { t } = useTranslation();
  return (
    <Stack gap="xs" py="sm" maw={720}>
      <Text>{t("notifications.none.text")}</Text>
      <List size="sm" spacing={6}>
        <List.Item>
          {t("notifications.none.telegram")}{" "}
          <Link to="/settings" search={{ tab: "configuration", section: "notifications" }} className="link">
            {t("notifications.none.settings")}
          </Link>
        </List.Item>
        <List.Item>
          {t("notifications.none.others")} <Code>tradewright.yaml</Code>:
          <Code block mt={4} style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
            {"notifications:\n  channels:\n    - name: mail\n      url: mailtos://user:password@example.org"}
          </Code>
        </List.Item>
      </List>
      <Text size="sm" c="dimmed">
        {t("notifications.none.rest")}
      </Text>
    </Stack>
  );
}
