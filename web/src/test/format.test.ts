import { describe, expect, test } from "vitest";
import { blocksOf, messageOf } from "@/api/events";
import { firstLanguage } from "@/i18n";
import { formatsOf, NOTHING } from "@/lib/format";

const en = formatsOf("en");
const uk = formatsOf("uk");
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, " ");

describe("numbers", () => {
  test("money as each language writes it", () => {
    expect(en.money("1234.5", "USDT")).toBe("1,234.50 USDT");
    expect(plain(uk.money("1234.5", "USDT"))).toBe("1 234,50 USDT");
  });

  test("zero has no sign, and nothing is a dash", () => {
    expect([en.signed(0), en.signed(1.5), en.signed(-1.5)]).toEqual(["0.00", "+1.50", "-1.50"]);
    expect([en.money(null), en.percent(undefined), en.price(""), en.time(null), en.number("odd")]).toEqual(
      Array(5).fill(NOTHING),
    );
  });

  test("ratios as per cent", () => {
    expect([en.percent(0.025), en.change(0.025), en.change(-0.1, 1)]).toEqual(["2.50%", "+2.50%", "-10.0%"]);
  });

  test("prices with the digits that say something", () => {
    expect([en.price("65432.1"), en.price("0.00012345678"), en.price("12.5")]).toEqual([
      "65,432.10",
      "0.000123457",
      "12.5",
    ]);
  });
});

describe("times", () => {
  test("moments are UTC", () => {
    expect(en.time("2026-01-02T03:04:05Z")).toBe("02 Jan 2026, 03:04");
    expect(uk.day("2026-01-02T23:59:59Z")).toContain("2026");
  });

  test("spans in the two largest units", () => {
    expect(plain(en.span(93_784))).toBe("1d 2h");
    expect(plain(en.span(59))).toBe("59s");
    expect(plain(en.span(3_605))).toBe("1h");
  });

  test("how long ago", () => {
    expect(en.ago(0, 120_000)).toBe("2 minutes ago");
  });
});

test("a language is chosen by what is kept, then by the browser", () => {
  expect(firstLanguage("uk", ["en-US"])).toBe("uk");
  expect(firstLanguage(null, ["fr-FR", "uk-UA", "en"])).toBe("uk");
  expect(firstLanguage("xx", ["fr"])).toBe("en");
});

test("a stream of events is cut into messages, whole ones only", () => {
  const { blocks, rest } = blocksOf('id: 7\nevent: signal\ndata: {"a":\ndata: 1}\n\n: ping\n\ndata: {"b"');
  expect(rest).toBe('data: {"b"');
  expect(blocks.map(messageOf)).toEqual([{ id: "7", data: '{"a":\n1}' }, null]);
});

test("ratios that stand among others have as many decimals", () => {
  expect([2.884, -3.6, -3].map((value) => formatsOf("en").fixed(value))).toEqual(["2.88", "-3.60", "-3.00"]);
});
