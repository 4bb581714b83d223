import { useEffect, useRef, useSyncExternalStore } from "react";
import { type Heard, type Link, Listener } from "@/api/events";

type Reader = (event: Heard) => void;

const readers = new Set<Reader>();
const watchers = new Set<() => void>();
let link: Link = { state: "connecting" };

/** Hear what happens at the server after what was heard `last`, until the answer is called. */
export function startNews(last: string | null): () => void {
  const listener = new Listener(
    (event) => {
      for (const reader of readers) reader(event);
    },
    (now) => {
      link = now;
      for (const watcher of watchers) watcher();
    },
    last,
  );
  void listener.start();
  return () => listener.stop();
}

/** Calls with each event whose kind begins like one of these; with every event where none is named. */
export function useNews(kinds: readonly string[], onEvent: Reader): void {
  const latest = useRef({ kinds, onEvent });
  latest.current = { kinds, onEvent };
  useEffect(() => {
    const reader: Reader = (event) => {
      const wanted = latest.current.kinds;
      if (wanted.length === 0 || wanted.some((kind) => event.type.startsWith(kind))) latest.current.onEvent(event);
    };
    readers.add(reader);
    return () => void readers.delete(reader);
  }, []);
}

/** Whether the server is heard. */
export const useLink = (): Link =>
  useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => link,
  );
