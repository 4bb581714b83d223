import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type HeardOut, readCandles, type SeriesOut } from "@/api/gen";
import { readCandlesOptions } from "@/api/gen/@tanstack/react-query.gen";
import { joined, lengthOf } from "./chartState";

export interface Market {
  symbol: string;
  venue: string;
  timeframe: string;
}

/** A market that can be shown: stored, or heard by a session. */
export interface Place {
  symbol: string;
  venue: string;
  /** The shortest bars that a session hears there; null where none does. */
  heard: string | null;
}

/** What is stored and what is heard, as markets; what is stored stands first. */
export function placesOf(stored: readonly SeriesOut[], heard: readonly HeardOut[]): Place[] {
  const found = new Map<string, Place>();
  const put = ({ symbol, venue }: { symbol: string; venue: string }, frame: string | null) => {
    const key = `${symbol} ${venue}`;
    const known = found.get(key)?.heard ?? null;
    const shorter = known && (!frame || lengthOf(known) <= lengthOf(frame)) ? known : frame;
    found.set(key, { symbol, venue, heard: shorter });
  };
  for (const one of stored) if (one.kind === "candles") put(one, null);
  for (const one of heard) put(one, one.timeframe);
  return [...found.values()];
}

const COLUMNS = ["time", "open", "high", "low", "close", "volume"] as const;
const FIRST = 2_000;
const NEXT = 10_000;
const MOST = 20_000;
/** A market whose last bar is older than so many bars is not waited for. */
const FRESH = 20;
const LEAST_WAIT = 5_000;
const MOST_WAIT = 60_000;
/** The time of a practice exchange may pass faster than ours. */
const HEARD_WAIT = 2_000;

/** The bars of a market: the last ones, earlier ones when they are needed, new ones as they come. */
export function useBars({ symbol, venue, timeframe }: Market, isHeard = false) {
  const query = useInfiniteQuery({
    queryKey: ["bars", symbol, venue, timeframe],
    queryFn: async ({ pageParam, signal }) => {
      const limit = pageParam ? NEXT : FIRST;
      const wish = { symbol, venue, timeframe, limit, ...(pageParam ? { to: pageParam } : {}) };
      return (await readCandles({ query: wish, signal, throwOnError: true })).data;
    },
    initialPageParam: "",
    getNextPageParam: (page) => (page.earlier && page.time[0] ? new Date(page.time[0]).toISOString() : undefined),
    enabled: symbol !== "",
    staleTime: Number.POSITIVE_INFINITY,
  });
  const newest = query.data?.pages[0]?.time.at(-1);
  const length = lengthOf(timeframe);
  const tail = useQuery({
    ...readCandlesOptions({
      query: { symbol, venue, timeframe, limit: MOST, from: new Date(newest ?? 0).toISOString() },
    }),
    enabled: newest !== undefined && (isHeard || Date.now() - newest < FRESH * length),
    refetchInterval: isHeard ? HEARD_WAIT : Math.min(Math.max(length / 4, LEAST_WAIT), MOST_WAIT),
  });
  const bars = useMemo(
    () => joined([...(tail.data ? [tail.data] : []), ...(query.data?.pages ?? [])], COLUMNS),
    [query.data, tail.data],
  );
  return { query, bars };
}
