import { useQuery, useQueryClient } from "@tanstack/react-query";
import { readSettings, type SettingAnswer } from "@/api/gen";
import { readSettingsQueryKey } from "@/api/gen/@tanstack/react-query.gen";

export interface Read {
  items: SettingAnswer[];
  /** Of what was read; a change names it, so that nobody overwrites what another has changed. */
  version: string;
}

const queryKey = [...readSettingsQueryKey(), "with version"] as const;

/** Every setting, with the version of them all. */
export function useSettings() {
  return useQuery({
    queryKey,
    queryFn: async (): Promise<Read> => {
      const { data, response } = await readSettings({ throwOnError: true });
      return { items: data.items, version: response.headers.get("ETag") ?? "*" };
    },
  });
}

/** Has every part of the configuration read anew: settings, their history, presets. */
export function useReadAnew(): () => Promise<void> {
  const queries = useQueryClient();
  return () =>
    queries.invalidateQueries({
      predicate: ({ queryKey: [first] }) =>
        (first as { tags?: string[] } | undefined)?.tags?.includes("settings") ?? false,
    });
}
