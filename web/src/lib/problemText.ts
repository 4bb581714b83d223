import type { i18n as I18n } from "i18next";
import type { Problem } from "@/api/gen";
import { problemOf } from "@/api/problems";
import { formatsOf } from "./format";

/** What is allowed, in the language of the page; see `useServerWords`. */
type Words = (allowed: string) => string;

/** What is told of a refusal, whoever tells it. */
type Said = Pick<Problem, "code" | "detail"> &
  Partial<Pick<Problem, "faults" | "field" | "allowed" | "value" | "missing">>;

const AS_SAID: Words = (allowed) => allowed;

/**
 * Why something was refused: the text of its code; or what is at fault, in words of the page where the server has named
 * it by its parts; or what the code says in short and then what the server said.
 */
export const problemText = (i18n: I18n, error: unknown, allowedOf: Words = AS_SAID): string =>
  refusalText(i18n, problemOf(error), allowedOf);

/** The same of what the server has told of a job that failed. */
export function refusalText(i18n: I18n, problem: Said, allowedOf: Words = AS_SAID): string {
  const { code, detail } = problem;
  if (i18n.exists(`problem.${code}`)) return i18n.t(`problem.${code}`);
  const gist = `problem.gist.${code}`;
  const faults = faultsOf(i18n, problem, allowedOf);
  if (faults) return faults;
  return i18n.exists(gist) ? `${i18n.t(gist)} ${placeOf(i18n, problem) ?? detail}` : detail;
}

/** The fields that cannot be used, and what would have been right; null where the server names none. */
function faultsOf(i18n: I18n, problem: Said, allowedOf: Words): string | null {
  const { faults, field, allowed, value } = problem;
  if (faults && faults.length > 0) {
    const said = faults.map((one) => ({ field: nameOf(i18n, one.field), allowed: allowedOf(one.allowed) }));
    return said.map((one) => i18n.t("fault.wrong", one)).join("; ");
  }
  if (!field || !allowed) return null;
  const named = { field: nameOf(i18n, field), allowed: allowedOf(allowed) };
  if (value === undefined || value === null || value === "") return i18n.t("fault.give", named);
  const given = typeof value === "number" ? formatsOf(i18n.language).number(value, 12) : String(value);
  return i18n.t("fault.notAllowed", { ...named, value: given });
}

/** A field as the page calls it; as the server does, where the page has no name for it. */
function nameOf(i18n: I18n, field: string): string {
  const key = `fault.field.${field}`;
  return i18n.exists(key) ? i18n.t(key) : field;
}

/** Which candles are missing; null where it is not about candles. */
function placeOf(i18n: I18n, { missing }: Said): string | null {
  if (!missing) return null;
  const formats = formatsOf(i18n.language);
  const place = `${missing.symbol} · ${missing.timeframe} · ${missing.venue}`;
  return missing.start && missing.end
    ? i18n.t("fault.between", { place, start: formats.time(missing.start), end: formats.time(missing.end) })
    : place;
}
