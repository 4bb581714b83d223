import { Button, Checkbox, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { OctagonX } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { killTradingMutation } from "@/api/gen/@tanstack/react-query.gen";
import { AlertModal } from "@/components/AlertModal";
import { HoldButton } from "@/components/HoldButton";
import { Refusal } from "@/components/Refusal";

/** Stops everything that opens positions, in every deployment; on wish it closes them too. */
export function Kill() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [isOpen, dialog] = useDisclosure(false);
  const [flatten, setFlatten] = useState(false);
  const kill = useMutation({
    ...killTradingMutation(),
    meta: { isShownInPlace: true },
    onSuccess: (told) => {
      dialog.close();
      notifications.show({ color: "orange", message: t("desk.killed", { count: told.deployments.length }) });
      void queries.invalidateQueries();
    },
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
      <AlertModal opened={isOpen} onClose={dialog.close} title={t("desk.killTitle")}>
        <Stack gap="sm">
          <Text size="sm">{t("desk.killText")}</Text>
          <Checkbox
            label={t("desk.killFlatten")}
            checked={flatten}
            onChange={(event) => setFlatten(event.currentTarget.checked)}
          />
          <Refusal error={kill.error} />
          <Text size="xs" c="dimmed">
            {t("common.hold")}
          </Text>
          <Group justify="flex-end" className="deeds">
            <Button variant="default" onClick={dialog.close} data-autofocus>
              {t("common.cancel")}
            </Button>
            <HoldButton color="red" loading={kill.isPending} onHeld={() => kill.mutate({ body: { flatten } })}>
              {t("desk.kill")}
            </HoldButton>
          </Group>
        </Stack>
      </AlertModal>
    </>
  );
}
