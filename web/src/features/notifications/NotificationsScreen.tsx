import { Stack, Tabs } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ScreenTitle } from "@/components/ScreenTitle";
import { Channels } from "./Channels";
import { Matrix } from "./Matrix";
import { Rules } from "./Rules";
import { Sent } from "./Sent";

const route = getRouteApi("/notifications");

/** Whom to tell what happens: channels and the matrix, rules of one's own, what was sent. */
export function NotificationsScreen() {
  const { t } = useTranslation();
  const { tab = "channels" } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <ScreenTitle title={t("app.screens.notifications")} note={t("notifications.note")} />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(name) => name && navigate({ search: { tab: name }, replace: true })}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="channels">{t("notifications.tabs.channels")}</Tabs.Tab>
          <Tabs.Tab value="rules">{t("notifications.tabs.rules")}</Tabs.Tab>
          <Tabs.Tab value="sent">{t("notifications.tabs.sent")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="channels">
          <Stack gap="md">
            <Channels />
            <Matrix />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="rules">
          <Rules />
        </Tabs.Panel>
        <Tabs.Panel value="sent">
          <Sent />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
