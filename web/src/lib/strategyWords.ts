import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { StrategyOut } from "@/api/gen";

export interface StrategyWords {
  /** Of each built-in strategy; `of` is the beginning of the digest of its English text. */
  strategies: Record<string, { of: string; doc: string }>;
  /** Of parameters, by their English meaning. */
  params: Record<string, string>;
}

/** A text and the language it is in. */
export interface Said {
  text: string;
  lang: string;
}

const NONE: StrategyWords = { strategies: {}, params: {} };
const LOADERS: Record<string, () => Promise<{ default: StrategyWords }>> = {
  uk: () => import("./strategyWords.uk.json"),
};

/** What strategies and their parameters mean, in the language of the page; of the user's own, in that of their code. */
export function useStrategyWords() {
  const { i18n } = useTranslation();
  const language = i18n.language;
  const { data = NONE } = useQuery({
    queryKey: ["words of strategies", language],
    queryFn: async () => (await LOADERS[language]?.())?.default ?? NONE,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return {
    docOf: (one: StrategyOut) => docIn(data, language, one),
    summaryOf: (one: StrategyOut): Said => {
      const { text, lang } = docIn(data, language, one);
      return { text: text.split("\n")[0] ?? "", lang };
    },
    meaningOf: (english: string): Said => {
      const known = data.params[english];
      return known ? { text: known, lang: language } : { text: english, lang: "en" };
    },
  };
}

/** The whole text of a strategy; another strategy of the same name has its own. */
export function docIn(words: StrategyWords, language: string, one: Pick<StrategyOut, "name" | "origin" | "doc">): Said {
  const known = one.origin === "built_in" ? words.strategies[one.name] : undefined;
  return known ? { text: known.doc, lang: language } : { text: one.doc, lang: "en" };
}
