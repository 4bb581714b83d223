import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { createSyntheticMarketMutation } from "@/api/gen/@tanstack/react-query.gen";
import { CopyAs } from "@/components/CopyAs";
import { Refusal } from "@/components/Refusal";
import { MarketFields } from "./MarketFields";
import { FIRST_MADE, syntheticOf } from "./wishes";

/** Has a market made up. */
export function MakeForm({ onBegun }: { onBegun: () => void }) {
  const { t } = useTranslation();
  const [given, setGiven] = useState(FIRST_MADE);
  const put = (change: Partial<typeof given>) => setGiven({ ...given, ...change });
  const make = useMutation({ ...createSyntheticMarketMutation(), meta: { isShownInPlace: true }, onSuccess: onBegun });
  const body = syntheticOf(given);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (body) make.mutate({ body });
  };
  return (
    <form onSubmit={send}>
      <Stack gap="sm">
        <Group gap="sm" align="flex-end">
          <MarketFields given={given} onPut={put} />
          <TextInput
            label={t("data.days")}
            required
            inputMode="decimal"
            w={90}
            value={given.days}
            onChange={(event) => put({ days: event.currentTarget.value })}
          />
          <TextInput
            label={t("data.seed")}
            required
            inputMode="numeric"
            w={90}
            value={given.seed}
            onChange={(event) => put({ seed: event.currentTarget.value })}
          />
        </Group>
        <Refusal error={make.error} />
        <Group gap="xs">
          <Button type="submit" disabled={!body} loading={make.isPending}>
            {t("data.make")}
          </Button>
          {body && <CopyAs api={{ method: "POST", path: "/api/v1/data/synthetic", body }} />}
        </Group>
      </Stack>
    </form>
  );
}
