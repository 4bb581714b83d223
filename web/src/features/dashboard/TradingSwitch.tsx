import { Badge, Button, Group, List, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, CircleX, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { DeploymentView } from "@/api/gen";
import {
  listDeploymentsOptions,
  readReadinessOptions,
  startDeploymentMutation,
  stopDeploymentMutation,
} from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Panel } from "@/components/Panel";
import { TypedConfirm } from "@/components/TypedConfirm";
import { useCaller } from "@/lib/caller";
import { useServerWords } from "@/lib/serverWords";
import { useFormats } from "@/lib/useFormats";
import { useWord } from "@/lib/useWord";

/** Trading with money: what it still lacks, else each deployment with its switch. */
export function TradingSwitch() {
  const { t } = useTranslation();
  const ready = useQuery({ ...readReadinessOptions(), refetchInterval: 30_000 });
  const live = useQuery(listDeploymentsOptions({ query: { mode: "live" } }));
  return (
    <Panel title={t("live.title")}>
      <Asked query={ready} height={80}>
        {({ is_permitted, lacks, exchange, led_to }) => (
          <Stack gap="sm">
            {led_to.length > 0 && (
              <Group gap="xs" wrap="nowrap">
                <TriangleAlert size={16} aria-hidden color="var(--warn)" />
                <Text size="sm">{t("live.led", { addresses: led_to.join(", ") })}</Text>
              </Group>
            )}
            {is_permitted ? (
              <Group gap="xs" wrap="nowrap">
                <CircleCheck size={16} aria-hidden color="var(--up)" />
                <Text size="sm">{t("live.permitted", { exchange })}</Text>
              </Group>
            ) : (
              <Lacks lacks={lacks} />
            )}
            {live.data?.items.map((one) => (
              <Deployment key={one.name} one={one} isPermitted={is_permitted} />
            ))}
            {is_permitted && live.data?.items.length === 0 && (
              <Text size="sm" c="dimmed">
                {t("live.none")}
              </Text>
            )}
          </Stack>
        )}
      </Asked>
    </Panel>
  );
}

function Lacks({ lacks }: { lacks: readonly string[] }) {
  const { t } = useTranslation();
  const { phrase } = useServerWords();
  return (
    <>
      <Text size="sm">{t("live.lacks", { count: lacks.length })}</Text>
      <List size="sm" spacing={4} icon={<CircleX size={15} aria-hidden color="var(--warn)" />}>
        {lacks.map((one) => (
          <List.Item key={one}>
            <code style={{ overflowWrap: "anywhere" }}>{one.split(": ").map(phrase).join(": ")}</code>
          </List.Item>
        ))}
      </List>
      <Text size="xs" c="dimmed">
        {t("live.how")}
      </Text>
    </>
  );
}

function Deployment({ one, isPermitted }: { one: DeploymentView; isPermitted: boolean }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const word = useWord();
  const { may } = useCaller();
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const onSettled = () => queries.invalidateQueries();
  const start = useMutation({ ...startDeploymentMutation(), onSettled });
  const stop = useMutation({ ...stopDeploymentMutation(), onSettled });
  const path = { name: one.name };
  const isOn = one.wanted === "running";
  return (
    <Group justify="space-between">
      <div>
        <Text size="sm" fw={500}>
          {one.name} <Badge size="xs">{word("simulation.state", one.state)}</Badge>
        </Text>
        <Text size="xs" c="dimmed">
          {[one.terms.strategy, one.terms.instruments.join(", "), one.detail].filter(Boolean).join(" · ")}
        </Text>
      </div>
      {may("trader") && (
        <Button
          size="compact-sm"
          variant={isOn ? "default" : "filled"}
          disabled={!isOn && !isPermitted}
          onClick={() => (isOn ? stop.mutate({ path }) : setAsking(true))}
        >
          {t(isOn ? "simulation.stop" : "live.start")}
        </Button>
      )}
      <TypedConfirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t("live.startTitle", { name: one.name })}
        phrase={one.name}
        verb={t("live.start")}
        isBusy={start.isPending}
        isArmed
        onConfirm={() => {
          setAsking(false);
          start.mutate({ path });
        }}
      >
        {t("live.startText", {
          strategy: one.terms.strategy,
          pairs: one.terms.instruments.join(", "),
          capital: formats.money(one.terms.capital),
        })}
      </TypedConfirm>
    </Group>
  );
}
