import { Affix, Alert, Button, Code, Group, Paper, Stack, Text, Transition } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { SettingAnswer } from "@/api/gen";
import { changeSettingsMutation } from "@/api/gen/@tanstack/react-query.gen";
import { problemOf } from "@/api/problems";
import { CopyAs } from "@/components/CopyAs";
import { Refusal } from "@/components/Refusal";
import { textOf } from "./settingValues";
import { useReadAnew } from "./useSettings";

interface SaveBarProps {
  draft: Record<string, unknown>;
  settings: SettingAnswer[];
  version: string;
  onDone: () => void;
}

/** What is about to change, told once more, and kept all together or not at all. */
export function SaveBar({ draft, settings, version, onDone }: SaveBarProps) {
  const { t } = useTranslation();
  const readAnew = useReadAnew();
  const keys = Object.keys(draft);
  // The version that was read when the first change was made: what another has changed since is not overwritten.
  const begun = useRef(version);
  useEffect(() => {
    if (keys.length === 0) begun.current = version;
  }, [keys.length, version]);
  const save = useMutation({
    ...changeSettingsMutation(),
    meta: { isShownInPlace: true },
    onSuccess: async (made) => {
      onDone();
      notifications.show({ message: t("settings.config.saved", { number: made.number }) });
      await readAnew();
    },
    onError: (error) => {
      if (problemOf(error).status === 412) void readAnew();
    },
  });
  const isConflict = problemOf(save.error).status === 412;
  const discard = () => {
    save.reset();
    onDone();
  };
  const send = () => {
    if (isConflict) begun.current = version;
    save.mutate({ body: { values: draft }, headers: { "if-match": begun.current } });
  };
  return (
    <Affix position={{ bottom: 0, left: 0, right: 0 }} zIndex={150} className="save-bar">
      <Transition mounted={keys.length > 0} transition="slide-up">
        {(style) => (
          <Paper style={style} p="sm" radius={0} shadow="lg" role="region" aria-label={t("settings.config.changes")}>
            <Stack gap="xs" maw={1200} mx="auto">
              <Stack gap={2} mah={160} style={{ overflowY: "auto" }}>
                {keys.map((key) => (
                  <Line key={key} name={key} before={settings.find((one) => one.key === key)} after={draft[key]} />
                ))}
              </Stack>
              {isConflict ? (
                <Alert color="orange" icon={<TriangleAlert size={18} aria-hidden />} role="alert">
                  {t("settings.config.conflict")}
                </Alert>
              ) : (
                <Refusal error={save.error} />
              )}
              <Group justify="flex-end" gap="xs">
                <CopyAs api={{ method: "PATCH", path: "/api/v1/settings", body: { values: draft } }} />
                <Button variant="default" onClick={discard}>
                  {t("settings.config.discard")}
                </Button>
                <Button loading={save.isPending} onClick={send}>
                  {t(isConflict ? "settings.config.saveAnyway" : "settings.config.save", { count: keys.length })}
                </Button>
              </Group>
            </Stack>
          </Paper>
        )}
      </Transition>
    </Affix>
  );
}

function Line({ name, before, after }: { name: string; before: SettingAnswer | undefined; after: unknown }) {
  const { t } = useTranslation();
  const shown = (value: unknown) => textOf(value) || t("settings.config.nothingSet");
  return (
    <Group gap={6} wrap="wrap">
      <Text size="sm" ff="monospace">
        {name}
      </Text>
      <Code>{shown(before?.value)}</Code>
      <span aria-hidden>→</span>
      <Code>{after === null ? shown(before?.optional ? null : before?.default) : shown(after)}</Code>
    </Group>
  );
}
