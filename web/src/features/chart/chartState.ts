/** An indicator that is shown, with what was said of its parameters. */
export interface Shown {
  name: string;
  params: Record<string, number | string | boolean>;
}

export const DRAWN = ["smart_money", "patterns", "levels"] as const;
export type Drawn = (typeof DRAWN)[number];

/** Indicators as one word of an address: `rsi:n=14,ema:n=50`. */
export function wordOf(shown: readonly Shown[]): string {
  return shown
    .map(({ name, params }) => {
      const said = Object.entries(params).map(([key, value]) => `${key}=${value}`);
      return said.length > 0 ? `${name}:${said.join(":")}` : name;
    })
    .join(",");
}

/** Indicators out of an address; what cannot be read is left out. */
export function shownIn(word: string | undefined): Shown[] {
  return (word ?? "")
    .split(",")
    .filter((part) => /^[a-z]\w*(:\w+=[\w.-]+)*$/i.test(part))
    .map((part) => {
      const [name = "", ...said] = part.split(":");
      const params = said.map((pair): [string, number | string] => {
        const [key = "", value = ""] = pair.split("=");
        return [key, Number.isNaN(Number(value)) ? value : Number(value)];
      });
      return { name, params: Object.fromEntries(params) };
    });
}

/** Drawings out of an address. */
export const drawnIn = (word: string | undefined): Drawn[] =>
  DRAWN.filter((one) => (word ?? "").split(",").includes(one));

const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Length of a timeframe, milliseconds; of an hour where it cannot be read. */
export function lengthOf(timeframe: string): number {
  const [, count, unit] = /^(\d+)([smhdw])$/.exec(timeframe) ?? [];
  return count && unit ? Number(count) * (UNITS[unit] ?? 0) : (UNITS.h ?? 0);
}

/** Bars of pages, the newest page first, as one stretch in which each time stands once. */
export function joined<Bars extends Record<Column, number[]>, Column extends string>(
  pages: readonly Bars[],
  columns: readonly Column[],
): Record<Column, number[]> {
  const found = Object.fromEntries(columns.map((column) => [column, [] as number[]])) as Record<Column, number[]>;
  const time = columns[0] as Column;
  for (const page of [...pages].reverse()) {
    const last = found[time].at(-1) ?? -1;
    const first = page[time].findIndex((ms) => ms > last);
    if (first < 0) continue;
    for (const column of columns) for (const value of page[column].slice(first)) found[column].push(value);
  }
  return found;
}

/** True where an indicator has the size of prices, and so is drawn on them. */
export function isLikePrice(values: readonly (number | null)[], closes: readonly number[]): boolean {
  const ratios: number[] = [];
  const offset = closes.length - values.length;
  values.forEach((value, index) => {
    const close = closes[index + offset];
    if (value !== null && close) ratios.push(value / close);
  });
  ratios.sort((a, b) => a - b);
  const middle = ratios[Math.floor(ratios.length / 2)];
  return middle !== undefined && middle > 0.5 && middle < 2;
}
