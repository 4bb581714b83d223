import { Badge, Button, Code, Group, SimpleGrid, Stack, Table, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { PresetAnswer, SettingAnswer } from "@/api/gen";
import { changeSettingsMutation, listPresetsOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { CopyAs } from "@/components/CopyAs";
import { Panel } from "@/components/Panel";
import { Refusal } from "@/components/Refusal";
import { Wide } from "@/components/Wide";
import { useCaller } from "@/lib/caller";
import { useServerWords } from "@/lib/serverWords";
import { textOf } from "./settingValues";
import { useReadAnew, useSettings } from "./useSettings";

/** Values that belong together: what each preset sets beside what counts now; one is chosen or none. */
export function PresetsTab() {
  const { t } = useTranslation();
  const presets = useQuery(listPresetsOptions());
  const settings = useSettings();
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed" maw={760}>
        {t("settings.presets.note")}
      </Text>
      <Asked query={presets} height={320}>
        {(found) => (
          <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
            {found.items.map((one) => (
              <Preset
                key={one.name}
                preset={one}
                settings={settings.data?.items ?? []}
                version={settings.data?.version ?? "*"}
              />
            ))}
          </SimpleGrid>
        )}
      </Asked>
    </Stack>
  );
}

interface PresetProps {
  preset: PresetAnswer;
  settings: SettingAnswer[];
  version: string;
}

function Preset({ preset, settings, version }: PresetProps) {
  const { t } = useTranslation();
  const { may } = useCaller();
  const { phrase } = useServerWords();
  const readAnew = useReadAnew();
  const values = { preset: preset.is_active ? null : preset.name };
  const choose = useMutation({
    ...changeSettingsMutation(),
    meta: { isShownInPlace: true },
    onSuccess: async (made) => {
      notifications.show({ message: t("settings.config.saved", { number: made.number }) });
      await readAnew();
    },
  });
  const nowOf = (key: string) => settings.find((one) => one.key === key)?.value;
  const actions = (
    <>
      {preset.is_active && <Badge variant="light">{t("settings.presets.active")}</Badge>}
      {may("admin") && (
        <>
          <CopyAs api={{ method: "PATCH", path: "/api/v1/settings", body: { values } }} />
          <Button
            size="compact-sm"
            variant={preset.is_active ? "default" : "light"}
            loading={choose.isPending}
            onClick={() => choose.mutate({ body: { values }, headers: { "if-match": version } })}
          >
            {t(preset.is_active ? "settings.presets.leave" : "settings.presets.use")}
            <span className="unseen">{preset.name}</span>
          </Button>
        </>
      )}
    </>
  );
  return (
    <Panel title={preset.name} actions={actions}>
      <Stack gap="xs">
        <Text size="sm">{phrase(preset.meaning)}</Text>
        <Refusal error={choose.error} />
        <Wide minWidth={320}>
          <Table fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("settings.presets.key")}</Table.Th>
                <Table.Th>{t("settings.presets.now")}</Table.Th>
                <Table.Th>{t("settings.presets.sets")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {Object.entries(preset.values).map(([key, value]) => {
                const isOther = textOf(nowOf(key)) !== textOf(value);
                return (
                  <Table.Tr key={key}>
                    <Table.Td ff="monospace">{key}</Table.Td>
                    <Table.Td>
                      <Code>{textOf(nowOf(key)) || "–"}</Code>
                    </Table.Td>
                    <Table.Td>
                      <Group gap={6} wrap="nowrap">
                        <Code fw={isOther ? 700 : 400}>{textOf(value)}</Code>
                      </Group>
                    </Table.Td>
                  </Table.Tr>
                );
              })}
            </Table.Tbody>
          </Table>
        </Wide>
      </Stack>
    </Panel>
  );
}
