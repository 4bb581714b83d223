import { Button, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

/** Where an address leads nowhere. */
export function Missing() {
  const { t } = useTranslation();
  return (
    <Stack align="center" py={80} gap="sm">
      <Title order={1}>{t("common.missing.title")}</Title>
      <Text c="dimmed">{t("common.missing.text")}</Text>
      <Button component={Link} to="/" variant="light">
        {t("common.missing.home")}
      </Button>
    </Stack>
  );
}
