import { Button, Checkbox, FileInput, Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { createImportMutation } from "@/api/gen/@tanstack/react-query.gen";
import { Refusal } from "@/components/Refusal";
import { MarketFields } from "./MarketFields";
import { FIRST_FILE, importOf, KINDS, type Kind } from "./wishes";

/** Has candles, marks, spreads or funding rates taken in from a file. */
export function FileForm({ onBegun }: { onBegun: () => void }) {
  const { t } = useTranslation();
  const [given, setGiven] = useState(FIRST_FILE);
  const [file, setFile] = useState<File | null>(null);
  const put = (change: Partial<typeof given>) => setGiven({ ...given, ...change });
  const take = useMutation({ ...createImportMutation(), meta: { isShownInPlace: true }, onSuccess: onBegun });
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (file) take.mutate({ body: file, query: importOf(given, file.name) });
  };
  return (
    <form onSubmit={send}>
      <Stack gap="sm">
        <Group gap="sm" align="flex-end">
          <FileInput
            label={t("data.file")}
            placeholder="CSV, Parquet"
            accept=".csv,.parquet"
            required
            clearable
            w={220}
            value={file}
            onChange={setFile}
          />
          <TextInput
            label={t("data.venue")}
            required
            w={130}
            value={given.venue}
            onChange={(event) => put({ venue: event.currentTarget.value })}
          />
          <MarketFields given={given} onPut={put} />
          <NativeSelect
            label={t("data.kind")}
            data={KINDS.map((value) => ({ value, label: t(`data.kinds.${value}`) }))}
            w={150}
            value={given.kind}
            onChange={(event) => put({ kind: event.currentTarget.value as Kind })}
          />
        </Group>
        <Group gap="sm" align="flex-end">
          <Choice name="stamp" help={t("data.stampHelp")} values={["open", "close"]} given={given} onPut={put} />
          <Choice name="volumeUnit" values={["base", "quote"]} given={given} onPut={put} />
          <Choice name="timeUnit" values={["s", "ms", "us", "ns"]} given={given} onPut={put} />
          <TextInput
            label={t("data.columns")}
            description={t("data.columnsHelp")}
            placeholder="time=Date, close=Last"
            w={220}
            value={given.columns}
            onChange={(event) => put({ columns: event.currentTarget.value })}
          />
        </Group>
        <Group gap="md">
          <Checkbox
            label={t("data.repairRows")}
            checked={given.repair}
            onChange={(event) => put({ repair: event.currentTarget.checked })}
          />
          <Checkbox
            label={t("data.replaceBars")}
            checked={given.replace}
            onChange={(event) => put({ replace: event.currentTarget.checked })}
          />
        </Group>
        <Refusal error={take.error} />
        <Group gap="xs">
          <Button type="submit" disabled={!file} loading={take.isPending}>
            {t("data.take")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface ChoiceProps {
  name: "stamp" | "volumeUnit" | "timeUnit";
  help?: string;
  values: string[];
  given: typeof FIRST_FILE;
  onPut: (change: Partial<typeof FIRST_FILE>) => void;
}

/** What a file may leave open. */
function Choice({ name, help, values, given, onPut }: ChoiceProps) {
  const { t } = useTranslation();
  return (
    <NativeSelect
      label={t(`data.${name}`)}
      description={help}
      w={210}
      value={given[name]}
      data={[
        { value: "", label: t("data.said") },
        ...values.map((value) => ({ value, label: t(`data.choice.${value}`) })),
      ]}
      onChange={(event) => onPut({ [name]: event.currentTarget.value })}
    />
  );
}
