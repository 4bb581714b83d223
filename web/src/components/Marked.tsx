import { Code } from "@mantine/core";

/** A sentence in which what stands between back-ticks is a name of the program. */
export function Marked({ text }: { text: string }) {
  return text.split("`").map((part, place) => {
    const key = `${place} ${part}`;
    return place % 2 === 1 ? <Code key={key}>{part}</Code> : <span key={key}>{part}</span>;
  });
}
