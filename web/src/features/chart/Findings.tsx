import { Badge } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Drawing } from "@/charts/market/drawings";
import { type Column, DataTable } from "@/components/DataTable";
import { Empty } from "@/components/Empty";
import { Panel } from "@/components/Panel";
import { useFormats } from "@/lib/useFormats";
import { useKinds } from "./useKinds";

/** What is drawn, as a table: what it is, where, since when it was known, what became of it. */
export function Findings({ drawings, isLoading }: { drawings: readonly Drawing[]; isLoading: boolean }) {
  const { t } = useTranslation();
  const columns = useColumns();
  const rows = useMemo(
    () =>
      drawings
        .filter((one) => !one.kind.endsWith("_line") && one.kind !== "swing")
        .map((drawing, index) => ({ id: `${drawing.kind} ${drawing.known} ${index}`, drawing })),
    [drawings],
  );
  return (
    <Panel title={t("chart.findings")}>
      {rows.length === 0 ? (
        <Empty text={t(isLoading ? "common.loading" : "chart.noFindings")} />
      ) : (
        <DataTable
          caption={t("chart.findings")}
          rows={rows}
          columns={columns}
          keyOf={(row) => row.id}
          first={{ id: "known", desc: true }}
          height={320}
        />
      )}
    </Panel>
  );
}

interface Row {
  id: string;
  drawing: Drawing;
}

function useColumns(): Column<Row>[] {
  const { t } = useTranslation();
  const formats = useFormats();
  const { labelOf, stateOf } = useKinds();
  return useMemo(() => {
    const low = ({ drawing }: Row) => Math.min(...drawing.points.map((point) => point.price));
    const high = ({ drawing }: Row) => Math.max(...drawing.points.map((point) => point.price));
    return [
      {
        id: "kind",
        label: t("chart.column.kind"),
        value: ({ drawing }) => labelOf(drawing.kind),
        cell: ({ drawing }) => labelOf(drawing.kind),
      },
      {
        id: "side",
        label: t("chart.column.side"),
        value: ({ drawing }) => drawing.side,
        cell: ({ drawing: { side } }) => (
          <Badge variant="light" color={side > 0 ? "teal" : side < 0 ? "orange" : "gray"}>
            {t(`chart.side.${side > 0 ? "up" : side < 0 ? "down" : "none"}`)}
          </Badge>
        ),
      },
      {
        id: "state",
        label: t("chart.column.state"),
        value: ({ drawing }) => drawing.state,
        cell: ({ drawing }) => stateOf(drawing.state),
      },
      { id: "low", label: t("chart.column.low"), isNumber: true, value: low, cell: (row) => formats.price(low(row)) },
      {
        id: "high",
        label: t("chart.column.high"),
        isNumber: true,
        value: high,
        cell: (row) => formats.price(high(row)),
      },
      {
        id: "known",
        label: t("chart.column.known"),
        value: ({ drawing }) => drawing.known,
        cell: ({ drawing }) => <span className="nowrap">{formats.time(drawing.known)}</span>,
      },
    ];
  }, [t, formats, labelOf, stateOf]);
}
