import type { Bars } from "./bars";
import { indexAt } from "./market/drawings";
import type { Mark } from "./marks";

/** What was bought or sold close together, as the chart shows it: one arrow. */
export interface Cluster {
  /** Open of the bar at which it stands, UTC milliseconds. */
  time: number;
  side: Mark["side"];
  /** How many it stands for, where it is more than one; the words of the one where there is room for them; or nothing. */
  text: string;
}

/** Arrows closer than this are one; pixels. */
const ARROW = 26;
/** Words need so much on either side; pixels. */
const WORDS = 90;

interface Row {
  mark: Mark;
  /** The place of its bar. */
  at: number;
}

/** Marks as arrows that can be told apart where a bar is so many pixels wide. What lies outside the bars is left out. */
export function clustersOf(marks: readonly Mark[], bars: Pick<Bars, "time">, spacing: number): Cluster[] {
  const rows = rowsOf(marks, bars);
  return (["buy", "sell"] as const)
    .flatMap((side) => {
      const groups = groupsOf(
        rows.filter(({ mark }) => mark.side === side),
        ARROW / spacing,
      );
      return groups.map((group, index) => {
        const [before, at, after] = [index - 1, index, index + 1].map((place) => middleOf(groups[place]));
        const isClear = (other: number | undefined) => Math.abs((other ?? Infinity) - (at ?? 0)) * spacing >= WORDS;
        const words = isClear(before) && isClear(after) ? (group[0]?.mark.text ?? "") : "";
        return { time: bars.time[at ?? 0] ?? 0, side, text: group.length > 1 ? `×${group.length}` : words };
      });
    })
    .sort((a, b) => a.time - b.time);
}

const middleOf = (group: readonly Row[] | undefined) => group?.[Math.floor(group.length / 2)]?.at;

function rowsOf(marks: readonly Mark[], { time }: Pick<Bars, "time">): Row[] {
  const [first = 0] = time;
  const [before = 0, last = 0] = time.slice(-2);
  return marks
    .filter((mark) => time.length > 1 && mark.time >= first && mark.time < 2 * last - before)
    .map((mark) => ({ mark, at: indexAt(time, mark.time) }))
    .sort((a, b) => a.mark.time - b.mark.time);
}

/** Runs of rows of which each lies less than so many bars after the first of its run. */
function groupsOf(rows: readonly Row[], bars: number): Row[][] {
  const found: Row[][] = [];
  for (const row of rows) {
    const run = found.at(-1);
    if (run?.[0] && (row.at === run[0].at || row.at - run[0].at < bars)) run.push(row);
    else found.push([row]);
  }
  return found;
}

/** The width of a bar by steps of a half: what is put together does not change with each turn of a wheel. */
export const stepOf = (spacing: number): number => 2 ** (Math.round(Math.log2(Math.max(spacing, 1e-3)) * 2) / 2);
