import { Alert, List, Text, Title } from "@mantine/core";
import { CircleHelp, ShieldCheck, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { BacktestOut } from "@/api/gen";
import { useFormats } from "@/lib/useFormats";

interface Finding {
  test: string;
  ts: string;
  column: string;
  before: string;
  after: string;
  cause: string;
}

/** What the leak test said: whether past signals changed when the future was cut off or scrambled. */
export function Passport({ passport }: { passport: BacktestOut["leak_passport"] }) {
  const { t } = useTranslation();
  return (
    <section>
      <Title order={3} mb="xs">
        {t("passport.title")}
      </Title>
      {passport ? (
        <Verdict passport={passport} />
      ) : (
        <Alert color="yellow" variant="light" icon={<CircleHelp size={18} aria-hidden />}>
          {t("warning.leak-not-run")}
        </Alert>
      )}
    </section>
  );
}

function Verdict({ passport }: { passport: Record<string, unknown> }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const hasPassed = passport.passed === true;
  const findings = (passport.findings ?? []) as Finding[];
  const number = (name: string) => formats.number(Number(passport[name] ?? 0), 0);
  return (
    <Alert
      color={hasPassed ? "teal" : "orange"}
      variant="light"
      icon={hasPassed ? <ShieldCheck size={18} aria-hidden /> : <TriangleAlert size={18} aria-hidden />}
      title={t(hasPassed ? "passport.passed" : "passport.failed")}
    >
      <Text size="sm">
        {t("passport.how", {
          bars: number("bars"),
          signals: number("signals"),
          cuts: number("cuts"),
          scrambles: number("scrambles"),
        })}
      </Text>
      {findings.length > 0 && (
        <List size="sm" mt="xs">
          {findings.map((one) => (
            <List.Item key={`${one.test} ${one.ts} ${one.column}`}>
              {t("passport.finding", {
                time: formats.time(one.ts),
                column: one.column,
                before: one.before,
                after: one.after,
              })}
              {one.cause && ` ${one.cause}`}
            </List.Item>
          ))}
        </List>
      )}
      <Text size="xs" mt="xs">
        {t(hasPassed ? "passport.passedNote" : "passport.failedNote")}
      </Text>
    </Alert>
  );
}
