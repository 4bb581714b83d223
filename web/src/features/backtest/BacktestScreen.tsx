import { Stack } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ScreenTitle } from "@/components/ScreenTitle";
import { useCaller } from "@/lib/caller";
import { DetailModal } from "./DetailModal";
import { Form } from "./Form";
import { Jobs } from "./Jobs";
import { Results } from "./Results";

const route = getRouteApi("/backtest");

/** Ask for a backtest, watch it, look at what came out. */
export function BacktestScreen() {
  const { t } = useTranslation();
  const { q = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const { may } = useCaller();
  const [shown, setShown] = useState<string | null>(null);
  return (
    <>
      <ScreenTitle title={t("app.screens.backtest")} note={t("backtest.note")} />
      <Stack gap="md">
        {may("trader") && <Form />}
        <Jobs />
        <Results
          search={q}
          onSearch={(text) => navigate({ search: text ? { q: text } : {}, replace: true })}
          onDetails={setShown}
          onCompare={(ids) => navigate({ to: "/compare", search: { ids: ids.join(",") } })}
        />
      </Stack>
      <DetailModal id={shown} onClose={() => setShown(null)} />
    </>
  );
}
