import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { FlaskConical, RotateCcw } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { BacktestOut } from "@/api/gen";
import { listPairsOptions, resetSimulationMutation } from "@/api/gen/@tanstack/react-query.gen";
import { TypedConfirm } from "@/components/TypedConfirm";
import { useCaller } from "@/lib/caller";

/** What comes after a result: the same once more with changes, and the same on paper with live prices. */
export function Again({ result }: { result: BacktestOut }) {
  const { t } = useTranslation();
  const { may } = useCaller();
  if (!may("trader")) return null;
  return (
    <>
      <Button
        variant="default"
        component={Link}
        to="/backtest"
        search={{ again: result.id } as never}
        leftSection={<RotateCcw size={15} aria-hidden />}
      >
        {t("again.change")}
      </Button>
      <OnPaper result={result} />
    </>
  );
}

interface Spec {
  strategy?: string;
  params?: Record<string, string | number | boolean>;
  instruments?: string[];
  timeframe?: string;
}

function OnPaper({ result }: { result: BacktestOut }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [isOpen, dialog] = useDisclosure(false);
  const pairs = useQuery({ ...listPairsOptions(), staleTime: 60_000 });
  const spec = result.spec as Spec;
  const start = useMutation({
    ...resetSimulationMutation(),
    onSuccess: () => {
      notifications.show({ message: t("again.started") });
      void queries.invalidateQueries();
      void navigate({ to: "/simulation" });
    },
    onSettled: dialog.close,
  });
  const body = {
    strategy: result.strategy,
    params: spec.params ?? {},
    instruments: spec.instruments ?? [result.symbol],
    timeframe: result.timeframe,
    start: true,
  };
  return (
    <>
      <Button leftSection={<FlaskConical size={15} aria-hidden />} onClick={dialog.open} disabled={!pairs.data}>
        {t("again.paper")}
      </Button>
      <TypedConfirm
        isOpen={isOpen}
        onClose={dialog.close}
        title={t("again.paper")}
        verb={t("again.paperVerb")}
        isBusy={start.isPending}
        onConfirm={() => start.mutate({ body })}
      >
        <Text size="sm">{t("again.paperText", { strategy: result.strategy, pair: body.instruments.join(", ") })}</Text>
      </TypedConfirm>
    </>
  );
}
