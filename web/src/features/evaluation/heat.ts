/** When an evaluation was made, out of its id: `20261122-064249-9a42`. */
export function momentIn(id: string): string | null {
  const [, y, m, d, h, min, s] = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)/.exec(id) ?? [];
  return y ? `${y}-${m}-${d}T${h}:${min}:${s}Z` : null;
}

/** How strongly a cell is coloured, from 0 to 1: the largest return of the map, either way, is 1. */
export const strengthOf = (value: number | null, largest: number): number =>
  value === null || largest <= 0 ? 0 : Math.min(Math.abs(value) / largest, 1);

/** The largest of some returns, either way. */
export const largestOf = (values: readonly (number | null)[]): number =>
  values.reduce<number>((most, value) => Math.max(most, Math.abs(value ?? 0)), 0);

/** Words typed with commas or line ends between them. */
export const wordsIn = (text: string): string[] =>
  text
    .split(/[,\n]/)
    .map((word) => word.trim())
    .filter(Boolean);

/** Returns of periods one after the other, as one. */
export function compounded(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((all, value) => all * (1 + value), 1) - 1;
}
