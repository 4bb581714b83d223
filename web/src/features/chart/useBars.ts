import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { readCandles } from "@/api/gen";
import { readCandlesOptions } from "@/api/gen/@tanstack/react-query.gen";
import { joined, lengthOf } from "./chartState";

export interface Market {
  symbol: string;
  venue: string;
  timeframe: string;
}

const COLUMNS = ["time", "open", "high", "low", "close", "volume"] as const;
const FIRST = 2_000;
const NEXT = 10_000;
/** A market whose last bar is older than so many bars is not waited for. */
const FRESH = 20;
const LEAST_WAIT = 5_000;
const MOST_WAIT = 60_000;

/** The bars of a market: the last ones, earlier ones when they are needed, new ones as they come. */
export function useBars({ symbol, venue, timeframe }: Market) {
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
      query: { symbol, venue, timeframe, limit: FIRST, from: new Date(newest ?? 0).toISOString() },
    }),
    enabled: newest !== undefined && Date.now() - newest < FRESH * length,
    refetchInterval: Math.min(Math.max(length / 4, LEAST_WAIT), MOST_WAIT),
  });
  const bars = useMemo(
    () => joined([...(tail.data ? [tail.data] : []), ...(query.data?.pages ?? [])], COLUMNS),
    [query.data, tail.data],
  );
  return { query, bars };
}
