import { Button, Group, SimpleGrid, TextInput } from "@mantine/core";
import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { DAY, dayOf } from "@/lib/stored";

/** Which lines are looked for; in the address. Days are UTC. */
export interface Sought {
  actor?: string | undefined;
  action?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

/** What is looked for as it is asked for: the day that is named last is looked at, too. */
export function wishOf({ actor, action, since, until }: Sought) {
  const after = until && dayOf(Date.parse(`${until}T00:00:00Z`) + DAY);
  return {
    ...(actor?.trim() ? { actor: actor.trim() } : {}),
    ...(action?.trim() ? { action: action.trim() } : {}),
    ...(since ? { since: `${since}T00:00:00Z` } : {}),
    ...(after ? { until: `${after}T00:00:00Z` } : {}),
  };
}

interface FiltersProps {
  sought: Sought;
  onSeek: (sought: Sought) => void;
}

/** Chooses lines by who did what, and when; all of them can be had as a file. */
export function Filters({ sought, onSeek }: FiltersProps) {
  const { t } = useTranslation();
  const field = (name: keyof Sought, label: string, more: { type?: "date"; placeholder?: string } = {}) => (
    <TextInput
      label={label}
      maxLength={100}
      value={sought[name] ?? ""}
      onChange={(event) => onSeek({ ...sought, [name]: event.currentTarget.value || undefined })}
      {...more}
    />
  );
  return (
    <Group gap="sm" align="flex-end" mb="md">
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm" flex="1 1 320px" maw={680}>
        {field("actor", t("audit.actor"))}
        {field("action", t("audit.action"), { placeholder: "order." })}
        {field("since", t("audit.since"), { type: "date" })}
        {field("until", t("audit.until"), { type: "date" })}
      </SimpleGrid>
      {Object.values(sought).some(Boolean) && (
        <Button variant="subtle" onClick={() => onSeek({})}>
          {t("common.clear")}
        </Button>
      )}
      <Group gap="xs" ml="auto">
        {(["csv", "json"] as const).map((form) => (
          <Button
            key={form}
            component="a"
            href={`/api/v1/audit/export?format=${form}`}
            download
            variant="default"
            leftSection={<Download size={15} aria-hidden />}
          >
            {t(`audit.export.${form}`)}
          </Button>
        ))}
      </Group>
    </Group>
  );
}
