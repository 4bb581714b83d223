import { Button, Checkbox, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { OctagonX } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { killTradingMutation } from "@/api/gen/@tanstack/react-query.gen";
import { TypedConfirm } from "@/components/TypedConfirm";

/** Stops everything that opens positions, in every deployment; on wish it closes them too. */
export function Kill() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [isOpen, dialog] = useDisclosure(false);
  const [flatten, setFlatten] = useState(false);
  const kill = useMutation({
    ...killTradingMutation(),
    onSuccess: (told) => {
      notifications.show({ color: "orange", message: t("desk.killed", { count: told.deployments.length }) });
      void queries.invalidateQueries();
    },
    onSettled: dialog.close,
  });
  return (
    <>
      <Button
        variant="outline"
        className="danger"
        leftSection={<OctagonX size={16} aria-hidden />}
        onClick={dialog.open}
      >
        {t("desk.kill")}
      </Button>
      <TypedConfirm
        isOpen={isOpen}
        onClose={dialog.close}
        title={t("desk.killTitle")}
        verb={t("desk.kill")}
        isBusy={kill.isPending}
        onConfirm={() => kill.mutate({ body: { flatten } })}
      >
        <Stack gap="sm">
          <Text size="sm">{t("desk.killText")}</Text>
          <Checkbox
            label={t("desk.killFlatten")}
            checked={flatten}
            onChange={(event) => setFlatten(event.currentTarget.checked)}
          />
        </Stack>
      </TypedConfirm>
    </>
  );
}
