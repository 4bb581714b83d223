import { Tabs } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ScreenTitle } from "@/components/ScreenTitle";
import { useCaller } from "@/lib/caller";
import { AccountTab } from "./AccountTab";
import { AppearanceTab } from "./AppearanceTab";
import { ConfigurationTab } from "./ConfigurationTab";
import { HistoryTab } from "./HistoryTab";
import { KeysTab } from "./KeysTab";
import { PresetsTab } from "./PresetsTab";
import { TokensTab } from "./TokensTab";
import { UsersTab } from "./UsersTab";

const route = getRouteApi("/settings");

/** The configuration with its history, keys, one's own account, how the page looks, who may come in. */
export function SettingsScreen() {
  const { t } = useTranslation();
  const { may } = useCaller();
  const { tab = "configuration" } = route.useSearch();
  const navigate = route.useNavigate();
  const tabs = [
    { name: "configuration", panel: <ConfigurationTab /> },
    { name: "presets", panel: <PresetsTab /> },
    { name: "history", panel: <HistoryTab /> },
    ...(may("admin") ? [{ name: "secrets", panel: <KeysTab /> }] : []),
    { name: "account", panel: <AccountTab /> },
    { name: "appearance", panel: <AppearanceTab /> },
    { name: "tokens", panel: <TokensTab /> },
    ...(may("admin") ? [{ name: "users", panel: <UsersTab /> }] : []),
  ];
  return (
    <>
      <ScreenTitle title={t("app.screens.settings")} />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(name) => name && navigate({ search: { tab: name }, replace: true })}
      >
        <Tabs.List mb="md">
          {tabs.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {t(`settings.tabs.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map(({ name, panel }) => (
          <Tabs.Panel key={name} value={name}>
            {panel}
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}
