import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import {
  deleteBacktestMutation,
  deleteBacktestsMutation,
  listBacktestsQueryKey,
  restoreBacktestMutation,
} from "@/api/gen/@tanstack/react-query.gen";

/** Deletes results; for a while each deletion can be taken back. */
export function useDeleting() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const readAnew = () => queries.invalidateQueries({ queryKey: listBacktestsQueryKey() });
  const restore = useMutation({ ...restoreBacktestMutation(), onSettled: readAnew });
  const offer = (ids: string[]) => {
    void readAnew();
    const id = `deleted-${ids[0]}`;
    const back = async () => {
      notifications.hide(id);
      for (const one of ids) await restore.mutateAsync({ path: { backtest_id: one } });
    };
    notifications.show({
      id,
      autoClose: 12_000,
      message: (
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm">{t("backtest.deleted", { count: ids.length })}</Text>
          <Button size="compact-sm" variant="light" onClick={back}>
            {t("common.undo")}
          </Button>
        </Group>
      ),
    });
  };
  const one = useMutation({ ...deleteBacktestMutation(), onSuccess: (done) => offer(done.ids) });
  const all = useMutation({ ...deleteBacktestsMutation(), onSuccess: (done) => offer(done.ids) });
  return {
    deleteOne: (id: string) => one.mutate({ path: { backtest_id: id } }),
    deleteAll: () => all.mutate({ query: { confirm: "delete all" } }),
    isBusy: all.isPending,
  };
}
