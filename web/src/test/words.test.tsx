// @vitest-environment jsdom
import { cleanup, screen } from "@testing-library/react";
import i18next from "i18next";
import { afterEach, expect, test } from "vitest";
import type { StrategyOut } from "@/api/gen";
import { speak } from "@/i18n";
import { docIn, useStrategyWords } from "@/lib/strategyWords";
import words from "@/lib/strategyWords.uk.json";
import { type Named, useJobTitle } from "@/lib/useJobTitle";
import { Fake, stage } from "./stage";

afterEach(cleanup);

const JOB: Named = { kind: "data_check", subject: "A · 1h", title: "check of A 1h" };

function Titles() {
  const titleOf = useJobTitle();
  const { meaningOf } = useStrategyWords();
  return (
    <ul>
      {[JOB, { ...JOB, subject: "" }, { title: "of before" }].map((one) => (
        <li key={titleOf(one)}>{titleOf(one)}</li>
      ))}
      <li>{meaningOf("bars in the slow average").text}</li>
    </ul>
  );
}

test("jobs are called, and parameters meant, in the language of the page", async () => {
  await stage(Titles, new Fake());
  expect(await screen.findByText("Check of stored data: A · 1h")).toBeTruthy();
  expect(screen.getByText("Check of stored data: everything")).toBeTruthy();
  expect(screen.getByText("of before")).toBeTruthy();
  await speak("uk");
  expect(await screen.findByText("Перевірка даних: A · 1h")).toBeTruthy();
  expect(await screen.findByText("барів у повільному середньому")).toBeTruthy();
  await speak("en");
  expect(i18next.language).toBe("en");
});

test("only a built-in strategy has our words; one of the user's keeps its own", () => {
  const own = { name: "grid", doc: "Mine.", origin: "yours" } as StrategyOut;
  expect(docIn(words, "uk", own)).toEqual({ text: "Mine.", lang: "en" });
  expect(docIn(words, "uk", { ...own, origin: "built_in" }).lang).toBe("uk");
});
