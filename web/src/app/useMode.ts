import { useQuery } from "@tanstack/react-query";
import { listDeploymentsOptions } from "@/api/gen/@tanstack/react-query.gen";

/** Whether anything trades with real money now, or is about to. Until the server has told, it is asked again soon. */
export function useMode(): "simulation" | "live" {
  const query = useQuery({ ...listDeploymentsOptions({ query: { mode: "live" } }), refetchInterval: 10_000 });
  const trades = query.data?.items.some((one) => one.wanted === "running" || one.state === "running") ?? false;
  return trades ? "live" : "simulation";
}
