import type { i18n as I18n } from "i18next";
import { problemOf } from "@/api/problems";

/** Why something was refused, in the language of the page where its code has a text there, else as the server said. */
export function problemText(i18n: I18n, error: unknown): string {
  const problem = problemOf(error);
  const key = `problem.${problem.code}`;
  return i18n.exists(key) ? i18n.t(key) : problem.detail;
}
