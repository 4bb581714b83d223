import type {
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesPrimitive,
  Logical,
  SeriesAttachedParameter,
  Time,
} from "lightweight-charts";
import type { Colours } from "../useChart";

/** Something found in the market, to be drawn where it belongs. */
export interface Drawing {
  kind: string;
  /** 1 points up, -1 down, 0 neither. */
  side: number;
  shape: "point" | "path" | "box";
  /** UTC milliseconds and price. */
  points: { time: number; price: number }[];
  /** When it was known, UTC milliseconds. */
  known: number;
  state: string;
}

type Target = Parameters<IPrimitivePaneRenderer["draw"]>[0];
type Space = Parameters<Parameters<Target["useMediaCoordinateSpace"]>[0]>[0];
interface Place {
  x: number;
  y: number;
}

const WIDE_ENOUGH = 46;
const CORNERS = 2;

/** Zones, levels, patterns and swings on a price pane. */
export class Drawings implements ISeriesPrimitive<Time> {
  #host: SeriesAttachedParameter<Time> | null = null;
  #rows: { drawing: Drawing; at: number[]; label: string }[] = [];
  readonly #colours: Colours;
  readonly #views: readonly IPrimitivePaneView[];

  constructor(colours: Colours) {
    this.#colours = colours;
    const renderer: IPrimitivePaneRenderer = {
      draw: (target) => target.useMediaCoordinateSpace((space) => this.#draw(space)),
    };
    this.#views = [{ zOrder: () => "bottom", renderer: () => renderer }];
  }

  attached(host: SeriesAttachedParameter<Time>): void {
    this.#host = host;
  }

  detached(): void {
    this.#host = null;
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return this.#views;
  }

  /** Show these, over bars that open at these times. */
  show(drawings: readonly Drawing[], opens: readonly number[], labelOf: (kind: string) => string): void {
    this.#rows = drawings.map((drawing) => ({
      drawing,
      at: drawing.points.map((point) => indexAt(opens, point.time)),
      label: drawing.kind.endsWith("_line") ? "" : labelOf(drawing.kind),
    }));
    this.#host?.requestUpdate();
  }

  #draw({ context, mediaSize }: Space): void {
    const host = this.#host;
    if (!host) return;
    const scale = host.chart.timeScale();
    context.font = "10px system-ui, sans-serif";
    for (const { drawing, at, label } of this.#rows) {
      const places: Place[] = [];
      drawing.points.forEach((point, index) => {
        const x = scale.logicalToCoordinate((at[index] ?? 0) as Logical);
        const y = host.series.priceToCoordinate(point.price);
        if (x !== null && y !== null) places.push({ x, y });
      });
      const isSeen = places.some(({ x }) => x >= 0) && places.some(({ x }) => x <= mediaSize.width);
      if (isSeen && places.length === drawing.points.length) this.#one(context, drawing, places, label);
    }
  }

  #one(context: CanvasRenderingContext2D, drawing: Drawing, places: Place[], label: string): void {
    const { up, down, text, warn } = this.#colours;
    const colour = drawing.side > 0 ? up : drawing.side < 0 ? down : warn;
    const [first] = places;
    const last = places.at(-1);
    if (!first || !last) return;
    context.strokeStyle = colour;
    context.fillStyle = colour;
    context.lineWidth = 1;
    if (drawing.shape === "point") point(context, first, drawing.side);
    else if (drawing.shape === "box" && places.length === CORNERS) box(context, first, last);
    else path(context, places, drawing.kind.endsWith("_line"));
    if (!label || drawing.shape === "point" || Math.abs(last.x - first.x) < WIDE_ENOUGH) return;
    context.fillStyle = text;
    context.fillText(label, Math.max(Math.min(first.x, last.x), 0) + 3, Math.min(first.y, last.y) + 11);
  }
}

function point(context: CanvasRenderingContext2D, { x, y }: Place, side: number): void {
  const away = side > 0 ? -8 : 8;
  context.beginPath();
  context.arc(x, y + away, 2, 0, Math.PI * 2);
  context.fill();
}

function box(context: CanvasRenderingContext2D, from: Place, to: Place): void {
  const [x, y] = [Math.min(from.x, to.x), Math.min(from.y, to.y)];
  const [width, height] = [Math.max(Math.abs(to.x - from.x), 1), Math.max(Math.abs(to.y - from.y), 1)];
  context.globalAlpha = 0.14;
  context.fillRect(x, y, width, height);
  context.globalAlpha = 0.55;
  context.strokeRect(x + 0.5, y + 0.5, width, height);
  context.globalAlpha = 1;
}

function path(context: CanvasRenderingContext2D, places: Place[], isDashed: boolean): void {
  context.setLineDash(isDashed ? [4, 3] : []);
  context.globalAlpha = 0.85;
  context.beginPath();
  places.forEach(({ x, y }, index) => {
    if (index === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** The place of the bar in which a moment lies; the last one at or before it. */
export function indexAt(opens: readonly number[], moment: number): number {
  let low = 0;
  let high = opens.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((opens[middle] ?? 0) <= moment) low = middle;
    else high = middle - 1;
  }
  return low;
}
