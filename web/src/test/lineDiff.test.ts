import { describe, expect, test } from "vitest";
import { diffLines, hunksOf } from "@/lib/lineDiff";

const SIGNS = { same: " ", less: "-", more: "+" };
const told = (before: string, after: string) => diffLines(before, after).map((line) => SIGNS[line.kind] + line.text);

describe("two texts, line by line", () => {
  test("what is gone stands before what has come, with the numbers of both", () => {
    expect(told("a\nb\nc\n", "a\nx\nc\n")).toEqual([" a", "-b", "+x", " c"]);
    expect(diffLines("a\nb\nc", "b\nc\nd").map(({ left, right }) => [left, right])).toEqual([
      [1, null],
      [2, 1],
      [3, 2],
      [null, 3],
    ]);
  });

  test("as many lines as possible are the same, and both texts can be had back", () => {
    const before = "a b c a b b a".split(" ");
    const after = "c b a b a c".split(" ");
    const lines = diffLines(before.join("\n"), after.join("\n"));
    expect(lines.filter(({ kind }) => kind === "same")).toHaveLength(4);
    expect(lines.filter(({ kind }) => kind !== "more").map(({ text }) => text)).toEqual(before);
    expect(lines.filter(({ kind }) => kind !== "less").map(({ text }) => text)).toEqual(after);
  });

  test("ends of lines, and an end of line at the end, make no difference", () => {
    expect(told("a\r\nb\r\n", "a\nb")).toEqual([" a", " b"]);
    expect(told("", "a")).toEqual(["+a"]);
    expect(told("a", "")).toEqual(["-a"]);
  });

  test("only what is near a change is shown, and how much is left out is known", () => {
    const before = Array.from({ length: 20 }, (_, place) => `${place}`);
    const after = before.map((line) => (line === "10" ? "ten" : line));
    const hunks = hunksOf(diffLines(before.join("\n"), after.join("\n")), 2);
    expect(hunks.map(({ skipped, lines }) => [skipped, lines.length])).toEqual([
      [8, 6],
      [7, 0],
    ]);
    expect(hunksOf(diffLines("a\nb", "a\nb"))).toEqual([]);
  });
});
