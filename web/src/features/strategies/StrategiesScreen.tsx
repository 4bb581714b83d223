import { Badge, Button, Code, Grid, Group, NavLink, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { StrategyOut } from "@/api/gen";
import { listStrategiesOptions, readStrategyCodeOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Marked } from "@/components/Marked";
import { Panel } from "@/components/Panel";
import { ScreenTitle } from "@/components/ScreenTitle";
import { Wide } from "@/components/Wide";
import { useCaller } from "@/lib/caller";
import { useServerWords } from "@/lib/serverWords";
import { useStrategyWords } from "@/lib/strategyWords";
import { Deploy } from "./Deploy";
import { Passport } from "./Passport";
import { Schema } from "./Schema";
import { Versions } from "./Versions";

const route = getRouteApi("/strategies");

/** What can be run: what each strategy does, its parameters, its code. */
export function StrategiesScreen() {
  const { t } = useTranslation();
  const { name } = route.useSearch();
  const query = useQuery(listStrategiesOptions());
  return (
    <>
      <ScreenTitle title={t("app.screens.strategies")} note={t("strategies.note")} />
      <Asked query={query} height={320}>
        {(found) => {
          const shown = found.items.find((one) => one.name === name) ?? found.items[0];
          return (
            <Grid gap="md">
              <Grid.Col span={{ base: 12, md: 4, lg: 3 }}>
                <Panel>
                  {found.items.map((one) => (
                    <NavLink
                      key={one.name}
                      component={Link}
                      to={`/strategies?name=${one.name}`}
                      label={one.name}
                      description={`${one.ltf}${one.htf ? ` · ${one.htf}` : ""} · ${one.version}`}
                      active={one.name === shown?.name}
                    />
                  ))}
                  {found.broken.length > 0 && (
                    <Stack gap={4} mt="sm" role="alert">
                      <Text size="sm">{t("strategies.broken", { count: found.broken.length })}</Text>
                      {found.broken.map((one) => (
                        <Text size="xs" key={`${one.file} ${one.name}`} lang="en" style={{ overflowWrap: "anywhere" }}>
                          <Code>
                            {one.file}
                            {one.line ? `:${one.line}` : ""}
                          </Code>{" "}
                          {one.reason}
                        </Text>
                      ))}
                    </Stack>
                  )}
                </Panel>
              </Grid.Col>
              <Grid.Col span={{ base: 12, md: 8, lg: 9 }}>
                {shown && <Strategy key={shown.name} strategy={shown} />}
              </Grid.Col>
            </Grid>
          );
        }}
      </Asked>
    </>
  );
}

function Strategy({ strategy }: { strategy: StrategyOut }) {
  const { t } = useTranslation();
  const { may } = useCaller();
  const { allowedOf } = useServerWords();
  const { docOf, meaningOf } = useStrategyWords();
  const doc = docOf(strategy);
  const actions = (
    <>
      <Button size="compact-sm" variant="default" component={Link} to="/backtest">
        {t("strategies.toBacktest")}
      </Button>
      {may("trader") && <Deploy name={strategy.name} params={strategy.params} />}
    </>
  );
  return (
    <Stack gap="md">
      <Panel title={strategy.name} actions={actions}>
        <Group gap="xs" mb="sm">
          <Badge variant="light" color="teal" tt="none">
            {t(`strategies.origin.${strategy.origin}`)}
          </Badge>
          <Badge variant="light" color="gray" tt="none">
            {strategy.version}
          </Badge>
          <Badge variant="light">LTF {strategy.ltf}</Badge>
          {strategy.htf && <Badge variant="light">HTF {strategy.htf}</Badge>}
          {strategy.paths.map((path) => (
            <Badge key={path} variant="light" color="gray">
              {path}
            </Badge>
          ))}
        </Group>
        <Stack gap="xs" maw={760} lang={doc.lang}>
          {doc.text.split(/\n\s*\n/).map((part) => (
            <Text size="sm" key={part}>
              <Marked text={part.replaceAll("\n", " ")} />
            </Text>
          ))}
        </Stack>
      </Panel>
      <Panel title={t("strategies.parameters")}>
        <Wide minWidth={520}>
          <Table fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("strategies.parameter")}</Table.Th>
                <Table.Th className="number">{t("strategies.usual")}</Table.Th>
                <Table.Th>{t("strategies.meaning")}</Table.Th>
                <Table.Th>{t("strategies.allowed")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {strategy.params.map((param) => (
                <Table.Tr key={param.name}>
                  <Table.Td>
                    <Code>{param.name}</Code>
                  </Table.Td>
                  <Table.Td className="number">{String(param.default)}</Table.Td>
                  <Table.Td lang={meaningOf(param.doc).lang}>{meaningOf(param.doc).text}</Table.Td>
                  <Table.Td c="dimmed">{allowedOf(param.allowed)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Wide>
      </Panel>
      <Schema name={strategy.name} />
      <Passport name={strategy.name} />
      <Versions name={strategy.name} />
      <CodeOf name={strategy.name} />
    </Stack>
  );
}

function CodeOf({ name }: { name: string }) {
  const { t } = useTranslation();
  const query = useQuery({ ...readStrategyCodeOptions({ path: { name } }), staleTime: 60_000 });
  return (
    <Panel title={t("strategies.code")}>
      <Asked query={query}>
        {(code) => (
          <Code block mah={480} style={{ overflow: "auto" }} tabIndex={0}>
            {code.text}
          </Code>
        )}
      </Asked>
    </Panel>
  );
}
