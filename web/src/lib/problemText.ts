import type { i18n as I18n } from "i18next";
import { problemOf } from "@/api/problems";

/** Why something was refused: the text of its code, or what the code says in short and then what the server said. */
export function problemText(i18n: I18n, error: unknown): string {
  const { code, detail } = problemOf(error);
  if (i18n.exists(`problem.${code}`)) return i18n.t(`problem.${code}`);
  const gist = `problem.gist.${code}`;
  return i18n.exists(gist) ? `${i18n.t(gist)} ${detail}` : detail;
}
