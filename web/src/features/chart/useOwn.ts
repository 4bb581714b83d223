import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { listFillsOptions, listOpenOrdersOptions, readPortfolioOptions } from "@/api/gen/@tanstack/react-query.gen";
import type { PriceMark } from "@/charts/market/series";
import type { Mark } from "@/charts/marks";
import { numberOf } from "@/lib/format";
import { useNews } from "@/lib/news";
import { useFormats } from "@/lib/useFormats";

const MOST_FILLS = 500;
const NONE: Mark[] = [];

/** What one has bought and sold in a market, newest first. */
export function useOwnFills(symbol: string): Mark[] {
  const { t } = useTranslation();
  const formats = useFormats();
  const query = useQuery(listFillsOptions({ query: { symbol, limit: MOST_FILLS } }));
  return useMemo(
    () =>
      query.data?.items.map((one) => ({
        time: Date.parse(one.ts),
        price: numberOf(one.price) ?? 0,
        side: one.side === "sell" ? ("sell" as const) : ("buy" as const),
        text: t("chart.boughtHere", {
          side: t(`common.side.${one.side}`),
          quantity: formats.number(one.quantity, 8),
        }),
      })) ?? NONE,
    [query.data, t, formats],
  );
}

/** One's own positions and orders in a market, and its price now, as lines. */
export function useOwn(symbol: string): PriceMark[] {
  const { t } = useTranslation();
  const formats = useFormats();
  const portfolio = useQuery({ ...readPortfolioOptions(), refetchInterval: 10_000 });
  const orders = useQuery({ ...listOpenOrdersOptions(), refetchInterval: 10_000 });
  const [now, setNow] = useState<{ symbol: string; price: number } | null>(null);
  useNews(["snapshot"], (event) => {
    const price = numberOf((event.data.prices as Record<string, string> | undefined)?.[symbol]);
    if (price !== null) setNow({ symbol, price });
  });
  return useMemo(() => {
    const marks: PriceMark[] = [];
    const put = (price: string | number | null | undefined, mark: Omit<PriceMark, "price">) => {
      const value = numberOf(price);
      if (value !== null && value > 0) marks.push({ price: value, ...mark });
    };
    const sized = (side: string, quantity: string) =>
      `${t(`common.side.${side}`)} ${formats.number(Math.abs(numberOf(quantity) ?? 0), 8)}`;
    for (const one of portfolio.data?.positions ?? []) {
      if (one.instrument !== symbol) continue;
      put(one.entry, { title: sized(one.side, one.quantity), tone: "accent" });
      put(one.stop, { title: t("chart.stop"), tone: "down", isDashed: true });
      put(one.target, { title: t("desk.target"), tone: "up", isDashed: true });
    }
    for (const one of orders.data?.items ?? []) {
      // What a position is left by is told with it.
      if (one.instrument !== symbol || marks.some(({ price }) => price === numberOf(one.price))) continue;
      put(one.price, {
        title: sized(one.side, one.quantity),
        tone: one.side === "buy" ? "up" : "down",
        isDashed: true,
      });
    }
    if (now?.symbol === symbol) put(now.price, { title: t("chart.now"), tone: "text", isDashed: true, isMarket: true });
    return marks;
  }, [portfolio.data, orders.data, now, symbol, t, formats]);
}
