import { Badge, Code, Group, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { readStrategySchemaOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { CopyAs } from "@/components/CopyAs";
import { Panel } from "@/components/Panel";
import { Wide } from "@/components/Wide";

/** Presets of a strategy beside each other, its timeframes with their roles, and its own words on risk. */
export function Schema({ name }: { name: string }) {
  const { t } = useTranslation();
  const query = useQuery({ ...readStrategySchemaOptions({ path: { name } }), staleTime: 60_000 });
  const actions = <CopyAs api={{ method: "GET", path: `/api/v1/strategies/${name}/schema` }} />;
  return (
    <Panel title={t("strategies.presets")} actions={actions}>
      <Asked query={query} height={80}>
        {(schema) => {
          const presets = Object.entries(schema.presets);
          const names = [...new Set(presets.flatMap(([, values]) => Object.keys(values)))];
          const risk = Object.entries(schema.risk);
          return (
            <Stack gap="sm">
              <Wide minWidth={200 + presets.length * 110}>
                <Table fz="sm">
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>{t("strategies.parameter")}</Table.Th>
                      {presets.map(([preset]) => (
                        <Table.Th key={preset} className="number">
                          {preset}
                        </Table.Th>
                      ))}
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {names.map((parameter) => (
                      <Table.Tr key={parameter}>
                        <Table.Td>
                          <Code>{parameter}</Code>
                        </Table.Td>
                        {presets.map(([preset, values]) => (
                          <Table.Td key={preset} className="number">
                            {String(values[parameter] ?? "–")}
                          </Table.Td>
                        ))}
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Wide>
              {risk.length > 0 && (
                <Group gap={6}>
                  <Text size="sm" c="dimmed">
                    {t("strategies.ownRisk")}
                  </Text>
                  {risk.map(([key, value]) => (
                    <Badge key={key} variant="light" color="gray" tt="none">
                      {key} = {String(value)}
                    </Badge>
                  ))}
                </Group>
              )}
            </Stack>
          );
        }}
      </Asked>
    </Panel>
  );
}
