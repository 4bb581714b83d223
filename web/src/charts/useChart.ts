import { useComputedColorScheme } from "@mantine/core";
import {
  type ChartOptions,
  createChart,
  type DeepPartial,
  type IChartApi,
  type PriceFormatCustom,
} from "lightweight-charts";
import { type RefObject, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Formats, formatsOf, localeOf } from "@/lib/format";
import { usePreferences } from "@/lib/preferences";

/** Colours of the page, as a chart takes them. */
export interface Colours {
  up: string;
  down: string;
  text: string;
  grid: string;
  panel: string;
  accent: string;
  warn: string;
}

function coloursOf(element: Element): Colours {
  const style = getComputedStyle(element);
  const of = (name: string) => style.getPropertyValue(name).trim();
  return {
    up: of("--up"),
    down: of("--down"),
    text: of("--calm"),
    grid: of("--grid"),
    panel: of("--panel"),
    accent: of("--mantine-color-accent-4"),
    warn: of("--warn"),
  };
}

/** Fills a chart that has just been made. */
export type Draw = (chart: IChartApi, colours: Colours, formats: Formats) => void;

/** How prices of a series are written: as everywhere on the page, with as many digits as such a price needs. */
export function pricesOf(formats: Formats, sample: number | undefined): PriceFormatCustom {
  const digits = sample && sample < 1_000 ? Math.max(2, 5 - Math.floor(Math.log10(Math.abs(sample)))) : 2;
  return { type: "custom", formatter: (price: number) => formats.price(price), minMove: 10 ** -digits };
}

const removed = new WeakSet<IChartApi>();

/** True of a chart that stands no more, with all that lay on it: to take something off it would make it draw again. */
export const isRemoved = (chart: IChartApi): boolean => removed.has(chart);

/** A chart in a box: made anew when theme, palette or language change; `draw` fills it. */
export function useChart(draw: Draw): {
  box: RefObject<HTMLDivElement | null>;
  chart: IChartApi | null;
} {
  const box = useRef<HTMLDivElement | null>(null);
  const [chart, setChart] = useState<IChartApi | null>(null);
  const scheme = useComputedColorScheme("dark");
  const { palette } = usePreferences();
  const { i18n } = useTranslation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read from the page, which these change
  useEffect(() => {
    if (!box.current) return;
    const colours = coloursOf(box.current);
    const made = createChart(box.current, optionsOf(colours, i18n.language));
    draw(made, colours, formatsOf(i18n.language));
    setChart(made);
    return () => {
      setChart(null);
      removed.add(made);
      made.remove();
    };
  }, [draw, scheme, palette, i18n.language]);
  return { box, chart };
}

function optionsOf(colours: Colours, language: string): DeepPartial<ChartOptions> {
  return {
    autoSize: true,
    layout: {
      background: { color: "transparent" },
      textColor: colours.text,
      fontSize: 11,
      attributionLogo: false,
      panes: { separatorColor: colours.grid },
    },
    grid: { vertLines: { color: colours.grid }, horzLines: { color: colours.grid } },
    rightPriceScale: { borderColor: colours.grid },
    timeScale: { borderColor: colours.grid, timeVisible: true, secondsVisible: false, enableConflation: true },
    localization: { locale: localeOf(language) },
    crosshair: { mode: 0 },
  };
}
