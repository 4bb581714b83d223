import { Center, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";

/** What stands around the forms of somebody who is not logged in. */
export function Frame({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t("app.name")}`;
  }, [title, t]);
  return (
    <Center component="main" mih="calc(100vh - 76px)" px="sm" py="lg">
      <Stack gap="md" w="100%" maw={400}>
        <Group gap="sm">
          <img src="/icon.svg" width={36} height={36} alt="" />
          <Title order={1}>{title}</Title>
        </Group>
        {note && <Text c="dimmed">{note}</Text>}
        <Paper p="lg">{children}</Paper>
      </Stack>
    </Center>
  );
}
