import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { lastHeard, note } from "@/lib/bulletin";
import { startNews, useLink, useNews } from "@/lib/news";

/** What must be read anew when something of a kind happens, by the tag of the operations that read it. */
const READ_ANEW: Record<string, string[]> = {
  "job.changed": ["jobs", "data", "evaluations"],
  "backtest.": ["backtests", "jobs"],
  "session.": ["simulation", "deployments", "portfolio"],
  "deployment.": ["deployments", "simulation"],
  "pending.": ["pending", "orders"],
  "order.": ["orders", "simulation"],
  fill: ["orders", "simulation", "portfolio"],
  signal: ["signals"],
  pair: ["pairs"],
  setting: ["settings"],
  "data.": ["data"],
};
/** Many events of a kind make one reading. */
const PAUSE = 300;

/** Listens for the whole page, and has read anew what has changed. Shows nothing. */
export function News() {
  const queries = useQueryClient();
  const link = useLink();
  const waiting = useRef(new Set<string>());
  const wasStale = useRef(false);
  useEffect(() => startNews(lastHeard()), []);
  useEffect(() => {
    if (link.state === "stale") wasStale.current = true;
    if (link.state !== "live" || !wasStale.current) return;
    wasStale.current = false;
    void queries.invalidateQueries();
  }, [link, queries]);
  useEffect(() => {
    const timer = setInterval(() => {
      const parts = [...waiting.current];
      waiting.current.clear();
      if (parts.length > 0) {
        void queries.invalidateQueries({ predicate: (query) => parts.some((part) => isOf(query.queryKey, part)) });
      }
    }, PAUSE);
    return () => clearInterval(timer);
  }, [queries]);
  useNews([], (event) => {
    note(event);
    if (event.type === "snapshot_required") void queries.invalidateQueries();
    for (const [kind, parts] of Object.entries(READ_ANEW)) {
      if (event.type.startsWith(kind)) for (const part of parts) waiting.current.add(part);
    }
  });
  return null;
}

/** True where a query reads a resource: its key names the operation, whose tags name the resource. */
function isOf(key: readonly unknown[], part: string): boolean {
  const [first] = key as [{ tags?: readonly string[] } | undefined];
  return first?.tags?.includes(part) ?? false;
}
