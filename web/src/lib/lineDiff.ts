export type LineKind = "same" | "less" | "more";

export interface Line {
  kind: LineKind;
  text: string;
  /** Its number in the first text, from 1; null where it is not there. */
  left: number | null;
  right: number | null;
}

/** Lines that stand together; `skipped` equal ones before them are left out. */
export interface Hunk {
  skipped: number;
  lines: Line[];
}

/** Two texts, line by line: as many lines as possible are the same (longest common subsequence). */
export function diffLines(before: string, after: string): Line[] {
  const a = linesOf(before);
  const b = linesOf(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const lengths = commonLengths(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  const found: Line[] = [];
  let i = 0;
  let j = 0;
  const same = () => found.push({ kind: "same", text: a[i] as string, left: ++i, right: ++j });
  const less = () => found.push({ kind: "less", text: a[i] as string, left: ++i, right: null });
  const more = () => found.push({ kind: "more", text: b[j] as string, left: null, right: ++j });
  while (i < head) same();
  while (i < a.length - tail || j < b.length - tail) {
    if (i === a.length - tail) more();
    else if (j === b.length - tail) less();
    else if (a[i] === b[j]) same();
    else if (lengths(i - head + 1, j - head) >= lengths(i - head, j - head + 1)) less();
    else more();
  }
  while (i < a.length) same();
  return found;
}

const linesOf = (text: string): string[] => {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
};

/** How many lines the rests from (i, j) on have in common. */
function commonLengths(a: string[], b: string[]): (i: number, j: number) => number {
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => table[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  return at;
}

/** What has changed, each change with some equal lines around it. */
export function hunksOf(lines: readonly Line[], around = 3): Hunk[] {
  const near = new Set<number>();
  lines.forEach((line, place) => {
    if (line.kind === "same") return;
    for (let other = place - around; other <= place + around; other++) near.add(other);
  });
  const hunks: Hunk[] = [];
  let skipped = 0;
  lines.forEach((line, place) => {
    if (!near.has(place)) {
      skipped++;
    } else if (skipped > 0 || hunks.length === 0) {
      hunks.push({ skipped, lines: [line] });
      skipped = 0;
    } else {
      hunks.at(-1)?.lines.push(line);
    }
  });
  if (hunks.length > 0 && skipped > 0) hunks.push({ skipped, lines: [] });
  return hunks;
}
