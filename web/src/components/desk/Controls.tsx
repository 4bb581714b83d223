import { Alert, Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pause, Play, RotateCcw } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { SimulationState } from "@/api/gen";
import {
  readSimulationStatusOptions,
  resetSimulationMutation,
  startSimulationMutation,
  stopSimulationMutation,
} from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { CopyAs } from "@/components/CopyAs";
import { Panel } from "@/components/Panel";
import { TypedConfirm } from "@/components/TypedConfirm";
import { useCaller } from "@/lib/caller";
import { commandOf } from "@/lib/calls";
import { useFormats } from "@/lib/useFormats";
import { useWord } from "@/lib/useWord";

/** Start, stop and reset of the simulation, and how it stands. */
export function Controls() {
  const { t } = useTranslation();
  const query = useQuery({ ...readSimulationStatusOptions(), refetchInterval: 10_000 });
  return (
    <Panel title={t("simulation.title")} actions={query.data && <State state={query.data} />}>
      <Asked query={query} height={90}>
        {(state) => <Inside state={state} />}
      </Asked>
    </Panel>
  );
}

const COLOURS: Record<string, string> = { running: "teal", failed: "red", stopped: "gray" };

function State({ state }: { state: SimulationState }) {
  const word = useWord();
  return (
    <Badge variant="light" color={COLOURS[state.status] ?? "yellow"}>
      {word("simulation.state", state.status)}
    </Badge>
  );
}

function Inside({ state }: { state: SimulationState }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { may } = useCaller();
  const { settings } = state;
  const said = [settings.strategy, (settings.instruments ?? []).join(", "), settings.timeframe].filter(Boolean);
  return (
    <Stack gap="sm">
      <Text size="sm">
        {said.join(" · ")}
        {state.bars > 0 && (
          <Text span c="dimmed">
            {" · "}
            {t("simulation.bars", { count: state.bars })}
          </Text>
        )}
      </Text>
      {(state.halted || state.detail) && (
        <Alert color="yellow" variant="light">
          {state.halted || state.detail}
        </Alert>
      )}
      {may("trader") && <Buttons state={state} start={formats.money(state.initial_balance)} />}
    </Stack>
  );
}

function Buttons({ state, start }: { state: SimulationState; start: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [isAsking, dialog] = useDisclosure(false);
  const onSettled = () => queries.invalidateQueries();
  const begin = useMutation({ ...startSimulationMutation(), onSettled });
  const end = useMutation({ ...stopSimulationMutation(), onSettled });
  const reset = useMutation({ ...resetSimulationMutation(), onSettled });
  const isWanted = state.status !== "stopped" && state.status !== "failed";
  return (
    <Group gap="xs">
      {isWanted ? (
        <Button
          variant="default"
          leftSection={<Pause size={15} aria-hidden />}
          loading={end.isPending}
          onClick={() => end.mutate({})}
        >
          {t("simulation.stop")}
        </Button>
      ) : (
        <Button leftSection={<Play size={15} aria-hidden />} loading={begin.isPending} onClick={() => begin.mutate({})}>
          {t("simulation.start")}
        </Button>
      )}
      <Button
        variant="default"
        leftSection={<RotateCcw size={15} aria-hidden />}
        loading={reset.isPending}
        onClick={dialog.open}
        disabled={state.session === null}
      >
        {t("simulation.reset")}
      </Button>
      <CopyAs
        api={{ method: "POST", path: `/api/v1/simulation/${isWanted ? "stop" : "start"}` }}
        cli={isWanted && state.session ? commandOf(["tradewright", "stop", state.session]) : null}
      />
      <TypedConfirm
        isOpen={isAsking}
        onClose={dialog.close}
        title={t("simulation.resetTitle")}
        verb={t("simulation.reset")}
        onConfirm={() => {
          dialog.close();
          reset.mutate({ body: { start: isWanted } });
        }}
      >
        {t("simulation.resetText", { start })}
      </TypedConfirm>
    </Group>
  );
}
