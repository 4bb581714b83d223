import { Table } from "@mantine/core";
import type { ReactNode } from "react";

interface WideProps {
  minWidth: number;
  /** The first column stays where it is: without it, nobody knows what the others are about. */
  isPinned?: boolean;
  children: ReactNode;
}

/** Room for a table that may be wider than the window: it scrolls by itself, with the keyboard too. */
export function Wide({ minWidth, isPinned, children }: WideProps) {
  return (
    <Table.ScrollContainer
      className={isPinned ? "pinned" : undefined}
      minWidth={minWidth}
      scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
    >
      {children}
    </Table.ScrollContainer>
  );
}
