import { expect, test } from "vitest";
import { lengthOf } from "@/charts/sheet";
import { commandOf, curlOf } from "@/lib/calls";

test("a command quotes what a shell would take apart, and leaves out options without a value", () => {
  expect(commandOf(["tradewright", "evaluate", "--from", null, "--venue", "my venue"])).toBe(
    "tradewright evaluate --venue 'my venue'",
  );
});

test("a request becomes a command with its body, and its token stays in a variable", () => {
  const call = { method: "POST", path: "/api/v1/evaluations", body: { symbols: ["it's"] } } as const;
  expect(curlOf(call, "http://127.0.0.1:8000").split(" \\\n  ")).toEqual([
    "curl -X POST http://127.0.0.1:8000/api/v1/evaluations",
    '-H "Authorization: Bearer $TRADEWRIGHT_TOKEN"',
    "-H 'Content-Type: application/json'",
    `-d '{"symbols":["it'\\''s"]}'`,
  ]);
});

test("what is only read needs neither a method nor a body", () => {
  expect(curlOf({ method: "GET", path: "/api/v1/features" }, "http://127.0.0.1")).toBe(
    'curl http://127.0.0.1/api/v1/features \\\n  -H "Authorization: Bearer $TRADEWRIGHT_TOKEN"',
  );
});

test("a sheet is as long as its longest column", () => {
  expect(
    lengthOf([
      { label: "a", kind: "text", values: ["x", "y"] },
      { label: "b", kind: "number", values: [1] },
    ]),
  ).toBe(2);
});
