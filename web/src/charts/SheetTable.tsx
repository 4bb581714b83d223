import { useMemo } from "react";
import { type Column, DataTable } from "@/components/DataTable";
import type { Formats } from "@/lib/format";
import { useFormats } from "@/lib/useFormats";
import { lengthOf, type Sheet, type SheetColumn } from "./sheet";

interface SheetTableProps {
  caption: string;
  sheet: Sheet;
  height: number;
}

interface Row {
  index: number;
}

/** Numbers as a table: sorted by any column, quick however many they are. */
export function SheetTable({ caption, sheet, height }: SheetTableProps) {
  const formats = useFormats();
  const rows = useMemo(() => Array.from({ length: lengthOf(sheet) }, (_, index): Row => ({ index })), [sheet]);
  const columns = useMemo(
    () =>
      sheet.map(
        (column, place): Column<Row> => ({
          id: `${place}`,
          label: column.label,
          isNumber: column.kind !== "text" && column.kind !== "time",
          value: (row) => column.values[row.index] ?? null,
          cell: (row) => written(column, column.values[row.index], formats),
        }),
      ),
    [sheet, formats],
  );
  return (
    <DataTable caption={caption} rows={rows} columns={columns} keyOf={(row) => String(row.index)} height={height} />
  );
}

function written(column: SheetColumn, value: SheetColumn["values"][number], formats: Formats) {
  if (column.kind === "text") return value ?? "";
  if (column.kind === "time") return <span className="nowrap">{formats.time(value)}</span>;
  if (column.kind === "price") return formats.price(value);
  return column.kind === "percent" ? formats.percent(value) : formats.number(value);
}
