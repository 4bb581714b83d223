import { Button, Code, Group, Stack, Table, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listSettingsVersions, type SettingsVersion } from "@/api/gen";
import { listSettingsVersionsQueryKey, rollSettingsBackMutation } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Empty } from "@/components/Empty";
import { Panel } from "@/components/Panel";
import { TypedConfirm } from "@/components/TypedConfirm";
import { Wide } from "@/components/Wide";
import { useCaller } from "@/lib/caller";
import { useFormats } from "@/lib/useFormats";
import { textOf } from "./settingValues";
import { useReadAnew } from "./useSettings";

const PAGE = 25;

/** Every configuration that was in effect: who changed what and when; back to any of them. */
export function HistoryTab() {
  const { t } = useTranslation();
  const query = useInfiniteQuery({
    queryKey: [...listSettingsVersionsQueryKey(), "pages"],
    queryFn: async ({ pageParam }) => {
      const wish = { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) };
      return (await listSettingsVersions({ query: wish, throwOnError: true })).data;
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const versions = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel title={t("settings.tabs.history")}>
      <Asked query={query} isEmpty={() => versions.length === 0} empty={<Empty text={t("settings.history.none")} />}>
        {() => <Versions versions={versions} />}
      </Asked>
      {query.hasNextPage && (
        <Group justify="center" mt="sm">
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
            {t("common.more")}
          </Button>
        </Group>
      )}
    </Panel>
  );
}

function Versions({ versions }: { versions: SettingsVersion[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { may } = useCaller();
  const readAnew = useReadAnew();
  const [asked, setAsked] = useState<SettingsVersion | null>(null);
  const back = useMutation({
    ...rollSettingsBackMutation(),
    onSuccess: async (made) => {
      notifications.show({ message: t("settings.history.done", { number: made.number }) });
      await readAnew();
    },
    onSettled: () => setAsked(null),
  });
  const [latest] = versions;
  return (
    <>
      <Wide minWidth={640}>
        <Table fz="sm" verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("settings.history.version")}</Table.Th>
              <Table.Th>{t("settings.history.when")}</Table.Th>
              <Table.Th>{t("settings.history.who")}</Table.Th>
              <Table.Th>{t("settings.history.what")}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {versions.map((one) => (
              <Table.Tr key={one.number} style={{ verticalAlign: "top" }}>
                <Table.Td>{one.number}</Table.Td>
                <Table.Td className="nowrap">{formats.instant(one.time)}</Table.Td>
                <Table.Td>
                  {one.author}
                  <Text size="xs" c="dimmed">
                    {one.note}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Changes version={one} />
                </Table.Td>
                <Table.Td className="number">
                  {may("admin") && one !== latest && (
                    <Button size="compact-xs" variant="default" onClick={() => setAsked(one)}>
                      {t("settings.history.back")}
                      <span className="unseen">{one.number}</span>
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
      <TypedConfirm
        isOpen={asked !== null}
        onClose={() => setAsked(null)}
        title={t("settings.history.askTitle", { number: asked?.number })}
        verb={t("settings.history.back")}
        isBusy={back.isPending}
        onConfirm={() => asked && back.mutate({ path: { number: asked.number } })}
      >
        {t("settings.history.askText")}
      </TypedConfirm>
    </>
  );
}

function Changes({ version }: { version: SettingsVersion }) {
  const { t } = useTranslation();
  const shown = (value: unknown) => textOf(value) || t("settings.config.nothingSet");
  if (version.changes.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t("settings.history.same")}
      </Text>
    );
  return (
    <Stack gap={4}>
      {version.changes.map((one) => (
        <Group key={one.key} gap={6}>
          <Text size="sm" ff="monospace">
            {one.key}
          </Text>
          <Code className="before">{shown(one.before)}</Code>
          <span aria-hidden>→</span>
          <Code className="after">{shown(one.after)}</Code>
        </Group>
      ))}
    </Stack>
  );
}
