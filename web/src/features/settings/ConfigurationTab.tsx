import { Alert, Badge, Box, Grid, NativeSelect, NavLink, Stack, Text, TextInput } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { Info, Search } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SettingAnswer } from "@/api/gen";
import { Asked } from "@/components/Asked";
import { Empty } from "@/components/Empty";
import { Panel } from "@/components/Panel";
import { useCaller } from "@/lib/caller";
import { useServerWords } from "@/lib/serverWords";
import { SaveBar } from "./SaveBar";
import { SettingRow } from "./SettingRow";
import { sectionOf } from "./settingValues";
import { useSettings } from "./useSettings";

const route = getRouteApi("/settings");
/** What is to change, by key; null takes a value out. */
export type Draft = Record<string, unknown>;

/** Every setting, by section: what it is, what it may be, where its value comes from; changed together. */
export function ConfigurationTab() {
  const query = useSettings();
  return (
    <Asked query={query} height={420}>
      {(found) => <Configuration settings={found.items} version={found.version} />}
    </Asked>
  );
}

function Configuration({ settings, version }: { settings: SettingAnswer[]; version: string }) {
  const { t } = useTranslation();
  const { may } = useCaller();
  const { meaningOf } = useServerWords();
  const { section = "trading", q = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const [draft, setDraft] = useState<Draft>({});
  const sections = useMemo(() => [...new Set(settings.map((one) => sectionOf(one.key)))], [settings]);
  const show = (change: { section?: string; q?: string }) =>
    navigate({ search: (now) => ({ ...now, ...change }), replace: true, resetScroll: false });
  const words = q.trim().toLowerCase();
  const shown = settings.filter((one) =>
    words ? `${one.key} ${meaningOf(one)}`.toLowerCase().includes(words) : sectionOf(one.key) === section,
  );
  const put = (key: string, value: unknown) => setDraft((now) => ({ ...now, [key]: value }));
  const leave = (key: string) => setDraft(({ [key]: _, ...rest }) => rest);
  const options = sections.map((value) => ({ value, label: t(`settings.section.${value}`) }));
  return (
    <Stack gap="md">
      {!may("admin") && (
        <Alert icon={<Info size={18} aria-hidden />} color="gray">
          {t("settings.config.adminOnly")}
        </Alert>
      )}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 3 }}>
          <Stack gap="xs">
            <TextInput
              aria-label={t("settings.config.search")}
              placeholder={t("settings.config.search")}
              leftSection={<Search size={15} aria-hidden />}
              data-search
              value={q}
              onChange={(event) => show({ q: event.currentTarget.value })}
            />
            <NativeSelect
              hiddenFrom="md"
              aria-label={t("settings.config.section")}
              data={options}
              value={section}
              onChange={(event) => show({ section: event.currentTarget.value, q: "" })}
            />
            <Box component="nav" aria-label={t("settings.config.section")} visibleFrom="md">
              {options.map(({ value, label }) => (
                <NavLink
                  key={value}
                  component="button"
                  label={label}
                  active={!words && value === section}
                  py={5}
                  style={{ borderRadius: 6 }}
                  rightSection={<Changed count={Object.keys(draft).filter((key) => sectionOf(key) === value).length} />}
                  onClick={() => show({ section: value, q: "" })}
                />
              ))}
            </Box>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 9 }}>
          <Panel title={words ? t("settings.config.found", { count: shown.length }) : t(`settings.section.${section}`)}>
            {!words && (
              <Text size="sm" c="dimmed" mb="xs" maw={720}>
                {t(`settings.about.${section}`)}
              </Text>
            )}
            {shown.length === 0 && <Empty text={t("settings.config.nothing")} />}
            {shown.map((one) => (
              <SettingRow
                key={one.key}
                setting={one}
                draft={draft}
                onPut={(value) => put(one.key, value)}
                onLeave={() => leave(one.key)}
              />
            ))}
          </Panel>
        </Grid.Col>
      </Grid>
      <SaveBar draft={draft} settings={settings} version={version} onDone={() => setDraft({})} />
    </Stack>
  );
}

function Changed({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <Badge size="sm" circle>
      {count}
    </Badge>
  );
}
