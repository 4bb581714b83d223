import { useCallback } from "react";
import { useTranslation } from "react-i18next";

/** Names of what is drawn, and of what became of it. */
export function useKinds() {
  const { t, i18n } = useTranslation();
  const named = useCallback(
    (group: "kind" | "state", word: string) => {
      const key = group === "kind" ? `chart.kind.${word}` : `chart.state.${word}`;
      return i18n.exists(key) ? t(key) : word.replaceAll("_", " ");
    },
    [t, i18n],
  );
  const labelOf = useCallback((kind: string) => named("kind", kind.replace(/_line$/, "")), [named]);
  const stateOf = useCallback((state: string) => (state ? named("state", state) : ""), [named]);
  return { labelOf, stateOf };
}
