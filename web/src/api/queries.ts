import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { readSessionQueryKey } from "./gen/@tanstack/react-query.gen";
import { isPassing, problemOf } from "./problems";

const MOST_TRIES = 2;

declare module "@tanstack/react-query" {
  interface Register {
    mutationMeta: {
      /** The form itself says why it was refused. */
      isShownInPlace?: boolean;
    };
  }
}

/**
 * What has been read stays for a while; what failed is asked again only where that may help.
 *
 * @param onRefused told of what could not be done, unless a form says so itself.
 */
export function makeQueries(onRefused: (error: unknown) => void): QueryClient {
  const ask = () => queries.invalidateQueries({ queryKey: readSessionQueryKey() });
  const look = (error: unknown) => {
    if (problemOf(error).status === 401) void ask();
  };
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: look }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, mutation) => {
        look(error);
        if (!mutation.meta?.isShownInPlace) onRefused(error);
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: true,
        retry: (count, error) => count < MOST_TRIES && isPassing(error),
      },
    },
  });
  return queries;
}
