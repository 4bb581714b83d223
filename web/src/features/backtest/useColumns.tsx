import { ActionIcon, Badge, Button, Checkbox, Group, Text, Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Trash2, TriangleAlert } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { BacktestRow } from "@/api/gen";
import { Change } from "@/components/Change";
import type { Column } from "@/components/DataTable";
import { useCaller } from "@/lib/caller";
import { useFormats } from "@/lib/useFormats";
import { StarButton } from "./Marks";
import { useDeleting } from "./useDeleting";

/** The columns of the table of results. */
export function useColumns(
  onDetails: (id: string) => void,
  chosen: string[],
  setChosen: (ids: string[]) => void,
): Column<BacktestRow>[] {
  const { t } = useTranslation();
  const formats = useFormats();
  const { may } = useCaller();
  const { deleteOne } = useDeleting();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the functions of a parent are the same in what they do
  return useMemo(() => {
    const toggle = (id: string) =>
      setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
    return [
      {
        id: "chosen",
        label: "",
        cell: (row) => (
          <Checkbox
            size="xs"
            checked={chosen.includes(row.id)}
            onChange={() => toggle(row.id)}
            aria-label={t("backtest.choose", { id: row.id })}
          />
        ),
      },
      {
        id: "starred",
        label: <span className="unseen">{t("marks.starred")}</span>,
        value: (row) => Number(row.starred),
        cell: (row) => <StarButton id={row.id} isOn={row.starred} />,
      },
      {
        id: "strategy",
        label: t("backtest.strategy"),
        value: (row) => row.strategy,
        cell: (row) => (
          <Link to="/backtest/$id" params={{ id: row.id }} className="plain">
            <Text size="sm" fw={500}>
              {row.strategy}
            </Text>
            <Text size="xs" c="dimmed" className="nowrap">
              {row.symbol} · {row.timeframe}
            </Text>
            {row.tags.map((tag) => (
              <Badge key={tag} size="xs" variant="light" color="gray" tt="none" mr={4}>
                {tag}
              </Badge>
            ))}
          </Link>
        ),
      },
      {
        id: "created",
        label: `${t("backtest.created")} · ${t("backtest.period")}`,
        value: (row) => row.created_at,
        cell: (row) => (
          <>
            <Text size="xs" className="nowrap">
              {formats.time(row.created_at)}
            </Text>
            <Text size="xs" c="dimmed" className="nowrap">
              {formats.day(row.start_date)} – {formats.day(row.end_date)}
            </Text>
          </>
        ),
      },
      {
        id: "return",
        label: t("figures.name.total_return"),
        isNumber: true,
        value: (row) => row.total_return,
        cell: (row) => <Change value={row.total_return}>{formats.change(row.total_return)}</Change>,
      },
      {
        id: "drawdown",
        label: t("figures.name.max_drawdown"),
        isNumber: true,
        value: (row) => row.max_drawdown,
        cell: (row) => formats.percent(row.max_drawdown),
      },
      {
        id: "sharpe",
        label: t("figures.name.sharpe"),
        isNumber: true,
        value: (row) => row.sharpe_ratio,
        cell: (row) => formats.fixed(row.sharpe_ratio),
      },
      {
        id: "trades",
        label: t("figures.name.trades"),
        isNumber: true,
        value: (row) => row.total_trades,
        cell: (row) => formats.number(row.total_trades, 0),
      },
      {
        id: "wins",
        label: t("figures.name.win_rate"),
        isNumber: true,
        value: (row) => (row.total_trades > 0 ? row.win_rate : null),
        cell: (row) => formats.percent(row.total_trades > 0 ? row.win_rate : null, 1),
      },
      {
        id: "warnings",
        label: t("backtest.warnings"),
        isNumber: true,
        value: (row) => row.warnings.length,
        cell: (row) =>
          row.warnings.length > 0 && (
            <Badge variant="light" color="yellow" leftSection={<TriangleAlert size={11} aria-hidden />}>
              {row.warnings.length}
            </Badge>
          ),
      },
      {
        id: "actions",
        label: "",
        cell: (row) => (
          <Group gap={4} wrap="nowrap" justify="flex-end">
            <Button size="compact-xs" variant="light" onClick={() => onDetails(row.id)}>
              {t("backtest.details")}
            </Button>
            {may("trader") && (
              <Tooltip label={t("backtest.deleteOne")}>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  onClick={() => deleteOne(row.id)}
                  aria-label={`${t("backtest.deleteOne")} ${row.id}`}
                >
                  <Trash2 size={15} />
                </ActionIcon>
              </Tooltip>
            )}
          </Group>
        ),
      },
    ];
  }, [t, formats, chosen]);
}
