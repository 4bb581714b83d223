import { FlaskConical, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";

/** Whether real money moves, in words, sign and pattern; on every screen. */
export function ModeRibbon({ mode }: { mode: "simulation" | "live" }) {
  const { t } = useTranslation();
  const Icon = mode === "live" ? TriangleAlert : FlaskConical;
  return (
    <div className="ribbon" data-mode={mode} role="status">
      <Icon size={14} aria-hidden />
      <strong>{t(`app.mode.${mode}`)}</strong>
      <span>{t(`app.mode.${mode}Hint`)}</span>
    </div>
  );
}
