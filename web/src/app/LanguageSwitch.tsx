import { ActionIcon } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { LANGUAGES, type Language, speak } from "@/i18n";

const NAMES: Record<Language, string> = { en: "English", uk: "Українська" };

/** Speaks the next language. */
export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  const now = LANGUAGES.indexOf(i18n.language as Language);
  const next = LANGUAGES[(now + 1) % LANGUAGES.length] ?? "en";
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      fz={13}
      fw={600}
      title={NAMES[next]}
      aria-label={`${i18n.language.toUpperCase()}: ${t("app.language")}, ${NAMES[next]}`}
      onClick={() => speak(next)}
    >
      {i18n.language.toUpperCase()}
    </ActionIcon>
  );
}
