import { useTranslation } from "react-i18next";
import type { JobOut } from "@/api/gen";

/** Of what was told before jobs had a subject, the title alone is known. */
export type Named = Partial<Pick<JobOut, "kind" | "subject" | "title">>;

/** What a job is called, in the language of the page: its kind, and what it is about. */
export function useJobTitle(): (job: Named) => string {
  const { t } = useTranslation();
  return ({ kind, subject, title = "" }) => {
    if (!kind || subject === undefined) return title;
    return t("jobs.about", { kind: t(`jobs.kind.${kind}`), subject: subject || t("jobs.everything") });
  };
}
