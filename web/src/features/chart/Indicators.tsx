import { Button, CloseButton, Group, Popover, Select, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Settings2 } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { IndicatorOut } from "@/api/gen";
import { listFeaturesOptions } from "@/api/gen/@tanstack/react-query.gen";
import { typed } from "@/lib/typed";
import { type Shown, wordOf } from "./chartState";

const MOST = 8;

interface IndicatorsProps {
  shown: Shown[];
  /** Told the word of an address. */
  onPut: (word: string) => void;
}

/** Indicators that are shown, each with its parameters; more may be added. */
export function Indicators({ shown, onPut }: IndicatorsProps) {
  const { t } = useTranslation();
  const query = useQuery({ ...listFeaturesOptions(), staleTime: Number.POSITIVE_INFINITY });
  const cards = query.data ?? [];
  const options = useMemo(() => groupsOf(query.data ?? []), [query.data]);
  const put = (place: number, one: Shown | null) =>
    onPut(wordOf(shown.flatMap((now, index) => (index === place ? (one ?? []) : now))));
  return (
    <Group gap="xs">
      <Select
        aria-label={t("chart.add")}
        placeholder={t("chart.add")}
        size="xs"
        w={230}
        searchable
        limit={60}
        data={options}
        value={null}
        disabled={shown.length >= MOST}
        nothingFoundMessage={t("chart.noneFound")}
        onChange={(name) => name && onPut(wordOf([...shown, { name, params: {} }]))}
      />
      {shown.map((one, place) => (
        <Chosen
          // biome-ignore lint/suspicious/noArrayIndexKey: the same indicator may be shown twice; its place tells which
          key={`${one.name} ${place}`}
          one={one}
          card={cards.find((card) => card.name === one.name)}
          onPut={(changed) => put(place, changed)}
        />
      ))}
    </Group>
  );
}

function groupsOf(cards: IndicatorOut[]) {
  const families = [...new Set(cards.map((card) => card.family))];
  return families.map((group) => ({
    group,
    items: cards
      .filter((card) => card.family === group)
      .map((card) => ({ value: card.name, label: `${card.name} · ${card.title}` })),
  }));
}

interface ChosenProps {
  one: Shown;
  card: IndicatorOut | undefined;
  onPut: (changed: Shown | null) => void;
}

function Chosen({ one, card, onPut }: ChosenProps) {
  const { t } = useTranslation();
  const [given, setGiven] = useState<Record<string, string>>({});
  const parameters = (card?.parameters ?? []) as { name: string; default: unknown; allowed: string }[];
  const said = Object.entries(one.params).map(([name, value]) => `${name} ${value}`);
  const send = () => {
    const params = { ...one.params };
    for (const [name, text] of Object.entries(given)) {
      if (text.trim() === "") delete params[name];
      else params[name] = typed(text) ?? text.trim();
    }
    onPut({ ...one, params });
  };
  return (
    <Group gap={0} wrap="nowrap" className="chosen">
      <Popover position="bottom-start" trapFocus withArrow shadow="md">
        <Popover.Target>
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={parameters.length > 0 ? <Settings2 size={13} aria-hidden /> : undefined}
          >
            {one.name}
            {said.length > 0 && ` (${said.join(", ")})`}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <Stack gap="xs" maw={260}>
            <Text size="sm" fw={600} lang="en">
              {card?.title ?? one.name}
            </Text>
            {parameters.map((parameter) => (
              <TextInput
                key={parameter.name}
                size="xs"
                label={parameter.name}
                description={parameter.allowed}
                placeholder={String(parameter.default)}
                value={given[parameter.name] ?? String(one.params[parameter.name] ?? "")}
                onChange={(event) => setGiven({ ...given, [parameter.name]: event.currentTarget.value })}
                onKeyDown={(event) => event.key === "Enter" && send()}
              />
            ))}
            {parameters.length > 0 ? (
              <Button size="compact-sm" onClick={send}>
                {t("chart.apply")}
              </Button>
            ) : (
              <Text size="xs" c="dimmed">
                {t("chart.noParameters")}
              </Text>
            )}
          </Stack>
        </Popover.Dropdown>
      </Popover>
      <CloseButton size={26} aria-label={t("chart.remove", { name: one.name })} onClick={() => onPut(null)} />
    </Group>
  );
}
