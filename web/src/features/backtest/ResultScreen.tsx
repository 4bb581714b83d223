import { Code, Stack, Table, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { BacktestOut } from "@/api/gen";
import { readBacktestMarkOptions, readBacktestOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Panel } from "@/components/Panel";
import { ScreenTitle } from "@/components/ScreenTitle";
import { useFormats } from "@/lib/useFormats";
import { Again } from "./Again";
import { CostsTab } from "./CostsTab";
import { DistributionTab } from "./DistributionTab";
import { EquityTab } from "./EquityTab";
import { Exports } from "./Exports";
import { Figures } from "./Figures";
import { Headline } from "./Headline";
import { Marks, StarButton } from "./Marks";
import { Refusals } from "./Refusals";
import { TradesTab } from "./TradesTab";
import { Warnings } from "./Warnings";

const route = getRouteApi("/backtest/$id");
const TABS = ["equity", "trades", "distribution", "costs", "figures", "settings"] as const;

/** One result, whole. */
export function ResultScreen() {
  const { id } = route.useParams();
  const query = useQuery(readBacktestOptions({ path: { backtest_id: id } }));
  return (
    <Asked query={query} height={420}>
      {(result) => <Whole result={result} />}
    </Asked>
  );
}

function Whole({ result }: { result: BacktestOut }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { tab = "equity" } = route.useSearch();
  const navigate = route.useNavigate();
  const mark = useQuery(readBacktestMarkOptions({ path: { backtest_id: result.id } }));
  const period = `${formats.day(result.start_date)} – ${formats.day(result.end_date)}`;
  return (
    <>
      <ScreenTitle
        title={`${result.strategy} · ${result.symbol}`}
        note={`${result.timeframe} · ${period} · ${result.venue}`}
        actions={
          <>
            <StarButton id={result.id} isOn={mark.data?.starred ?? false} />
            <Exports id={result.id} />
            <Again result={result} />
          </>
        }
      />
      <Stack>
        <Panel>
          <Stack gap="md">
            <Headline result={result} />
            <Marks id={result.id} />
          </Stack>
        </Panel>
        <Warnings warnings={result.warnings} />
        <Panel>
          <Tabs
            value={tab}
            keepMounted={false}
            onChange={(value) => value && navigate({ search: { tab: value }, replace: true })}
          >
            <Tabs.List mb="md">
              {TABS.map((name) => (
                <Tabs.Tab key={name} value={name}>
                  {t(`backtest.tabs.${name}`)}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <Tabs.Panel value="equity">
              <EquityTab result={result} />
            </Tabs.Panel>
            <Tabs.Panel value="trades">
              <TradesTab result={result} />
            </Tabs.Panel>
            <Tabs.Panel value="distribution">
              <DistributionTab id={result.id} />
            </Tabs.Panel>
            <Tabs.Panel value="costs">
              <CostsTab result={result} />
            </Tabs.Panel>
            <Tabs.Panel value="figures">
              <Figures metrics={result.metrics} />
              <Refusals refusals={result.refusals} />
            </Tabs.Panel>
            <Tabs.Panel value="settings">
              <Settings result={result} />
            </Tabs.Panel>
          </Tabs>
        </Panel>
      </Stack>
    </>
  );
}

function Settings({ result }: { result: BacktestOut }) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Table fz="sm" verticalSpacing={4}>
        <Table.Tbody>
          {Object.entries(result.fingerprints).map(([name, digest]) => (
            <Table.Tr key={name}>
              <Table.Th fw={400}>{t("backtest.fingerprint", { name })}</Table.Th>
              <Table.Td>
                <Code>{digest.slice(0, 16)}</Code>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Code block mah={480} style={{ overflow: "auto" }}>
        {JSON.stringify(result.spec, null, 2)}
      </Code>
    </Stack>
  );
}
