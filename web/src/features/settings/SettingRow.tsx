import { ActionIcon, Badge, Button, Code, Group, Text, Tooltip } from "@mantine/core";
import { Pencil, RotateCcw, Undo2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SettingAnswer } from "@/api/gen";
import { Marked } from "@/components/Marked";
import { useCaller } from "@/lib/caller";
import { useServerWords } from "@/lib/serverWords";
import { SettingEditor } from "./SettingEditor";
import { type Origin, originOf, textOf } from "./settingValues";

const COLOURS: Record<Origin, string> = {
  default: "gray",
  preset: "violet",
  file: "accent",
  keys: "teal",
  environment: "yellow",
  command: "yellow",
};
/** What wins over the file, and so is changed elsewhere. */
const FIXED: Origin[] = ["environment", "command"];

interface SettingRowProps {
  setting: SettingAnswer;
  draft: Record<string, unknown>;
  onPut: (value: unknown) => void;
  onLeave: () => void;
}

/** One setting: name, meaning, value and where it comes from; its editor when asked for. */
export function SettingRow({ setting, draft, onPut, onLeave }: SettingRowProps) {
  const { t } = useTranslation();
  const { may } = useCaller();
  const { meaningOf, allowedOf } = useServerWords();
  const [isOpen, setOpen] = useState(false);
  const isChanged = setting.key in draft;
  const origin = originOf(setting.origin);
  const isFixed = FIXED.includes(origin);
  const canChange = may("admin") && setting.changeable && !isFixed;
  return (
    <section className="setting" aria-label={setting.key}>
      <Group justify="space-between" align="flex-start" gap="sm" wrap="nowrap">
        <div style={{ minWidth: 0 }}>
          <Group gap={6}>
            <Text size="sm" fw={600} ff="monospace" style={{ overflowWrap: "anywhere" }}>
              {setting.key}
            </Text>
            {setting.live && (
              <Badge size="xs" variant="light" color="teal">
                {t("settings.config.live")}
              </Badge>
            )}
          </Group>
          <Text size="sm" c="dimmed">
            <Marked text={meaningOf(setting)} />
          </Text>
        </div>
        {canChange && !isOpen && !isChanged && (
          <Tooltip label={t("settings.config.change")}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`${t("settings.config.change")}: ${setting.key}`}
              onClick={() => setOpen(true)}
            >
              <Pencil size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </Group>
      {isOpen || isChanged ? (
        <Group gap="xs" align="flex-end" mt={6}>
          <SettingEditor
            setting={setting}
            value={isChanged ? draft[setting.key] : setting.value}
            allowed={allowedOf(setting.allowed)}
            onPut={onPut}
          />
          {origin === "file" && (
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<RotateCcw size={14} aria-hidden />}
              onClick={() => onPut(null)}
            >
              {t("settings.config.takeOut")}
            </Button>
          )}
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            leftSection={<Undo2 size={14} aria-hidden />}
            onClick={() => {
              onLeave();
              setOpen(false);
            }}
          >
            {t("settings.config.leave")}
          </Button>
        </Group>
      ) : (
        <Group gap={8} mt={4}>
          <Shown value={setting.value} />
          <Badge variant="light" color={COLOURS[origin]} tt="none" title={setting.origin}>
            {t(`settings.origin.${origin}`)}
          </Badge>
          {origin !== "default" && !setting.secret && (
            <Text size="xs" c="dimmed">
              {t("settings.config.default", { value: textOf(setting.default) || t("settings.config.nothingSet") })}
            </Text>
          )}
          <Text size="xs" c="dimmed">
            {allowedOf(setting.allowed)}
          </Text>
          {may("admin") && !canChange && (
            <Text size="xs" c="dimmed">
              {t(whyNot(setting, isFixed), { origin: setting.origin })}
            </Text>
          )}
        </Group>
      )}
    </section>
  );
}

function whyNot(setting: SettingAnswer, isFixed: boolean): string {
  if (setting.secret) return "settings.config.inKeys";
  return isFixed && setting.changeable ? "settings.config.fixed" : "settings.config.atMachine";
}

function Shown({ value }: { value: unknown }) {
  const { t } = useTranslation();
  const text = textOf(value);
  if (typeof value === "boolean") return <Code>{t(value ? "settings.config.yes" : "settings.config.no")}</Code>;
  if (!text) return <Code c="dimmed">{t("settings.config.nothingSet")}</Code>;
  return <Code style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{text}</Code>;
}
