import { Text } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { diffLines, hunksOf, type Line } from "@/lib/lineDiff";
import "./codeDiff.css";

const SIGN = { same: " ", less: "−", more: "+" } as const;

interface CodeDiffProps {
  before: string;
  after: string;
  /** What is compared with what, for who cannot see it. */
  label: string;
}

/** In what two texts of code differ, line by line; what is equal and far from a change is left out. */
export function CodeDiff({ before, after, label }: CodeDiffProps) {
  const { t } = useTranslation();
  const lines = useMemo(() => diffLines(before, after), [before, after]);
  const hunks = useMemo(() => hunksOf(lines), [lines]);
  const count = (kind: Line["kind"]) => lines.filter((line) => line.kind === kind).length;
  if (hunks.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t("code.same")}
      </Text>
    );
  }
  return (
    <>
      <Text size="sm" mb="xs">
        {t("code.added", { count: count("more") })} · {t("code.removed", { count: count("less") })}
      </Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section className="diff" aria-label={label} tabIndex={0}>
        <table lang="en">
          <tbody>
            {hunks.flatMap(({ skipped, lines: own }) => [
              ...(skipped > 0 ? [<Skipped key={`before ${own[0]?.left} ${own[0]?.right}`} count={skipped} />] : []),
              ...own.map((line) => <Row key={`${line.left} ${line.right}`} line={line} />),
            ])}
          </tbody>
        </table>
      </section>
    </>
  );
}

function Skipped({ count }: { count: number }) {
  const { t } = useTranslation();
  return (
    <tr className="skipped">
      <td colSpan={4}>{t("code.skipped", { count })}</td>
    </tr>
  );
}

function Row({ line }: { line: Line }) {
  const { t } = useTranslation();
  const { kind, left, right, text } = line;
  return (
    <tr className={kind}>
      <td className="place">{left}</td>
      <td className="place">{right}</td>
      <td className="sign">
        <span aria-hidden>{SIGN[kind]}</span>
        {kind !== "same" && <span className="unseen">{t(`code.kind.${kind}`)}</span>}
      </td>
      <td className="text">{text || " "}</td>
    </tr>
  );
}
