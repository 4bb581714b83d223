/** Numbers and times as the reader's language writes them. */

const LOCALES: Record<string, string> = { en: "en-GB", uk: "uk-UA" };
const SIGNIFICANT = 6;

/** The locale of a language of the page. */
export const localeOf = (language: string): string => LOCALES[language] ?? "en-GB";

type Amount = number | string | null | undefined;

/** The number in a decimal string or a number; null where there is none. */
export function numberOf(amount: Amount): number | null {
  if (amount === null || amount === undefined || amount === "") return null;
  const value = Number(amount);
  return Number.isFinite(value) ? value : null;
}

/** What stands where there is no number. */
export const NOTHING = "–";

export interface Formats {
  /** A number with at most `digits` decimals. */
  number: (amount: Amount, digits?: number) => string;
  /** A ratio that stands among others: always as many decimals. */
  fixed: (amount: Amount, digits?: number) => string;
  /** Money with two decimals, and its currency behind it. */
  money: (amount: Amount, currency?: string) => string;
  /** The same with its sign; zero has none. */
  signed: (amount: Amount, digits?: number) => string;
  /** A ratio as per cent: 0.025 is 2.5 %. */
  percent: (ratio: Amount, digits?: number) => string;
  /** The same with its sign; zero has none. */
  change: (ratio: Amount, digits?: number) => string;
  /** A price with as many digits as say something. */
  price: (amount: Amount) => string;
  /** A moment, UTC, to the minute. */
  time: (moment: Moment) => string;
  /** A moment, UTC, to the second. */
  instant: (moment: Moment) => string;
  /** A day, UTC. */
  day: (moment: Moment) => string;
  /** How long, in the two largest units. */
  span: (seconds: Amount) => string;
  /** How long ago, in words. */
  ago: (moment: Moment, now: number) => string;
}

export type Moment = string | number | Date | null | undefined;

const UNITS: [Intl.NumberFormatOptions["unit"], number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** Everything that writes numbers and times in a language. */
export function formatsOf(language: string): Formats {
  const locale = localeOf(language);
  const made = new Map<string, Intl.NumberFormat>();
  const numbers = (options: Intl.NumberFormatOptions) => {
    const key = JSON.stringify(options);
    const found = made.get(key) ?? new Intl.NumberFormat(locale, options);
    made.set(key, found);
    return found;
  };
  const written = (amount: Amount, options: Intl.NumberFormatOptions) => {
    const value = numberOf(amount);
    return value === null ? NOTHING : numbers(options).format(value);
  };
  const times = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
    return (moment: Moment) => {
      const date = dateOf(moment);
      return date ? format.format(date) : NOTHING;
    };
  };
  const day: Intl.DateTimeFormatOptions = { year: "numeric", month: "short", day: "2-digit" };
  const clock: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  return {
    number: (amount, digits = 2) => written(amount, { maximumFractionDigits: digits }),
    fixed: (amount, digits = 2) => written(amount, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
    money: (amount, currency) => {
      const text = written(amount, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
      return currency && text !== NOTHING ? `${text} ${currency}` : text;
    },
    signed: (amount, digits = 2) =>
      written(amount, { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: "exceptZero" }),
    percent: (ratio, digits = 2) =>
      written(ratio, { style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits }),
    change: (ratio, digits = 2) =>
      written(ratio, {
        style: "percent",
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
        signDisplay: "exceptZero",
      }),
    price: (amount) => written(amount, priceDigits(numberOf(amount))),
    time: times({ ...day, ...clock }),
    instant: times({ ...day, ...clock, second: "2-digit" }),
    day: times(day),
    span: (seconds) => spanned(numberOf(seconds), numbers),
    ago: (moment, now) => agoIn(relative, moment, now),
  };
}

function dateOf(moment: Moment): Date | null {
  if (moment === null || moment === undefined || moment === "") return null;
  const date = moment instanceof Date ? moment : new Date(moment);
  return Number.isNaN(date.getTime()) ? null : date;
}

function priceDigits(value: number | null): Intl.NumberFormatOptions {
  const size = Math.abs(value ?? 0);
  if (size >= 1_000) return { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return { maximumSignificantDigits: SIGNIFICANT };
}

function spanned(seconds: number | null, numbers: (options: Intl.NumberFormatOptions) => Intl.NumberFormat): string {
  if (seconds === null) return NOTHING;
  let rest = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    const isNeeded = count > 0 || (unit === "second" && parts.length === 0);
    if (isNeeded && parts.length < 2)
      parts.push(numbers({ style: "unit", unit, unitDisplay: "narrow" } as Intl.NumberFormatOptions).format(count));
    else if (parts.length > 0) break;
  }
  return parts.join(" ");
}

function agoIn(relative: Intl.RelativeTimeFormat, moment: Moment, now: number): string {
  const date = dateOf(moment);
  if (!date) return NOTHING;
  const seconds = (date.getTime() - now) / 1_000;
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return relative.format(Math.round(seconds / size), unit as Intl.RelativeTimeFormatUnit);
}
