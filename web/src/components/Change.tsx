import { Text, type TextProps } from "@mantine/core";
import { ArrowDownRight, ArrowUpRight } from "lucide-react";
import { numberOf } from "@/lib/format";

interface ChangeProps extends TextProps {
  value: number | string | null | undefined;
  /** How it is written; its sign is there already. */
  children: string;
  hasArrow?: boolean;
}

/** A number that is good or bad by its sign: told by sign, arrow and colour. Zero is neither. */
export function Change({ value, children, hasArrow = false, ...rest }: ChangeProps) {
  const size = numberOf(value) ?? 0;
  const tone = size > 0 ? "up" : size < 0 ? "down" : "calm";
  const Arrow = size > 0 ? ArrowUpRight : ArrowDownRight;
  return (
    <Text span inherit className={tone} style={{ whiteSpace: "nowrap" }} {...rest}>
      {hasArrow && size !== 0 && <Arrow size={14} aria-hidden style={{ verticalAlign: "-2px", marginRight: 2 }} />}
      {children}
    </Text>
  );
}
