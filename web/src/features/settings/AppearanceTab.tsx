import { Group, SegmentedControl, Stack, Switch, Text, useMantineColorScheme } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Change } from "@/components/Change";
import { Panel } from "@/components/Panel";
import { LANGUAGES, type Language, speak } from "@/i18n";
import { type Preferences, prefer, usePreferences } from "@/lib/preferences";
import { useFormats } from "@/lib/useFormats";

const PALETTES: Preferences["palette"][] = ["classic", "blue", "plain"];
const NAMES: Record<Language, string> = { en: "English", uk: "Українська" };

/** How the page looks in this browser. */
export function AppearanceTab() {
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  const { palette, hasKeys } = usePreferences();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Panel>
      <Stack gap="lg" maw={560}>
        <Choice label={t("app.language")}>
          <SegmentedControl
            aria-label={t("app.language")}
            value={i18n.language}
            onChange={(language) => speak(language as Language)}
            data={LANGUAGES.map((value) => ({ value, label: NAMES[value] }))}
          />
        </Choice>
        <Choice label={t("settings.theme.label")}>
          <SegmentedControl
            aria-label={t("settings.theme.label")}
            value={colorScheme}
            onChange={(scheme) => setColorScheme(scheme as "dark" | "light" | "auto")}
            data={(["dark", "light", "auto"] as const).map((value) => ({ value, label: t(`settings.theme.${value}`) }))}
          />
        </Choice>
        <Choice label={t("settings.palette.label")}>
          <SegmentedControl
            aria-label={t("settings.palette.label")}
            value={palette}
            onChange={(chosen) => prefer({ palette: chosen as Preferences["palette"] })}
            data={PALETTES.map((value) => ({ value, label: t(`settings.palette.${value}`) }))}
          />
        </Choice>
        <Group gap="lg">
          <Change value={1} hasArrow>
            {formats.change(0.0123)}
          </Change>
          <Change value={-1} hasArrow>
            {formats.change(-0.0087)}
          </Change>
        </Group>
        <Switch
          label={t("settings.keys")}
          checked={hasKeys}
          onChange={(event) => prefer({ hasKeys: event.currentTarget.checked })}
        />
      </Stack>
    </Panel>
  );
}

function Choice({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <Group justify="space-between">
      <Text>{label}</Text>
      {children}
    </Group>
  );
}
