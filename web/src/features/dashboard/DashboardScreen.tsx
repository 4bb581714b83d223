import { Grid, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { readPortfolioOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Controls } from "@/components/desk/Controls";
import { Equity } from "@/components/desk/Equity";
import { Kill } from "@/components/desk/Kill";
import { Money } from "@/components/desk/Money";
import { Pending } from "@/components/desk/Pending";
import { Positions } from "@/components/desk/Positions";
import { Signals } from "@/components/desk/Signals";
import { Panel } from "@/components/Panel";
import { ScreenTitle } from "@/components/ScreenTitle";
import { useCaller } from "@/lib/caller";
import { ConfirmBox } from "./ConfirmBox";
import { Guide } from "./Guide";
import { Pairs } from "./Pairs";
import { RiskBudget } from "./RiskBudget";
import { TradingSwitch } from "./TradingSwitch";

const route = getRouteApi("/");

/** What happens now, and what one can do about it. */
export function DashboardScreen() {
  const { t } = useTranslation();
  const { may } = useCaller();
  const { pair } = route.useSearch();
  const navigate = route.useNavigate();
  const portfolio = useQuery({ ...readPortfolioOptions(), refetchInterval: 10_000 });
  return (
    <>
      <ScreenTitle title={t("app.screens.dashboard")} actions={may("trader") && <Kill />} />
      <Stack gap="md">
        <Guide />
        <Pending />
        <Panel>
          <Asked query={portfolio} height={56}>
            {(found) => <Money portfolio={found} />}
          </Asked>
        </Panel>
        <Grid gap="md">
          <Grid.Col span={{ base: 12, lg: 8 }}>
            <Stack gap="md">
              <Equity />
              <Panel title={t("desk.positions")}>
                <Asked query={portfolio} height={80}>
                  {(found) => <Positions positions={found.positions} />}
                </Asked>
              </Panel>
              <Pairs
                chosen={pair}
                onChoose={(symbol) =>
                  navigate({ search: symbol ? { pair: symbol } : {}, replace: true, resetScroll: false })
                }
              />
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 4 }}>
            <Stack gap="md">
              <Controls />
              <ConfirmBox />
              <RiskBudget />
              <TradingSwitch />
              <Signals symbol={pair ?? null} />
            </Stack>
          </Grid.Col>
        </Grid>
      </Stack>
    </>
  );
}
