import { Stack } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ScreenTitle } from "@/components/ScreenTitle";
import { useCaller } from "@/lib/caller";
import { DetailModal } from "./DetailModal";
import { Form } from "./Form";
import { Jobs } from "./Jobs";
import { Results, type Sought } from "./Results";

const route = getRouteApi("/backtest");

/** Ask for a backtest, watch it, look at what came out. */
export function BacktestScreen() {
  const { t } = useTranslation();
  const { again, ...sought } = route.useSearch();
  const navigate = route.useNavigate();
  const { may } = useCaller();
  const [shown, setShown] = useState<string | null>(null);
  return (
    <>
      <ScreenTitle title={t("app.screens.backtest")} note={t("backtest.note")} />
      <Stack gap="md">
        {may("trader") && <Form key={again ?? ""} again={again} />}
        <Jobs />
        <Results
          sought={sought}
          onSeek={(wanted) => navigate({ search: given(wanted), replace: true, resetScroll: false })}
          onDetails={setShown}
          onCompare={(ids) => navigate({ to: "/compare", search: { ids: ids.join(",") } })}
        />
      </Stack>
      <DetailModal id={shown} onClose={() => setShown(null)} />
    </>
  );
}

/** Without what is not given, so that the address holds no empty words. */
function given(wanted: Sought): Record<string, string> {
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value)) as Record<string, string>;
}
