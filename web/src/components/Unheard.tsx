import { Alert } from "@mantine/core";
import { CloudOff } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useLink } from "@/lib/news";
import { useFormats } from "@/lib/useFormats";
import { useNow } from "@/lib/useNow";

/** How often the age is said anew, milliseconds: not at each second into somebody's ear. */
const EVERY = 15_000;

/** Says that the server is not heard, how old what is shown is, and what follows; nothing while it is heard. */
export function Unheard({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const link = useLink();
  const now = useNow(EVERY);
  if (link.state === "live") return null;
  return (
    <Alert color="orange" variant="light" icon={<CloudOff size={18} aria-hidden />} role="alert">
      {link.state === "stale" ? t("common.unheardSince", { ago: formats.ago(link.since, now) }) : t("common.unheard")}{" "}
      {children}
    </Alert>
  );
}
