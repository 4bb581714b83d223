/** The address of the stream. */
const ADDRESS = "/api/v1/events";
/** The server says something, if only that it is there, every 15 seconds. */
const SILENCE = 35_000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;

export type Link = { state: "connecting" | "live" } | { state: "stale"; since: number };
/** Something that happened: what, when (UTC ns), and what the kind says of it. */
export interface Heard {
  type: string;
  ts: number;
  data: Record<string, unknown>;
  id: string | null;
}

/** One message of a stream of server-sent events, out of its lines; null for a sign of life. */
export function messageOf(block: string): { id: string | null; data: string } | null {
  let id: string | null = null;
  const data: string[] = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("id:")) id = line.slice(3).trim();
    if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
  }
  return data.length > 0 ? { id, data: data.join("\n") } : null;
}

/** Whole blocks out of what has arrived, and the rest that is not whole yet. */
export function blocksOf(text: string): { blocks: string[]; rest: string } {
  const parts = text.replaceAll("\r\n", "\n").split("\n\n");
  const rest = parts.pop() ?? "";
  return { blocks: parts.filter(Boolean), rest };
}

/** Listens to the server for as long as the page is open; after a break it asks for what it has missed. */
export class Listener {
  #last: string | null;
  #wait = FIRST_WAIT;
  #stopped = new AbortController();
  #heardAt = Date.now();
  readonly #onEvent: (event: Heard) => void;
  readonly #onLink: (link: Link) => void;

  /** `last` is what was heard last before, on an earlier visit: what has been missed since is told first. */
  constructor(onEvent: (event: Heard) => void, onLink: (link: Link) => void, last: string | null = null) {
    this.#last = last;
    this.#onEvent = onEvent;
    this.#onLink = onLink;
  }

  /** Listen until `stop`. */
  async start(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      try {
        await this.#listenOnce();
      } catch {
        // the break is shown below; why it broke, the next attempt finds out
      }
      if (this.#stopped.signal.aborted) return;
      this.#onLink({ state: "stale", since: this.#heardAt });
      await pause(this.#wait);
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    }
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #listenOnce(): Promise<void> {
    const silent = new AbortController();
    const cut = () => silent.abort();
    let timer = setTimeout(cut, SILENCE);
    // The browser knows at once that the line is cut; a silence would tell only later.
    addEventListener("offline", cut);
    const signal = AbortSignal.any([this.#stopped.signal, silent.signal]);
    const headers: HeadersInit = this.#last === null ? {} : { "Last-Event-ID": this.#last };
    try {
      const response = await fetch(ADDRESS, { headers, signal, credentials: "same-origin" });
      if (!response.ok || !response.body) throw new Error(`status ${response.status}`);
      this.#wait = FIRST_WAIT;
      this.#onLink({ state: "live" });
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (let got = await reader.read(); !got.done; got = await reader.read()) {
        this.#heardAt = Date.now();
        clearTimeout(timer);
        timer = setTimeout(cut, SILENCE);
        const found = blocksOf(rest + got.value);
        rest = found.rest;
        for (const block of found.blocks) this.#hear(block);
      }
    } finally {
      clearTimeout(timer);
      removeEventListener("offline", cut);
    }
  }

  #hear(block: string): void {
    const message = messageOf(block);
    if (!message) return;
    if (message.id !== null) this.#last = message.id;
    this.#onEvent({ ...JSON.parse(message.data), id: message.id });
  }
}

/** Wait, but no longer than until the line is back. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    addEventListener("online", done);
  });
}
