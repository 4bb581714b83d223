// @vitest-environment jsdom
import i18next from "i18next";
import { expect, it } from "vitest";
import { beginToSpeak, inText, speak } from ".";

it("writes numbers in texts as the language does", async () => {
  await beginToSpeak();
  await speak("en");
  expect(i18next.t("data.missing", { count: 2302 })).toBe("2,302 bars missing");
  await speak("uk");
  expect(i18next.t("data.missing", { count: 2302 })).toMatch(/^бракує 2\s302 бар/);
  expect(inText(2302, undefined, "uk")).toMatch(/^2\s302$/);
});

it("leaves words as they are", () => {
  expect(inText("0012", undefined, "en")).toBe("0012");
});
