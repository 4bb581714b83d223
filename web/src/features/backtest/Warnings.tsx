import { Alert, List } from "@mantine/core";
import { ShieldCheck, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { WarningOut } from "@/api/gen";
import { useFormats } from "@/lib/useFormats";

/** Numbers that are counted choose their form of a word, and so stay numbers. */
const isFraction = (value: unknown) => /^-?\d+\.\d+( %)?$/.test(String(value));
const FRACTION = /-?\d+\.\d+/;

/** Why a result should be believed less, in words and with their numbers. */
export function Warnings({ warnings }: { warnings: readonly WarningOut[] }) {
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  const written = (values: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        isFraction(value) ? String(value).replace(FRACTION, (one) => formats.number(one, 8)) : value,
      ]),
    );
  if (warnings.length === 0) {
    return (
      <Alert color="teal" variant="light" icon={<ShieldCheck size={18} aria-hidden />}>
        {t("backtest.noWarnings")}
      </Alert>
    );
  }
  return (
    <Alert
      color="yellow"
      variant="light"
      icon={<TriangleAlert size={18} aria-hidden />}
      title={t("backtest.warningsTitle", { count: warnings.length })}
    >
      <List size="sm" spacing={4}>
        {warnings.map((one) => {
          const key = `warning.${one.code}`;
          return <List.Item key={one.code}>{i18n.exists(key) ? t(key, written(one.values)) : one.text}</List.Item>;
        })}
      </List>
    </Alert>
  );
}
