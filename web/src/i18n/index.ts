import i18next, { type FormatterModule, type Resource } from "i18next";
import { initReactI18next } from "react-i18next";
import { type Formats, formatsOf } from "@/lib/format";

export const LANGUAGES = ["en", "uk"] as const;
export type Language = (typeof LANGUAGES)[number];
const KEY = "tradewright.language";

const LOADERS: Record<Language, () => Promise<{ default: Resource[string][string] }>> = {
  en: () => import("./en"),
  uk: () => import("./uk"),
};

/** The language that was chosen here, else the first of the browser's that we speak, else English. */
export function firstLanguage(stored: string | null, wanted: readonly string[]): Language {
  const spoken = (tag: string | null) => LANGUAGES.find((language) => tag?.toLowerCase().startsWith(language));
  return spoken(stored) ?? wanted.map(spoken).find(Boolean) ?? "en";
}

/** Read the texts of a language and speak it. */
export async function speak(language: Language): Promise<void> {
  const texts = await LOADERS[language]();
  i18next.addResourceBundle(language, "translation", texts.default, true, true);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // storage may be forbidden: the choice then holds until the page is closed
  }
}

const formats = new Map<string, Formats>();

/** A value in a text: a number as the language writes it, anything else as it is. */
export function inText(value: unknown, _form?: string, language = "en"): string {
  if (typeof value !== "number") return String(value ?? "");
  const own = formats.get(language) ?? formatsOf(language);
  formats.set(language, own);
  return own.number(value);
}

const NUMBERS: FormatterModule = { type: "formatter", init() {}, add() {}, addCached() {}, format: inText };

/** Begin with the language that the reader most likely wants. */
export async function beginToSpeak(): Promise<void> {
  await i18next
    .use(initReactI18next)
    .use(NUMBERS)
    .init({
      fallbackLng: false,
      interpolation: { escapeValue: false, alwaysFormat: true }, // React escapes
      returnNull: false,
      react: { useSuspense: false },
    });
  let stored: string | null = null;
  try {
    stored = localStorage.getItem(KEY);
  } catch {
    // storage may be forbidden
  }
  await speak(firstLanguage(stored, navigator.languages));
}
