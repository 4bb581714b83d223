import { type Axis, Frame, type Plane } from "./Frame";

export interface Dot {
  id: number;
  x: number;
  y: number;
}

interface ScatterProps {
  dots: readonly Dot[];
  x: Omit<Axis, "low" | "high">;
  y: Omit<Axis, "low" | "high">;
  /** Draws the line on which both are the same. */
  hasDiagonal?: boolean;
  summary: string;
  onChoose: (id: number) => void;
  height?: number;
}

const NEAR = 24;
const ROOM = 0.05;

/** Dots by two figures: circles above zero, crosses below; a press chooses the nearest. */
export function Scatter({ dots, x, y, hasDiagonal = false, summary, onChoose, height = 320 }: ScatterProps) {
  const across = { ...x, ...spanOf(dots.map((dot) => dot.x)) };
  const up = { ...y, ...spanOf(dots.map((dot) => dot.y)) };
  const choose = (at: { x: number; y: number }, plane: Plane) => {
    const found = nearest(dots, at, plane);
    if (found !== null) onChoose(found);
  };
  return (
    <Frame x={across} y={up} summary={summary} height={height} onPress={choose}>
      {(plane) => (
        <>
          <line x1={plane.x(across.low)} x2={plane.x(across.high)} y1={plane.y(0)} y2={plane.y(0)} className="zero" />
          {hasDiagonal && <path d={diagonal(across, up, plane)} className="guide" />}
          <path
            d={dots
              .filter((dot) => dot.y > 0)
              .map((dot) => circle(dot, plane))
              .join("")}
            className="gain"
          />
          <path
            d={dots
              .filter((dot) => dot.y <= 0)
              .map((dot) => cross(dot, plane))
              .join("")}
            className="loss"
          />
        </>
      )}
    </Frame>
  );
}

/** The least and greatest of some numbers and zero, with a little room. */
export function spanOf(values: readonly number[]): { low: number; high: number } {
  let low = 0;
  let high = 0;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const room = (high - low || 1) * ROOM;
  return { low: low < 0 ? low - room : 0, high: high > 0 ? high + room : room };
}

/** The dot that lies nearest to a place, if one is near. */
export function nearest(dots: readonly Dot[], at: { x: number; y: number }, plane: Plane): number | null {
  let found: number | null = null;
  let least = NEAR;
  for (const dot of dots) {
    const far = Math.hypot(plane.x(dot.x) - at.x, plane.y(dot.y) - at.y);
    if (far < least) [found, least] = [dot.id, far];
  }
  return found;
}

const R = 3.2;
const circle = (dot: Dot, plane: Plane) =>
  `M${(plane.x(dot.x) - R).toFixed(1)} ${plane.y(dot.y).toFixed(1)}a${R} ${R} 0 1 0 ${2 * R} 0a${R} ${R} 0 1 0 ${-2 * R} 0`;
const cross = (dot: Dot, plane: Plane) => {
  const [x, y] = [plane.x(dot.x), plane.y(dot.y)];
  return `M${(x - R).toFixed(1)} ${(y - R).toFixed(1)}l${2 * R} ${2 * R}m0 ${-2 * R}l${-2 * R} ${2 * R}`;
};
const diagonal = (across: Axis, up: Axis, plane: Plane) => {
  const end = Math.min(across.high, up.high);
  return `M${plane.x(0)} ${plane.y(0)}L${plane.x(end)} ${plane.y(end)}`;
};
