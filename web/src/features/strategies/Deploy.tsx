import { Button, Group, Modal, NativeSelect, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Rocket } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ParamOut } from "@/api/gen";
import { activateStrategyMutation, listDeploymentsOptions } from "@/api/gen/@tanstack/react-query.gen";
import { CopyAs } from "@/components/CopyAs";
import { type Given, isAllowed, Params } from "@/components/Params";
import { Refusal } from "@/components/Refusal";

/** Lets a deployment trade a strategy from now on, after saying what that means. */
export function Deploy({ name, params }: { name: string; params: readonly ParamOut[] }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const [deployment, setDeployment] = useState("");
  const [given, setGiven] = useState<Given>({});
  const deployments = useQuery({ ...listDeploymentsOptions(), enabled: isOpen });
  const others = deployments.data?.items.filter((one) => one.name !== "simulation") ?? [];
  const chosen = others.find((one) => one.name === deployment);
  const isWhole = params.every((param) => isAllowed(param, given[param.name]));
  const body = {
    strategy: name,
    ...(deployment ? { deployment } : {}),
    ...(Object.keys(given).length > 0 ? { params: given } : {}),
  };
  const activate = useMutation({
    ...activateStrategyMutation(),
    meta: { isShownInPlace: true },
    onSuccess: (done) => {
      setOpen(false);
      notifications.show({
        message: t(done.running ? "strategies.trades" : "strategies.willTrade", { name, deployment: done.deployment }),
      });
    },
  });
  return (
    <>
      <Button size="compact-sm" leftSection={<Rocket size={15} aria-hidden />} onClick={() => setOpen(true)}>
        {t("strategies.deploy")}
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={t("strategies.deployTitle", { name })} size="lg">
        <Stack>
          <NativeSelect
            label={t("strategies.deployment")}
            data={[
              { value: "", label: t("strategies.simulation") },
              ...others.map((one) => ({ value: one.name, label: `${one.name} · ${t(`app.mode.${one.mode}`)}` })),
            ]}
            value={deployment}
            onChange={(event) => setDeployment(event.currentTarget.value)}
          />
          {params.length > 0 && (
            <fieldset className="fields">
              <legend>{t("strategies.parameters")}</legend>
              <Params params={params} given={given} onChange={setGiven} cols={2} />
            </fieldset>
          )}
          <Text size="sm">{t("strategies.deployText")}</Text>
          {chosen?.mode === "live" && (
            <Text size="sm" className="danger" fw={600}>
              {t("strategies.deployLive")}
            </Text>
          )}
          <Refusal error={activate.error} />
          <Group justify="flex-end" gap="xs" className="deeds">
            <CopyAs api={{ method: "POST", path: "/api/v1/strategies/activate", body }} />
            <Button variant="default" data-autofocus onClick={() => setOpen(false)}>
              {t("common.cancel")}
            </Button>
            <Button disabled={!isWhole} loading={activate.isPending} onClick={() => activate.mutate({ body })}>
              {t("strategies.deploy")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
