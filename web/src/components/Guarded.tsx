import { Button, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { ErrorBoundary } from "react-error-boundary";
import { useTranslation } from "react-i18next";

/** Keeps a fault of the page to the part in which it happens. */
export function Guarded({ children }: { children: ReactNode }) {
  return <ErrorBoundary FallbackComponent={Crashed}>{children}</ErrorBoundary>;
}

function Crashed({ error, resetErrorBoundary }: { error: unknown; resetErrorBoundary: () => void }) {
  const { t } = useTranslation();
  return (
    <Stack role="alert" align="center" gap="xs" p="xl">
      <Text fw={600}>{t("common.failure.crash")}</Text>
      <Text size="sm" c="dimmed">
        {error instanceof Error ? error.message : String(error)}
      </Text>
      <Button variant="light" onClick={resetErrorBoundary}>
        {t("common.retry")}
      </Button>
    </Stack>
  );
}
