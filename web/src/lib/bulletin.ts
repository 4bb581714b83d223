import { useSyncExternalStore } from "react";
import type { Heard } from "@/api/events";

/** What somebody may want to know who was not looking: its text is `news.TEXT`, filled in with `values`. */
export interface Notice {
  id: string;
  /** UTC milliseconds. */
  at: number;
  text: string;
  values: Record<string, string>;
  /** Where more is to be seen. */
  path: string;
}

interface Bulletin {
  notices: readonly Notice[];
  unread: number;
  /** The number of the event that was heard last. */
  last: string | null;
}

const MOST = 50;
const KEY = "tradewright.bulletin";
const PAUSE = 1_000;
const BREATH = 150;
const NONE: Bulletin = { notices: [], unread: 0, last: null };
const watchers = new Set<() => void>();
let bulletin = read();
let isWaiting = false;
let isDue = false;

function read(): Bulletin {
  try {
    return { ...NONE, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return NONE; // storage may be forbidden, or hold what another version wrote
  }
}

/** Keep it for the next visit: not at each event, but soon. */
function keepSoon(): void {
  if (isWaiting) return;
  isWaiting = true;
  setTimeout(() => {
    isWaiting = false;
    try {
      localStorage.setItem(KEY, JSON.stringify(bulletin));
    } catch {
      // storage may be forbidden: what was told then holds until the page is closed
    }
  }, PAUSE);
}

function show(): void {
  isDue = false;
  for (const watcher of watchers) watcher();
}

function put(next: Bulletin): void {
  bulletin = next;
  keepSoon();
  show();
}

/** Nobody reads more than a few changes a second. */
function putSoon(next: Bulletin): void {
  bulletin = next;
  keepSoon();
  if (isDue) return;
  isDue = true;
  setTimeout(() => isDue && show(), BREATH);
}

/** The event up to which this browser has heard everything; null where it has heard nothing yet. */
export const lastHeard = (): string | null => bulletin.last;

/** Forget what was told: somebody else may come after. */
export const forgetBulletin = (): void => put(NONE);

/** Keep what happened, if it is worth being told; what was told before (after a break of the line) is not told twice. */
export function note(event: Heard): void {
  if (event.id !== null) bulletin = { ...bulletin, last: event.id };
  const made = noticeOf(event);
  if (!made) {
    if (event.id !== null) keepSoon();
    return;
  }
  if (bulletin.notices.some((one) => one.id === made.id && one.at === made.at)) return;
  putSoon({
    ...bulletin,
    notices: [made, ...bulletin.notices].slice(0, MOST),
    unread: Math.min(bulletin.unread + 1, MOST),
  });
}

/** All of it has been seen. */
export const markRead = (): void => put({ ...bulletin, unread: 0 });

/** What was told last, newest first, and how much of it nobody has seen. */
export const useBulletin = (): Bulletin =>
  useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => bulletin,
  );

const PENDING = ["waiting", "confirmed", "rejected", "expired", "replaced"];

/** A happening as a notice; null where nobody needs to be told. */
export function noticeOf({ type, ts, data, id }: Heard): Notice | null {
  const words = Object.fromEntries(
    Object.entries(data)
      .filter(([, value]) => ["string", "number"].includes(typeof value))
      .map(([name, value]) => [name, String(value)]),
  );
  const made = (text: string, path: string): Notice => ({
    id: id ?? `${type} ${ts} ${words.order ?? words.id ?? ""}`,
    at: ts / 1e6,
    text,
    values: words,
    path,
  });
  if (type === "fill") return made("fill", "/simulation?tab=trades");
  if (type === "pending.changed" && PENDING.includes(words.state ?? "")) return made(`pending.${words.state}`, "/");
  if (type === "session.changed" && (words.state === "failed" || words.state === "running"))
    return made(`session.${words.state}`, "/simulation");
  if (type === "session.asked" && words.refusal) return made("refused", "/simulation");
  if (type === "backtest.finished") return made("backtest", `/backtest/${words.id}`);
  if (type === "job.changed" && words.state === "failed") return made("job", "/backtest");
  return null;
}
