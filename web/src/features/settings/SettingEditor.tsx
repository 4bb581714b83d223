import { NativeSelect, SegmentedControl, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SettingAnswer } from "@/api/gen";
import { isDeep, readFrom, textOf } from "./settingValues";

interface SettingEditorProps {
  setting: SettingAnswer;
  value: unknown;
  allowed: string;
  onPut: (value: unknown) => void;
}

/** Asks for the value of a setting in the way that suits its kind. */
export function SettingEditor({ setting, value, allowed, onPut }: SettingEditorProps) {
  const { t } = useTranslation();
  if (setting.shape === "flag") {
    return (
      <SegmentedControl
        size="xs"
        aria-label={setting.key}
        value={String(value ?? setting.default)}
        data={[
          { value: "true", label: t("settings.config.yes") },
          { value: "false", label: t("settings.config.no") },
        ]}
        onChange={(word) => onPut(word === "true")}
      />
    );
  }
  if (setting.shape === "choice") {
    return (
      <NativeSelect
        size="xs"
        aria-label={setting.key}
        data={setting.choices}
        value={textOf(value ?? setting.default)}
        onChange={(event) => onPut(event.currentTarget.value)}
      />
    );
  }
  return <Typed setting={setting} value={value} allowed={allowed} onPut={onPut} />;
}

function Typed({ setting, value, allowed, onPut }: SettingEditorProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(textOf(value));
  const isWrong = readFrom(setting, text) === undefined;
  const put = (given: string) => {
    setText(given);
    const read = readFrom(setting, given);
    if (read !== undefined) onPut(read);
  };
  const shared = {
    "aria-label": setting.key,
    description: allowed,
    error: isWrong ? t("settings.config.wrong", { allowed }) : null,
    value: text,
    style: { flex: "1 1 220px", maxWidth: 420 },
  };
  if (isDeep(setting.value) || isDeep(setting.default)) {
    return (
      <Textarea
        {...shared}
        autosize
        minRows={3}
        maxRows={14}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        onChange={(event) => put(event.currentTarget.value)}
      />
    );
  }
  const isNumber = setting.shape === "integer" || setting.shape === "number";
  return (
    <TextInput
      {...shared}
      size="xs"
      inputMode={isNumber ? "decimal" : "text"}
      placeholder={textOf(setting.default)}
      onChange={(event) => put(event.currentTarget.value)}
    />
  );
}
