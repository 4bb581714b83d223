import { Table } from "@mantine/core";
import type { ReactNode } from "react";

/** Room for a table that may be wider than the window: it scrolls by itself, with the keyboard too. */
export function Wide({ minWidth, children }: { minWidth: number; children: ReactNode }) {
  return (
    <Table.ScrollContainer minWidth={minWidth} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      {children}
    </Table.ScrollContainer>
  );
}
