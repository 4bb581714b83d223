import { Grid, Stack, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { readSimulationPortfolioOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Controls } from "@/components/desk/Controls";
import { Equity } from "@/components/desk/Equity";
import { Money } from "@/components/desk/Money";
import { Pending } from "@/components/desk/Pending";
import { Positions } from "@/components/desk/Positions";
import { Panel } from "@/components/Panel";
import { ScreenTitle } from "@/components/ScreenTitle";
import { Drift } from "./Drift";
import { Orders } from "./Orders";
import { Performance } from "./Performance";
import { SettingsForm } from "./SettingsForm";
import { Trades } from "./Trades";

const route = getRouteApi("/simulation");
const TABS = ["positions", "trades", "orders", "performance", "drift", "settings"] as const;

/** Paper trading: what it is worth, what it holds and has done, and what it is to do. */
export function SimulationScreen() {
  const { t } = useTranslation();
  const { tab = "positions" } = route.useSearch();
  const navigate = route.useNavigate();
  const portfolio = useQuery({ ...readSimulationPortfolioOptions(), refetchInterval: 10_000 });
  const panels = {
    positions: (
      <Asked query={portfolio} height={80}>
        {(found) => <Positions positions={found.positions} />}
      </Asked>
    ),
    trades: <Trades />,
    orders: <Orders />,
    performance: <Performance />,
    drift: <Drift />,
    settings: <SettingsForm />,
  };
  return (
    <>
      <ScreenTitle title={t("app.screens.simulation")} note={t("simulation.note")} />
      <Stack gap="md">
        <Pending />
        <Grid gap="md">
          <Grid.Col span={{ base: 12, lg: 8 }}>
            <Stack gap="md">
              <Panel>
                <Asked query={portfolio} height={56}>
                  {(found) => <Money portfolio={found} />}
                </Asked>
              </Panel>
              <Equity />
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 4 }}>
            <Controls />
          </Grid.Col>
        </Grid>
        <Panel>
          <Tabs
            value={tab}
            keepMounted={false}
            onChange={(name) => name && navigate({ search: { tab: name }, replace: true, resetScroll: false })}
          >
            <Tabs.List mb="md">
              {TABS.map((name) => (
                <Tabs.Tab key={name} value={name}>
                  {t(`simulation.tabs.${name}`)}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            {TABS.map((name) => (
              <Tabs.Panel key={name} value={name}>
                {panels[name]}
              </Tabs.Panel>
            ))}
          </Tabs>
        </Panel>
      </Stack>
    </>
  );
}
