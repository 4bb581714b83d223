import { Table } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Month } from "@/api/gen";
import { Wide } from "@/components/Wide";
import { localeOf } from "@/lib/format";
import { useFormats } from "@/lib/useFormats";

const COLUMNS = Array.from({ length: 13 }, (_, month) => `month-${month}`);
const STRONGEST = 0.1;
const DEEPEST = 55;

/** The return of each month as a table whose cells are the deeper the more it was. */
export function Months({ years }: { years: Month[] }) {
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  const name = new Intl.DateTimeFormat(localeOf(i18n.language), { month: "short", timeZone: "UTC" });
  return (
    <Wide minWidth={820}>
      <Table withColumnBorders fz="xs" verticalSpacing={5} horizontalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("backtest.year")}</Table.Th>
            {Array.from({ length: 12 }, (_, month) => name.format(Date.UTC(2024, month, 1))).map((month) => (
              <Table.Th key={month} className="number">
                {month}
              </Table.Th>
            ))}
            <Table.Th className="number">{t("backtest.wholeYear")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {years.map((year) => (
            <Table.Tr key={year.year}>
              <Table.Th>{year.year}</Table.Th>
              {[...year.months, year.total].map((value, month) => (
                <Table.Td
                  key={COLUMNS[month]}
                  className="number"
                  style={{ background: shadeOf(value) }}
                  fw={month > 11 ? 600 : 400}
                >
                  {value === null || value === undefined ? "" : formats.change(value, 1)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}

function shadeOf(value: number | null | undefined): string | undefined {
  if (!value) return undefined;
  const depth = Math.round(Math.min(1, Math.abs(value) / STRONGEST) * DEEPEST);
  return `color-mix(in srgb, var(${value > 0 ? "--up" : "--down"}) ${depth}%, transparent)`;
}
