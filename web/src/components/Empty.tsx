import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface EmptyProps {
  /** What will stand here. */
  text?: string;
  /** The one thing to do that fills it. */
  action?: ReactNode;
}

/** Where there is nothing yet. */
export function Empty({ text, action }: EmptyProps) {
  const { t } = useTranslation();
  return (
    <Stack align="center" gap="sm" py="xl" px="md" ta="center">
      <Text c="dimmed" maw={460}>
        {text ?? t("common.empty")}
      </Text>
      {action}
    </Stack>
  );
}
