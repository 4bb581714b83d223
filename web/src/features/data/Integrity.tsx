import { Alert } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ShieldAlert, ShieldCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { SeriesOut } from "@/api/gen";
import { listJobsOptions } from "@/api/gen/@tanstack/react-query.gen";
import { useFormats } from "@/lib/useFormats";
import { useWord } from "@/lib/useWord";
import { foundIn } from "./found";

const WISH = { query: { kind: "data_check", limit: 20 } } as const;

/** What the last check of a series has found; nothing where it was not checked lately. */
export function Integrity({ one }: { one: SeriesOut }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const word = useWord();
  const jobs = useQuery({ ...listJobsOptions(WISH), refetchInterval: 5_000 });
  const found = foundIn(jobs.data?.items ?? [], one);
  if (!found) return null;
  const isSound = found.faults === 0;
  return (
    <Alert
      color={isSound ? "teal" : "orange"}
      variant="light"
      icon={isSound ? <ShieldCheck size={18} aria-hidden /> : <ShieldAlert size={18} aria-hidden />}
      title={t("data.checked", { time: formats.time(found.at) })}
    >
      {isSound
        ? t("data.sound")
        : t("data.faults", {
            count: found.faults,
            kinds: found.kinds.map((one) => word("data.fault", one)).join(", "),
          })}
    </Alert>
  );
}
