/** A request of the API, as somebody would write it. */
export interface ApiCall {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Begins with `/api/v1`. */
  path: string;
  body?: unknown;
}

const PLAIN = /^[\w@%+=:,./-]+$/;

/** A word as a shell takes it. */
export const quoted = (word: string): string => (PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** A command out of words; a word that is `null` is left out with the option before it. */
export function commandOf(words: readonly (string | number | null | undefined)[]): string {
  const said: string[] = [];
  for (const word of words) {
    if (word !== null && word !== undefined) said.push(quoted(String(word)));
    else if (said.at(-1)?.startsWith("--")) said.pop();
  }
  return said.join(" ");
}

/** A request as a `curl` command; the token is taken from a variable and is never in it. */
export function curlOf(call: ApiCall, origin: string): string {
  const parts = ["curl", ...(call.method === "GET" ? [] : ["-X", call.method])];
  const lines = [
    `${parts.join(" ")} ${quoted(origin + call.path)}`,
    `-H "Authorization: Bearer $TRADEWRIGHT_TOKEN"`,
    ...(call.body === undefined
      ? []
      : [`-H 'Content-Type: application/json'`, `-d ${quoted(JSON.stringify(call.body))}`]),
  ];
  return lines.join(" \\\n  ");
}
