import { Anchor, Button, Group, SimpleGrid, Stack, Tabs, Text, TextInput, Title } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Empty } from "@/components/Empty";
import { KeyMap } from "@/components/KeyMap";
import { Marked } from "@/components/Marked";
import { Panel } from "@/components/Panel";
import { ScreenTitle } from "@/components/ScreenTitle";
import { prefer, usePreferences } from "@/lib/preferences";
import { GUIDES, PLACES, TERMS } from "./topics";

const route = getRouteApi("/help");
const TABS = ["guides", "screens", "keys", "glossary"] as const;

/** Short guides, what each screen is for, keys, and what words mean. */
export function HelpScreen() {
  const { t } = useTranslation();
  const { tab = "guides" } = route.useSearch();
  const navigate = route.useNavigate();
  const panels = { guides: <Guides />, screens: <Places />, keys: <Keys />, glossary: <Glossary /> };
  return (
    <>
      <ScreenTitle title={t("app.screens.help")} note={t("help.note")} actions={<AgainButton />} />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(name) => name && navigate({ search: { tab: name }, replace: true })}
      >
        <Tabs.List mb="md">
          {TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`help.tabs.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {TABS.map((name) => (
          <Tabs.Panel key={name} value={name}>
            {panels[name]}
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}

function AgainButton() {
  const { t } = useTranslation();
  const { isGuideClosed } = usePreferences();
  if (!isGuideClosed) return null;
  return (
    <Button variant="default" component={Link} to="/" onClick={() => prefer({ isGuideClosed: false })}>
      {t("help.again")}
    </Button>
  );
}

function Guides() {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }} spacing="md">
      {GUIDES.map(({ name, path, steps }) => (
        <Panel key={name} title={t(`help.guide.${name}.title`)}>
          <ol className="steps">
            {steps.map((step) => (
              <li key={step}>
                <Marked text={t(`help.guide.${name}.${step}`)} />
              </li>
            ))}
          </ol>
          <Anchor component={Link} to={path} size="sm" underline="always">
            {t("help.open")}
            <span className="unseen">: {t(`help.guide.${name}.title`)}</span>
          </Anchor>
        </Panel>
      ))}
    </SimpleGrid>
  );
}

function Places() {
  const { t } = useTranslation();
  return (
    <Panel title={t("help.tabs.screens")}>
      <Stack gap="sm">
        {PLACES.map(({ name, path }) => (
          <div key={name}>
            <Anchor component={Link} to={path} fw={600} underline="always">
              {t(`app.screens.${name}`)}
            </Anchor>
            <Text size="sm" c="dimmed" maw={820}>
              {t(`help.place.${name}`)}
            </Text>
          </div>
        ))}
      </Stack>
    </Panel>
  );
}

function Keys() {
  const { t } = useTranslation();
  return (
    <Panel title={t("help.tabs.keys")}>
      <Text size="sm" c="dimmed" mb="sm">
        {t("help.keysNote")}
      </Text>
      <KeyMap goals={PLACES} />
    </Panel>
  );
}

function Glossary() {
  const { t } = useTranslation();
  const { q = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const words = q.trim().toLowerCase();
  const found = TERMS.map((name) => ({ name, title: t(`help.term.${name}.title`), text: t(`help.term.${name}.text`) }))
    .filter(({ title, text }) => `${title} ${text}`.toLowerCase().includes(words))
    .sort((a, b) => a.title.localeCompare(b.title));
  return (
    <Panel>
      <Group mb="md">
        <TextInput
          aria-label={t("help.search")}
          placeholder={t("help.search")}
          leftSection={<Search size={15} aria-hidden />}
          data-search
          value={q}
          onChange={(event) =>
            navigate({ search: { tab: "glossary", q: event.currentTarget.value }, replace: true, resetScroll: false })
          }
        />
      </Group>
      {found.length === 0 && <Empty text={t("help.noTerm")} />}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        {found.map(({ name, title, text }) => (
          <section key={name} aria-label={title}>
            <Title order={3}>{title}</Title>
            <Text size="sm">{text}</Text>
          </section>
        ))}
      </SimpleGrid>
    </Panel>
  );
}
