import { CloseButton, Group, Paper, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Circle, CircleCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import {
  listBacktestsOptions,
  listDeploymentsOptions,
  listNotificationChannelsOptions,
  listSeriesOptions,
} from "@/api/gen/@tanstack/react-query.gen";
import { prefer, usePreferences } from "@/lib/preferences";

/** What one may do first, with what is done already; closed once, it stays closed until the help shows it again. */
export function Guide() {
  const { isGuideClosed } = usePreferences();
  return isGuideClosed ? null : <Steps />;
}

function Steps() {
  const { t } = useTranslation();
  const series = useQuery(listSeriesOptions());
  const results = useQuery(listBacktestsOptions({ query: { limit: 1 } }));
  const deployments = useQuery(listDeploymentsOptions());
  const channels = useQuery(listNotificationChannelsOptions());
  const steps = [
    { name: "data", path: "/data", isDone: (series.data?.items.length ?? 0) > 0 },
    { name: "backtest", path: "/backtest", isDone: (results.data?.items.length ?? 0) > 0 },
    {
      name: "simulation",
      path: "/simulation",
      isDone: deployments.data?.items.some((one) => one.state === "running") ?? false,
    },
    { name: "alerts", path: "/notifications", isDone: (channels.data?.length ?? 0) > 0 },
  ];
  return (
    <Paper p="md" component="section" aria-label={t("dashboard.guide.title")}>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div>
          <Text fw={600} mb={6}>
            {t("dashboard.guide.title")}
          </Text>
          <Stack component="ol" gap={6} className="rows">
            {steps.map(({ name, path, isDone }) => (
              <Group component="li" key={name} gap={8} wrap="nowrap" align="flex-start">
                {isDone ? (
                  <CircleCheck
                    className="fixed"
                    size={17}
                    color="var(--up)"
                    role="img"
                    aria-label={t("dashboard.guide.done")}
                  />
                ) : (
                  <Circle
                    className="fixed"
                    size={17}
                    color="var(--calm)"
                    role="img"
                    aria-label={t("dashboard.guide.open")}
                  />
                )}
                <Text size="sm" component={Link} to={path} className="link">
                  {t(`dashboard.guide.${name}`)}
                </Text>
              </Group>
            ))}
          </Stack>
          <Text size="sm" c="dimmed" mt={8}>
            {t("dashboard.guide.watch")}.{" "}
            <Link to="/help" className="link">
              {t("dashboard.guide.help")}
            </Link>
          </Text>
        </div>
        <CloseButton aria-label={t("common.close")} onClick={() => prefer({ isGuideClosed: true })} />
      </Group>
    </Paper>
  );
}
