import { CloseButton, Group, List, Paper, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { prefer, usePreferences } from "@/lib/preferences";

/** What one may do first; closed once, it stays closed. */
export function Guide() {
  const { t } = useTranslation();
  const { isGuideClosed } = usePreferences();
  if (isGuideClosed) return null;
  return (
    <Paper p="md" component="section" aria-label={t("dashboard.guide.title")}>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div>
          <Text fw={600} mb={6}>
            {t("dashboard.guide.title")}
          </Text>
          <List type="ordered" size="sm" spacing={4}>
            <List.Item>
              <Link to="/backtest" className="link">
                {t("dashboard.guide.backtest")}
              </Link>
            </List.Item>
            <List.Item>
              <Link to="/simulation" className="link">
                {t("dashboard.guide.simulation")}
              </Link>
            </List.Item>
            <List.Item>{t("dashboard.guide.watch")}</List.Item>
          </List>
        </div>
        <CloseButton aria-label={t("common.close")} onClick={() => prefer({ isGuideClosed: true })} />
      </Group>
    </Paper>
  );
}
