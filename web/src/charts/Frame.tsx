import { useElementSize } from "@mantine/hooks";
import type { ReactNode } from "react";
import { scaleOf, ticks } from "./ticks";

export interface Axis {
  low: number;
  high: number;
  label: string;
  write: (value: number) => string;
  /** What is counted has whole numbers alone. */
  isCount?: boolean;
}

export interface Plane {
  x: (value: number) => number;
  y: (value: number) => number;
  width: number;
  height: number;
}

interface FrameProps {
  x: Axis;
  y: Axis;
  summary: string;
  height?: number;
  /** Pressed at a place of the drawing. */
  onPress?: ((at: { x: number; y: number }, plane: Plane) => void) | undefined;
  children: (plane: Plane) => ReactNode;
}

const LEFT = 64;
const RIGHT = 14;
const TOP = 26;
const BOTTOM = 44;
const PER_TICK = 90;

/** Axes with round numbers around a drawing that is as wide as there is room. */
export function Frame({ x, y, summary, height = 300, onPress, children }: FrameProps) {
  const { ref, width } = useElementSize();
  const plane: Plane = {
    x: scaleOf(x.low, x.high, LEFT, Math.max(LEFT + 10, width - RIGHT)),
    y: scaleOf(y.low, y.high, height - BOTTOM, TOP),
    width,
    height,
  };
  return (
    <div ref={ref} style={{ height }}>
      {width > 0 && (
        // biome-ignore lint/a11y/useKeyWithClickEvents: what is pressed here is chosen by keys in the table of trades
        <svg
          role="img"
          aria-label={summary}
          width={width}
          height={height}
          className="drawing"
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            onPress?.({ x: event.clientX - box.left, y: event.clientY - box.top }, plane);
          }}
          style={onPress ? { cursor: "crosshair" } : undefined}
        >
          {ticks(y.low, y.high, 5, y.isCount ? 1 : 0).map((value) => (
            <g key={value}>
              <line x1={LEFT} x2={width - RIGHT} y1={plane.y(value)} y2={plane.y(value)} className="rule" />
              <text x={LEFT - 8} y={plane.y(value) + 4} textAnchor="end">
                {y.write(value)}
              </text>
            </g>
          ))}
          {ticks(x.low, x.high, Math.max(2, Math.floor((width - LEFT) / PER_TICK))).map((value) => (
            <text key={value} x={plane.x(value)} y={height - BOTTOM + 18} textAnchor="middle">
              {x.write(value)}
            </text>
          ))}
          <text x={width - RIGHT} y={height - 6} textAnchor="end" className="axis">
            {x.label}
          </text>
          <text x={8} y={14} className="axis">
            {y.label}
          </text>
          {children(plane)}
        </svg>
      )}
    </div>
  );
}
