import type { Problem } from "./gen";

/** The problem document in what was thrown; what is no document (no network, no answer) becomes `unreachable`. */
export function problemOf(error: unknown): Problem {
  if (isProblem(error)) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return { type: "about:blank", title: "", status: 0, detail, code: "unreachable" };
}

function isProblem(error: unknown): error is Problem {
  return typeof error === "object" && error !== null && "code" in error && "status" in error;
}

/** True where asking again may help: nothing was reached, or the server was busy. */
export function isPassing(error: unknown): boolean {
  const { status } = problemOf(error);
  return status === 0 || status >= 502;
}
