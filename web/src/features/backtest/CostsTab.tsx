import { Progress, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { BacktestOut } from "@/api/gen";
import { Change } from "@/components/Change";
import { useFormats } from "@/lib/useFormats";
import { costsOf } from "./costs";
import { Doubts } from "./Doubts";
import { Passport } from "./Passport";

/** What trading cost, what the bars do not tell, and whether the strategy knows the future. */
export function CostsTab({ result }: { result: BacktestOut }) {
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
      <Costs metrics={result.metrics} />
      <Stack gap="xl">
        <Doubts metrics={result.metrics} />
        <Passport passport={result.leak_passport} />
      </Stack>
    </SimpleGrid>
  );
}

function Costs({ metrics }: { metrics: BacktestOut["metrics"] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const lines = costsOf(metrics);
  const most = Math.max(...lines.map((line) => Math.abs(line.amount)), 1e-9);
  return (
    <section>
      <Title order={3} mb="xs">
        {t("costs.title")}
      </Title>
      <Table fz="sm" verticalSpacing={6}>
        <Table.Tbody>
          {lines.map(({ name, amount, isSum }) => (
            <Table.Tr key={name}>
              <Table.Th fw={isSum ? 600 : 400}>{t(`figures.name.${name}`)}</Table.Th>
              <Table.Td w="36%" aria-hidden>
                <Progress
                  size="sm"
                  value={(Math.abs(amount) / most) * 100}
                  color={amount < 0 ? "var(--down)" : "var(--up)"}
                  bg="transparent"
                />
              </Table.Td>
              <Table.Td className="number" fw={isSum ? 600 : 400}>
                <Change value={amount}>{formats.signed(amount)}</Change>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="sm" mt="xs">
        {(metrics.gross_pnl ?? 0) > 0
          ? t("costs.share", { share: formats.percent(metrics.cost_share, 1) })
          : t("costs.noGross")}
      </Text>
    </section>
  );
}
