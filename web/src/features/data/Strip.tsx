import { useTranslation } from "react-i18next";
import type { CoverageOut, StretchOut } from "@/api/gen";
import { useFormats } from "@/lib/useFormats";
import "./strip.css";

const kindOf = (one: StretchOut): string => {
  if (one.stored < one.wanted) return one.stored === 0 ? "none" : "part";
  return one.filled > 0 ? "filled" : "whole";
};

/** Where in time the candles are: a column for each stretch, as high as it is whole. */
export function Strip({ found }: { found: CoverageOut }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const last = found.stretches.at(-1);
  const first = found.stretches[0];
  if (!first || !last) return null;
  const lacking = found.stretches.filter((one) => one.stored < one.wanted).length;
  const summary = t("data.strip", {
    count: found.stretches.length,
    lacking: formats.number(lacking, 0),
    from: formats.day(first.begin),
    to: formats.day(last.begin),
  });
  return (
    <div>
      <div className="strip" role="img" aria-label={summary}>
        {found.stretches.map((one) => (
          <span
            key={one.begin}
            className={kindOf(one)}
            title={`${formats.day(one.begin)}: ${t("data.ofWanted", {
              stored: formats.number(one.stored, 0),
              wanted: formats.number(one.wanted, 0),
            })}`}
          >
            <i style={{ height: `${(100 * one.stored) / Math.max(one.wanted, 1)}%` }} />
          </span>
        ))}
      </div>
      <div className="strip-ends" aria-hidden>
        <span>{formats.day(first.begin)}</span>
        <span>{t("data.stretch", { span: formats.span(found.length_s) })}</span>
        <span>{formats.day(last.begin)}</span>
      </div>
    </div>
  );
}
