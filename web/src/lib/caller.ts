import { createContext, useContext } from "react";

export type Role = "viewer" | "trader" | "admin";

const RANKS: Role[] = ["viewer", "trader", "admin"];

/** Who is logged in. */
export const Caller = createContext<{ name: string; role: string }>({ name: "", role: "viewer" });

/** Who is logged in, and whether they may do what a role may. */
export function useCaller(): { name: string; role: string; may: (role: Role) => boolean } {
  const caller = useContext(Caller);
  const rank = RANKS.indexOf(caller.role as Role);
  return { ...caller, may: (role) => rank >= RANKS.indexOf(role) };
}
