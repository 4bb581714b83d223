import { Alert, Button, Group, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { SlidersHorizontal, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { RiskView } from "@/api/gen";
import { calmTradingMutation, readRiskOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Budgets } from "@/components/desk/Budgets";
import { Kill } from "@/components/desk/Kill";
import { Empty } from "@/components/Empty";
import { Figure } from "@/components/Figure";
import { Panel } from "@/components/Panel";
import { ScreenTitle } from "@/components/ScreenTitle";
import { useCaller } from "@/lib/caller";
import { useFormats } from "@/lib/useFormats";

const SIMULATED = "simulation";

/** What is at stake, what holds it back, and the way to stop it all. */
export function RiskScreen() {
  const { t } = useTranslation();
  const { may } = useCaller();
  const query = useQuery({ ...readRiskOptions(), refetchInterval: 10_000 });
  return (
    <>
      <ScreenTitle title={t("app.screens.risk")} note={t("risk.note")} actions={may("trader") && <Kill />} />
      <Asked
        query={query}
        isEmpty={(found) => found.items.length === 0}
        empty={
          <Panel>
            <Empty text={t("risk.none")} />
          </Panel>
        }
      >
        {(found) => (
          <Stack>
            {found.items.map((one) => (
              <Risk key={one.deployment} risk={one} />
            ))}
          </Stack>
        )}
      </Asked>
    </>
  );
}

function Risk({ risk }: { risk: RiskView }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { may } = useCaller();
  const queries = useQueryClient();
  const calm = useMutation({ ...calmTradingMutation(), onSettled: () => queries.invalidateQueries() });
  return (
    <Panel title={risk.deployment} actions={risk.deployment === SIMULATED && may("trader") && <ToLimits />}>
      <Stack>
        {risk.halted && (
          <Alert color="orange" icon={<TriangleAlert size={18} aria-hidden />} title={t("risk.halted")}>
            <Group justify="space-between">
              {risk.halted}
              {may("trader") && (
                <Button
                  size="compact-sm"
                  variant="light"
                  loading={calm.isPending}
                  onClick={() => calm.mutate({ body: { deployment: risk.deployment } })}
                >
                  {t("risk.calm")}
                </Button>
              )}
            </Group>
          </Alert>
        )}
        {risk.unprotected.length > 0 && (
          <Alert color="orange" icon={<TriangleAlert size={18} aria-hidden />}>
            {t("risk.unprotected", { symbols: risk.unprotected.join(", ") })}
          </Alert>
        )}
        <div className="figures">
          <Figure label={t("desk.equity")}>{formats.money(risk.equity)}</Figure>
          <Figure label={t("desk.exposure")} help={t("desk.help.exposure")}>
            {formats.money(risk.exposure)}
          </Figure>
          <Figure label={t("risk.leverage")}>{`${formats.number(risk.leverage, 2)}×`}</Figure>
          <Figure label={t("risk.heat")} help={t("risk.heatHelp")}>
            {formats.percent(risk.heat)}
          </Figure>
          <Figure label={t("figures.name.max_drawdown")}>{formats.percent(risk.max_drawdown)}</Figure>
          <Figure label={t("figures.name.value_at_risk")}>{formats.percent(risk.value_at_risk)}</Figure>
        </div>
        <Budgets budgets={risk.budgets} cols={3} />
      </Stack>
    </Panel>
  );
}

/** The way to where limits of the simulation are set. */
function ToLimits() {
  const { t } = useTranslation();
  return (
    <Button
      component={Link}
      to="/simulation?tab=settings"
      size="compact-sm"
      variant="default"
      leftSection={<SlidersHorizontal size={14} aria-hidden />}
    >
      {t("risk.change")}
    </Button>
  );
}
