import { ActionIcon, Button, Group, Switch, Table, TextInput, Tooltip, UnstyledButton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PairView } from "@/api/gen";
import {
  createPairMutation,
  deletePairMutation,
  listPairsOptions,
  listPairsQueryKey,
  updatePairMutation,
} from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Empty } from "@/components/Empty";
import { Panel } from "@/components/Panel";
import { Refusal } from "@/components/Refusal";
import { useCaller } from "@/lib/caller";

interface PairsProps {
  /** Only its signals are shown. */
  chosen: string | undefined;
  onChoose: (symbol: string | null) => void;
}

/** The pairs that are watched: added, switched, taken away; pressed, its signals are shown. */
export function Pairs({ chosen, onChoose }: PairsProps) {
  const { t } = useTranslation();
  const { may } = useCaller();
  const query = useQuery(listPairsOptions());
  return (
    <Panel title={t("dashboard.pairs")}>
      {may("trader") && <Add />}
      <Asked
        query={query}
        isEmpty={(found) => found.items.length === 0}
        empty={<Empty text={t("dashboard.noPairs")} />}
      >
        {(found) => (
          <Table fz="sm" mt="sm">
            <Table.Tbody>
              {found.items.map((pair) => (
                <Pair
                  key={pair.id}
                  pair={pair}
                  isChosen={pair.symbol === chosen}
                  onChoose={() => onChoose(pair.symbol === chosen ? null : pair.symbol)}
                />
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Asked>
    </Panel>
  );
}

function useReadAnew() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: listPairsQueryKey() });
}

function Add() {
  const { t } = useTranslation();
  const readAnew = useReadAnew();
  const [symbol, setSymbol] = useState("");
  const add = useMutation({
    ...createPairMutation(),
    meta: { isShownInPlace: true },
    onSuccess: () => {
      setSymbol("");
      void readAnew();
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ body: { symbol: symbol.trim() } });
  };
  return (
    <form onSubmit={send}>
      <Group gap="xs" align="flex-end" mb="xs">
        <TextInput
          size="xs"
          aria-label={t("dashboard.addPair")}
          placeholder="ETH/USDT:USDT"
          required
          value={symbol}
          onChange={(event) => setSymbol(event.currentTarget.value)}
        />
        <Button
          type="submit"
          size="xs"
          variant="light"
          leftSection={<Plus size={14} aria-hidden />}
          loading={add.isPending}
        >
          {t("dashboard.addPair")}
        </Button>
      </Group>
      <Refusal error={add.error} />
    </form>
  );
}

function Pair({ pair, isChosen, onChoose }: { pair: PairView; isChosen: boolean; onChoose: () => void }) {
  const { t } = useTranslation();
  const { may } = useCaller();
  const readAnew = useReadAnew();
  const change = useMutation({ ...updatePairMutation(), onSettled: readAnew });
  const again = useMutation({ ...createPairMutation(), onSettled: readAnew });
  const path = { pair_id: pair.id };
  const remove = useMutation({
    ...deletePairMutation(),
    onSuccess: () => {
      void readAnew();
      const id = `pair-${pair.id}`;
      const undo = () => {
        notifications.hide(id);
        again.mutate({ body: { symbol: pair.symbol, is_active: pair.is_active } });
      };
      notifications.show({
        id,
        autoClose: 10_000,
        message: (
          <Group justify="space-between">
            {t("dashboard.pairRemoved", { symbol: pair.symbol })}
            <Button size="compact-sm" variant="light" onClick={undo}>
              {t("common.undo")}
            </Button>
          </Group>
        ),
      });
    },
  });
  return (
    <Table.Tr bg={isChosen ? "var(--mantine-color-accent-light)" : undefined}>
      <Table.Td>
        <UnstyledButton onClick={onChoose} aria-pressed={isChosen} fw={500} fz="sm">
          {pair.symbol}
        </UnstyledButton>
      </Table.Td>
      <Table.Td c="dimmed">{pair.exchange}</Table.Td>
      <Table.Td>
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          <Switch
            size="xs"
            checked={pair.is_active}
            disabled={!may("trader")}
            aria-label={t("dashboard.active", { symbol: pair.symbol })}
            onChange={(event) => change.mutate({ path, body: { is_active: event.currentTarget.checked } })}
          />
          {may("trader") && (
            <Tooltip label={t("dashboard.removePair")}>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`${t("dashboard.removePair")} ${pair.symbol}`}
                onClick={() => remove.mutate({ path })}
              >
                <Trash2 size={15} />
              </ActionIcon>
            </Tooltip>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
