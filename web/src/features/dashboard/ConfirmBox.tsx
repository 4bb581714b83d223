import { Checkbox, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
  readSimulationSettingsOptions,
  readSimulationSettingsQueryKey,
  updateSimulationSettingsMutation,
} from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Panel } from "@/components/Panel";
import { TypedConfirm } from "@/components/TypedConfirm";
import { useCaller } from "@/lib/caller";

/** "Confirm order execution": whether an order that opens a position waits for a person. */
export function ConfirmBox() {
  const { t } = useTranslation();
  const { may } = useCaller();
  const queries = useQueryClient();
  const [wanted, setWanted] = useState<boolean | null>(null);
  const query = useQuery(readSimulationSettingsOptions());
  const change = useMutation({
    ...updateSimulationSettingsMutation(),
    onSettled: () => queries.invalidateQueries({ queryKey: readSimulationSettingsQueryKey() }),
  });
  return (
    <Panel>
      <Asked query={query} height={40}>
        {(settings) => (
          <Checkbox
            label={t("dashboard.confirm")}
            description={t(settings.confirm_orders ? "dashboard.confirmOn" : "dashboard.confirmOff")}
            checked={settings.confirm_orders ?? false}
            disabled={!may("trader") || change.isPending}
            onChange={(event) => setWanted(event.currentTarget.checked)}
          />
        )}
      </Asked>
      <TypedConfirm
        isOpen={wanted !== null}
        onClose={() => setWanted(null)}
        title={t("dashboard.confirm")}
        verb={t("dashboard.confirmChange")}
        onConfirm={() => {
          change.mutate({ body: { confirm_orders: wanted } });
          setWanted(null);
        }}
      >
        <Text size="sm">{t("dashboard.confirmAnew")}</Text>
      </TypedConfirm>
    </Panel>
  );
}
