import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type Formats, formatsOf } from "./format";

/** What writes numbers and times in the language of the page. */
export function useFormats(): Formats {
  const { i18n } = useTranslation();
  return useMemo(() => formatsOf(i18n.language), [i18n.language]);
}
