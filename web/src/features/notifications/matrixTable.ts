import type { Cell } from "@/api/gen";

/** Cells of the matrix as rows and columns, in the server's order. */
export function tableOf(cells: readonly Cell[]) {
  const kinds = [...new Set(cells.map((cell) => cell.kind))];
  const channels = [...new Set(cells.map((cell) => cell.channel))];
  const on = new Set(cells.filter((cell) => cell.is_on).map((cell) => `${cell.kind} ${cell.channel}`));
  return { kinds, channels, isOn: (kind: string, channel: string) => on.has(`${kind} ${channel}`) };
}
