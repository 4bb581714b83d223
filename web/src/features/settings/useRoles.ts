import { useTranslation } from "react-i18next";
import type { Role } from "@/lib/caller";

const ROLES: Role[] = ["viewer", "trader", "admin"];

/** The roles, each with its name, for a choice. */
export function useRoles(): { value: Role; label: string }[] {
  const { t } = useTranslation();
  return ROLES.map((value) => ({ value, label: t(`app.account.role.${value}`) }));
}
