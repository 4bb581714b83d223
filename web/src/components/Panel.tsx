import { Group, Paper, type PaperProps, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import { Guarded } from "./Guarded";

interface PanelProps extends PaperProps {
  title?: string;
  /** Beside the title. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A part of a screen under a title; its faults stay in it. */
export function Panel({ title, actions, children, ...rest }: PanelProps) {
  const id = useId();
  return (
    <Paper component="section" aria-labelledby={title ? id : undefined} p={{ base: "sm", sm: "md" }} {...rest}>
      {title && (
        <Group justify="space-between" mb="sm" gap="xs">
          <Title order={2} id={id}>
            {title}
          </Title>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
      )}
      <Guarded>{children}</Guarded>
    </Paper>
  );
}
