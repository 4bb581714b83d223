import { useSyncExternalStore } from "react";

/** What a reader has chosen for this browser. */
export interface Preferences {
  /** Colours of up and down. */
  palette: "classic" | "blue" | "plain";
  /** Keys without a modifier do something. */
  hasKeys: boolean;
  /** The first-run guide has been closed. */
  isGuideClosed: boolean;
}

const KEY = "tradewright.preferences";
const FIRST: Preferences = { palette: "classic", hasKeys: true, isGuideClosed: false };
const listeners = new Set<() => void>();
let current = read();

function read(): Preferences {
  try {
    return { ...FIRST, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return FIRST; // storage may be forbidden, or hold what another version wrote
  }
}

/** Change what is given, keep it for the next visit, and tell who shows it. */
export function prefer(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // storage may be forbidden: the choice then holds until the page is closed
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The preferences; the component is drawn anew when they change. */
export const usePreferences = (): Preferences =>
  useSyncExternalStore(
    subscribe,
    () => current,
    () => FIRST,
  );
