import { type Axis, Frame } from "./Frame";

interface HistogramProps {
  /** Of the bins, one more than there are. */
  edges: readonly number[];
  counts: readonly number[];
  mean: { value: number; label: string } | null;
  median: { value: number; label: string } | null;
  x: Omit<Axis, "low" | "high">;
  y: Omit<Axis, "low" | "high">;
  summary: string;
  height?: number;
}

/** How often something lies where; bins below zero have the colour of a loss. */
export function Histogram({ edges, counts, mean, median, x, y, summary, height = 280 }: HistogramProps) {
  const across = { ...x, low: edges[0] ?? 0, high: edges.at(-1) ?? 1 };
  const up = { ...y, low: 0, high: Math.max(1, ...counts) * 1.12 };
  const guides = [mean && { ...mean, name: "mean" }, median && { ...median, name: "median" }].filter((one) => !!one);
  return (
    <Frame x={across} y={up} summary={summary} height={height}>
      {(plane) => (
        <>
          {counts.map((count, index) => {
            const [from, to] = [edges[index] ?? 0, edges[index + 1] ?? 0];
            const left = plane.x(from);
            return (
              <rect
                key={from}
                x={left + 0.5}
                width={Math.max(1, plane.x(to) - left - 1)}
                y={plane.y(count)}
                height={plane.y(0) - plane.y(count)}
                className={(from + to) / 2 < 0 ? "bin loss" : "bin gain"}
              >
                <title>{`${x.write(from)} – ${x.write(to)}: ${y.write(count)}`}</title>
              </rect>
            );
          })}
          {guides.map((guide) => (
            <line
              key={guide.name}
              x1={plane.x(guide.value)}
              x2={plane.x(guide.value)}
              y1={plane.y(up.high)}
              y2={plane.y(0)}
              className={`guide ${guide.name}`}
            >
              <title>{guide.label}</title>
            </line>
          ))}
        </>
      )}
    </Frame>
  );
}
