import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { SettingAnswer } from "@/api/gen";
import type { Formats } from "./format";
import { useFormats } from "./useFormats";

export interface Meanings {
  /** Of each key of the configuration. */
  keys: Record<string, string>;
  /** Of whole sentences that the server says in English; `#` stands for a number, in the same order. */
  phrases: Record<string, string>;
  /** Of words within what is allowed, the longer ones first. */
  words: Record<string, string>;
}

const NONE: Meanings = { keys: {}, phrases: {}, words: {} };
const LOADERS: Record<string, () => Promise<{ default: Meanings }>> = { uk: () => import("./serverWords.uk.json") };
const NUMBERS = /\d[\d,]*(?:\.\d+)?/g;

/** What the server says in English (settings, bounds, reasons), in the language of the page. Free text stays. */
export function useServerWords() {
  const { i18n } = useTranslation();
  const formats = useFormats();
  const language = i18n.language;
  const { data = NONE } = useQuery({
    queryKey: ["words of the server", language],
    queryFn: async () => (await LOADERS[language]?.())?.default ?? NONE,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return {
    meaningOf: (one: SettingAnswer) => data.keys[one.key] ?? one.meaning,
    allowedOf: (allowed: string) => allowedIn(allowed, data, formats),
    phrase: (text: string) => phraseOf(text, data.phrases),
  };
}

/** What is allowed: as a whole sentence where it is known, else word by word. */
export function allowedIn(allowed: string, { phrases, words }: Meanings, formats: Pick<Formats, "number">): string {
  const said = phraseOf(allowed, phrases, (one) => formats.number(one.replaceAll(",", ""), 12));
  return said === allowed ? inWords(allowed, words, formats) : said;
}

/** What is allowed, word by word in another language; names of choices stay as they are. */
export function inWords(allowed: string, words: Record<string, string>, formats: Pick<Formats, "number">): string {
  const said = Object.entries(words).reduce((text, [word, other]) => text.replaceAll(word, other), allowed);
  return said === allowed ? allowed : said.replace(NUMBERS, (one) => formats.number(one.replaceAll(",", ""), 12));
}

/** A sentence in another language, its numbers as they are or as `write` has them; itself where it is not known. */
export function phraseOf(text: string, phrases: Record<string, string>, write = (one: string) => one): string {
  const numbers = text.match(NUMBERS) ?? [];
  const other = phrases[text] ?? phrases[text.replace(NUMBERS, "#")];
  let place = 0;
  return other?.replace(/#/g, () => write(numbers[place++] ?? "")) ?? text;
}
