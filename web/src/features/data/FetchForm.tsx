import { Autocomplete, Button, Checkbox, Group, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { createDownloadMutation } from "@/api/gen/@tanstack/react-query.gen";
import { CopyAs } from "@/components/CopyAs";
import { Refusal } from "@/components/Refusal";
import { VENUES } from "@/lib/venues";
import { MarketFields } from "./MarketFields";
import { downloadOf, FIRST_FETCH } from "./wishes";

/** Has the candles of a market fetched from an exchange. */
export function FetchForm({ onBegun }: { onBegun: () => void }) {
  const { t } = useTranslation();
  const [given, setGiven] = useState(FIRST_FETCH);
  const put = (change: Partial<typeof given>) => setGiven({ ...given, ...change });
  const fetch = useMutation({ ...createDownloadMutation(), meta: { isShownInPlace: true }, onSuccess: onBegun });
  const body = downloadOf(given);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (body) fetch.mutate({ body });
  };
  return (
    <form onSubmit={send}>
      <Stack gap="sm">
        <Group gap="sm" align="flex-end">
          <Autocomplete
            label={t("data.exchange")}
            data={VENUES}
            required
            w={150}
            value={given.exchange}
            onChange={(exchange) => put({ exchange })}
          />
          <MarketFields given={given} onPut={put} />
          <TextInput
            label={t("data.first")}
            type="date"
            required
            value={given.from}
            onChange={(event) => put({ from: event.currentTarget.value })}
          />
          <TextInput
            label={t("data.last")}
            type="date"
            min={given.from}
            value={given.to}
            onChange={(event) => put({ to: event.currentTarget.value })}
          />
        </Group>
        <Group gap="md">
          <Checkbox
            label={t("data.kinds.mark")}
            checked={given.mark}
            onChange={(event) => put({ mark: event.currentTarget.checked })}
          />
          <Checkbox
            label={t("data.kinds.funding")}
            checked={given.funding}
            onChange={(event) => put({ funding: event.currentTarget.checked })}
          />
        </Group>
        <Refusal error={fetch.error} />
        <Group gap="xs">
          <Button type="submit" loading={fetch.isPending}>
            {t("data.fetch")}
          </Button>
          {body && <CopyAs api={{ method: "POST", path: "/api/v1/data/downloads", body }} />}
        </Group>
      </Stack>
    </form>
  );
}
