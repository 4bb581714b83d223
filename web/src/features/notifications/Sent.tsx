import { Badge, SegmentedControl, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SendingAnswer } from "@/api/gen";
import { listNotificationsOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { type Column, DataTable } from "@/components/DataTable";
import { Empty } from "@/components/Empty";
import { Panel } from "@/components/Panel";
import { useFormats } from "@/lib/useFormats";

const COLOURS: Record<SendingAnswer["state"], string> = { waiting: "yellow", sent: "teal", given_up: "orange" };
type Shown = "all" | "waiting" | "given_up";

/** The outbox: what was told, what still waits, what could not be delivered and why. */
export function Sent() {
  const { t } = useTranslation();
  const [shown, setShown] = useState<Shown>("all");
  const columns = useColumns();
  const query = useQuery({ ...listNotificationsOptions({ query: { limit: 500 } }), refetchInterval: 10_000 });
  const rows = query.data?.filter((one) => shown === "all" || one.state === shown) ?? [];
  const filter = (
    <SegmentedControl
      size="xs"
      aria-label={t("notifications.sent.shown")}
      value={shown}
      onChange={(value) => setShown(value as Shown)}
      data={(["all", "waiting", "given_up"] as const).map((value) => ({
        value,
        label: t(`notifications.state.${value}`),
      }))}
    />
  );
  return (
    <Panel title={t("notifications.sent.title")} actions={filter}>
      <Asked
        query={query}
        isEmpty={() => rows.length === 0}
        empty={<Empty text={t(shown === "all" ? "notifications.sent.none" : "notifications.sent.noneSuch")} />}
      >
        {() => (
          <DataTable
            caption={t("notifications.sent.title")}
            rows={rows}
            columns={columns}
            keyOf={(one) => one.id}
            height={640}
          />
        )}
      </Asked>
    </Panel>
  );
}

function useColumns(): Column<SendingAnswer>[] {
  const { t } = useTranslation();
  const formats = useFormats();
  return useMemo(
    () => [
      {
        id: "at",
        label: t("notifications.sent.at"),
        value: (one) => one.at,
        cell: (one) => <span className="nowrap">{formats.instant(one.at)}</span>,
      },
      {
        id: "channel",
        label: t("notifications.sent.channel"),
        value: (one) => one.channel,
        cell: (one) => one.channel,
      },
      {
        id: "state",
        label: t("notifications.sent.state"),
        value: (one) => one.state,
        cell: (one) => (
          <Badge variant="light" color={COLOURS[one.state]}>
            {t(`notifications.state.${one.state}`)}
          </Badge>
        ),
      },
      {
        id: "title",
        label: t("notifications.sent.message"),
        cell: (one) => (
          <div style={{ minWidth: 240 }}>
            <Text size="sm" fw={500}>
              {one.title}
            </Text>
            <Text size="xs" c="dimmed" style={{ whiteSpace: "pre-line", overflowWrap: "anywhere" }}>
              {one.text}
            </Text>
            {one.error && <Text size="xs">{t("notifications.sent.why", { error: one.error, count: one.tries })}</Text>}
          </div>
        ),
      },
    ],
    [t, formats],
  );
}
