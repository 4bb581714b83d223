/** A number as people type it: with a point or a comma; null where there is none. */
export function typed(text: string): number | null {
  const value = Number(text.replace(/[\s\u00a0\u202f]/g, "").replace(",", "."));
  return text.trim() === "" || Number.isNaN(value) ? null : value;
}
