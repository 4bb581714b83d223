import { Group, Stack, Text, Tooltip } from "@mantine/core";
import { CircleHelp } from "lucide-react";
import type { ReactNode } from "react";

interface FigureProps {
  label: string;
  children: ReactNode;
  /** What it means, how it is found. */
  help?: string;
  note?: ReactNode;
}

/** One number under its name. */
export function Figure({ label, children, help, note }: FigureProps) {
  return (
    <Stack gap={2} miw={96}>
      <Group gap={4} wrap="nowrap">
        <Text size="xs" c="dimmed">
          {label}
        </Text>
        {help && (
          <Tooltip label={help} multiline maw={280}>
            <button type="button" className="help" aria-label={help}>
              <CircleHelp size={12} aria-hidden />
            </button>
          </Tooltip>
        )}
      </Group>
      <Text fw={600} size="lg" lh={1.2}>
        {children}
      </Text>
      {note && (
        <Text size="xs" c="dimmed">
          {note}
        </Text>
      )}
    </Stack>
  );
}
