import { Button, Group } from "@mantine/core";
import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";

/** A book of the simulation as a file: every entry, not only those that are shown. */
export function BookExport({ book }: { book: "trades" | "orders" }) {
  const { t } = useTranslation();
  return (
    <Group gap="xs" justify="flex-end" mb="xs">
      {(["csv", "json"] as const).map((form) => (
        <Button
          key={form}
          component="a"
          href={`/api/v1/exports/${book}.${form}`}
          download
          size="compact-sm"
          variant="default"
          leftSection={<Download size={13} aria-hidden />}
        >
          {t("simulation.export", { form: form.toUpperCase() })}
        </Button>
      ))}
    </Group>
  );
}
