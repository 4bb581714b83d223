import { Button, NativeSelect } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Download, Sparkles } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { createDownloadMutation, createSyntheticMarketMutation } from "@/api/gen/@tanstack/react-query.gen";
import { useCaller } from "@/lib/caller";
import { DAY, dayOf, type Lack } from "@/lib/stored";
import { VENUES } from "@/lib/venues";

const MADE_UP = "synthetic";
const BASE = "1m";

/** Has candles that are missing downloaded, or a market made up; both run as jobs, and can be watched. */
export function MoreCandles({ symbol: given, lack }: { symbol: string; lack: Lack }) {
  const { t } = useTranslation();
  const { may } = useCaller();
  const queries = useQueryClient();
  const [venue, setVenue] = useState(VENUES[0] ?? "");
  const onSuccess = () => {
    notifications.show({ message: t("backtest.fetching") });
    void queries.invalidateQueries();
  };
  const make = useMutation({ ...createSyntheticMarketMutation(), onSuccess });
  const fetch = useMutation({ ...createDownloadMutation(), onSuccess });
  if (!may("trader")) return null;
  const symbol = given || "BTC/USDT:USDT";
  const isMadeUp = lack.venue === MADE_UP;
  const isFetched = lack.venue !== null && !isMadeUp;
  if (isFetched && !VENUES.includes(lack.venue ?? "")) return null; // out of a file: no exchange goes by that name
  const start = `${dayOf(lack.from)}T00:00:00Z`;
  const days = Math.max(1, Math.ceil((lack.to - lack.from) / DAY));
  const body = {
    symbols: [symbol],
    timeframes: [BASE],
    start_date: start,
    end_date: `${dayOf(lack.to + DAY)}T00:00:00Z`,
  };
  return (
    <>
      {!isFetched && (
        <Button
          size="compact-xs"
          variant="light"
          leftSection={<Sparkles size={13} aria-hidden />}
          loading={make.isPending}
          onClick={() =>
            make.mutate({ body: { symbol, timeframe: BASE, start_date: start, days, replace: lack.why !== "none" } })
          }
        >
          {t("backtest.makeCandles", { count: days, symbol })}
        </Button>
      )}
      {!isMadeUp && (
        <>
          {!isFetched && (
            <NativeSelect
              size="xs"
              aria-label={t("backtest.fromVenue")}
              data={VENUES}
              value={venue}
              onChange={(event) => setVenue(event.currentTarget.value)}
            />
          )}
          <Button
            size="compact-xs"
            variant="light"
            leftSection={<Download size={13} aria-hidden />}
            loading={fetch.isPending}
            onClick={() => fetch.mutate({ body: { ...body, exchange: lack.venue ?? venue } })}
          >
            {t("backtest.download", { count: days, symbol, venue: lack.venue ?? venue })}
          </Button>
        </>
      )}
    </>
  );
}
