import { useTranslation } from "react-i18next";
import { problemText } from "./problemText";
import { useServerWords } from "./serverWords";

/** What says why something was refused, in the language of the page. */
export function useProblemText(): (error: unknown) => string {
  const { i18n } = useTranslation();
  const { allowedOf } = useServerWords();
  return (error) => problemText(i18n, error, allowedOf);
}
