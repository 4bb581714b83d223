/** Numbers behind a drawing, as columns of the same length. */
export interface SheetColumn {
  label: string;
  kind: "time" | "price" | "number" | "percent" | "text";
  /** Times in UTC milliseconds, shares as fractions. */
  values: readonly (number | string | null | undefined)[];
}

export type Sheet = SheetColumn[];

/** How many rows a sheet has. */
export const lengthOf = (sheet: Sheet): number => Math.max(0, ...sheet.map((column) => column.values.length));
