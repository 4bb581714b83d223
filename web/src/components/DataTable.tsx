import { Table, Text, UnstyledButton } from "@mantine/core";
import {
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { memo, type ReactNode, useMemo, useRef, useState } from "react";
import { byValue } from "@/lib/order";

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
/** What Mantine's own cell would have: there are hundreds, and each of its cells costs ten times one of the browser's. */
const CELL = `mantine-Table-td ${Table.classes.td ?? ""}`;
const ROW = 37;
const MOST_AT_ONCE = 100;

export interface Column<Row> {
  id: string;
  label: ReactNode;
  /** What it is sorted by; a column without is not sorted. */
  value?: (row: Row) => string | number | null;
  cell: (row: Row) => ReactNode;
  isNumber?: boolean;
}

interface DataTableProps<Row> {
  /** What the table holds, for who hears it. */
  caption: string;
  rows: readonly Row[];
  columns: Column<Row>[];
  keyOf: (row: Row) => string;
  first?: { id: string; desc: boolean };
  selected?: string | null;
  onSelect?: (row: Row) => void;
  height?: number;
}

/** A table that sorts, and that stays quick with ten thousand rows. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { caption, columns, keyOf, height = 460 } = props;
  const [sorting, setSorting] = useState<SortingState>(props.first ? [props.first] : []);
  const defs = useMemo(
    () =>
      columns.map((column) => ({
        id: column.id,
        header: column.id,
        accessorFn: (row: Row) => column.value?.(row) ?? null,
        enableSorting: column.value !== undefined,
        sortFn: (a: { original: Row }, b: { original: Row }) =>
          byValue(column.value?.(a.original), column.value?.(b.original)),
      })),
    [columns],
  );
  const data = props.rows as Row[];
  const table = useTable({
    features,
    columns: defs,
    data,
    state: { sorting },
    onSortingChange: setSorting,
    getRowId: keyOf,
  });
  const rows = table.getRowModel().rows;
  const place = useRef<HTMLDivElement>(null);
  const isLong = rows.length > MOST_AT_ONCE;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => place.current,
    estimateSize: () => ROW,
    overscan: 8,
    // Drawn with the frame, not in the middle of the scrolling.
    useFlushSync: false,
    enabled: isLong,
  });
  const shown = isLong ? virtual.getVirtualItems().map((item) => item.index) : rows.map((_, index) => index);
  const before = isLong ? (virtual.getVirtualItems()[0]?.start ?? 0) : 0;
  const after = isLong ? virtual.getTotalSize() - (virtual.getVirtualItems().at(-1)?.end ?? 0) : 0;
  const now = sorting[0];
  const sortBy = (id: string) => setSorting([{ id, desc: now?.id === id ? !now.desc : true }]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: keys scroll it
    <div ref={place} className="scrolled" style={{ maxHeight: height }} tabIndex={0}>
      <Table stickyHeader highlightOnHover fz="sm" horizontalSpacing="xs" aria-rowcount={rows.length}>
        <Table.Caption className="unseen">{caption}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th
                key={column.id}
                className={column.isNumber ? "number" : undefined}
                aria-sort={now?.id === column.id ? (now.desc ? "descending" : "ascending") : undefined}
              >
                <Head
                  column={column}
                  isDown={now?.id === column.id ? now.desc : null}
                  onSort={() => sortBy(column.id)}
                />
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {before > 0 && <Filler height={before} />}
          {shown.map((index) => {
            const row = rows[index];
            if (!row) return null;
            const isSelected = props.selected === row.id;
            const line = { columns, isSelected, onSelect: props.onSelect };
            return <Line key={row.id} row={row.original} id={row.id} {...(line as LineParts<object>)} />;
          })}
          {after > 0 && <Filler height={after} />}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Filler({ height }: { height: number }) {
  return (
    <tr aria-hidden>
      <td style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}

interface HeadProps<Row> {
  column: Column<Row>;
  isDown: boolean | null;
  onSort: () => void;
}

function Head<Row>({ column, isDown, onSort }: HeadProps<Row>) {
  const text = (
    <Text span size="xs" c="dimmed" fw={600}>
      {column.label}
    </Text>
  );
  if (!column.value) return text;
  return (
    <UnstyledButton onClick={onSort} className="head">
      {text}
      {isDown === true && <ArrowDown size={12} aria-hidden />}
      {isDown === false && <ArrowUp size={12} aria-hidden />}
    </UnstyledButton>
  );
}

interface LineParts<Row> {
  columns: Column<Row>[];
  isSelected: boolean;
  onSelect: ((row: Row) => void) | undefined;
}

/** A row; drawn again only where something of it has changed, for scrolling draws the table at each frame. */
const Line = memo(function Line({
  row,
  id,
  columns,
  isSelected,
  onSelect,
}: LineParts<object> & { row: object; id: string }) {
  return (
    <Table.Tr
      data-row={id}
      aria-selected={onSelect ? isSelected : undefined}
      bg={isSelected ? "var(--mantine-color-accent-light)" : undefined}
      style={onSelect ? { cursor: "pointer" } : undefined}
      onClick={onSelect ? () => onSelect(row) : undefined}
    >
      {columns.map((column) => (
        <td key={column.id} className={column.isNumber ? `${CELL} number` : CELL}>
          {column.cell(row)}
        </td>
      ))}
    </Table.Tr>
  );
});
