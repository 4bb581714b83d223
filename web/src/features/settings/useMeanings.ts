import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { SettingAnswer } from "@/api/gen";

export interface Meanings {
  /** Of each key. */
  keys: Record<string, string>;
  /** Of whole sentences that the server says in English. */
  phrases: Record<string, string>;
  /** Of words within what is allowed, the longer ones first. */
  words: Record<string, string>;
}

const NONE: Meanings = { keys: {}, phrases: {}, words: {} };
const LOADERS: Record<string, () => Promise<{ default: Meanings }>> = { uk: () => import("./meanings.uk.json") };

/** What settings mean, in the language of the page; the server says it in English. */
export function useMeanings() {
  const { i18n } = useTranslation();
  const language = i18n.language;
  const { data = NONE } = useQuery({
    queryKey: ["meanings of settings", language],
    queryFn: async () => (await LOADERS[language]?.())?.default ?? NONE,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return {
    meaningOf: (one: SettingAnswer) => data.keys[one.key] ?? one.meaning,
    allowedOf: (one: SettingAnswer) => inWords(one.allowed, data.words),
    phrase: (text: string) => data.phrases[text] ?? text,
  };
}

/** What is allowed, word by word in another language; names of choices stay as they are. */
export function inWords(allowed: string, words: Record<string, string>): string {
  return Object.entries(words).reduce((text, [word, other]) => text.replaceAll(word, other), allowed);
}
