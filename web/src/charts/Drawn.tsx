import { ActionIcon, Tooltip } from "@mantine/core";
import { ChartLine, Table2 } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Sheet } from "./sheet";

const SheetTable = lazy(async () => ({ default: (await import("./SheetTable")).SheetTable }));

interface DrawnProps {
  /** What is drawn, for who cannot see it. */
  summary: string;
  height: number;
  /** The numbers behind the drawing; asked for when somebody wants them. */
  sheet: () => Sheet;
  children: ReactNode;
}

/** A drawing that can be read as a table, too. */
export function Drawn({ summary, height, sheet, children }: DrawnProps) {
  const { t } = useTranslation();
  const [isTable, setTable] = useState(false);
  const label = t(isTable ? "common.asChart" : "common.asTable");
  return (
    <div className="drawn">
      <Tooltip label={label}>
        <ActionIcon
          className="drawn-switch"
          variant="default"
          size="sm"
          aria-label={label}
          aria-pressed={isTable}
          onClick={() => setTable(!isTable)}
        >
          {isTable ? <ChartLine size={14} aria-hidden /> : <Table2 size={14} aria-hidden />}
        </ActionIcon>
      </Tooltip>
      <div hidden={isTable}>{children}</div>
      {isTable && (
        <div style={{ minHeight: height }}>
          <Suspense>
            <SheetTable caption={summary} height={height} sheet={sheet()} />
          </Suspense>
        </div>
      )}
    </div>
  );
}
