import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { readRiskOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Budgets } from "@/components/desk/Budgets";
import { Empty } from "@/components/Empty";
import { Panel } from "@/components/Panel";

/** How much each deployment may still lose and hold. */
export function RiskBudget() {
  const { t } = useTranslation();
  const query = useQuery({ ...readRiskOptions(), refetchInterval: 10_000 });
  const more = (
    <Text component={Link} to="/risk" size="sm" className="link">
      {t("app.screens.risk")}
    </Text>
  );
  return (
    <Panel title={t("risk.budgets")} actions={more}>
      <Asked
        query={query}
        height={70}
        isEmpty={(found) => found.items.length === 0}
        empty={<Empty text={t("risk.none")} />}
      >
        {(found) => (
          <Stack gap="md">
            {found.items.map((one) => (
              <section key={one.deployment} aria-label={one.deployment}>
                <Text size="sm" fw={500} mb={4}>
                  {one.deployment}
                </Text>
                <Budgets budgets={one.budgets} cols={1} />
              </section>
            ))}
          </Stack>
        )}
      </Asked>
    </Panel>
  );
}
