import { Modal } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { KeyMap } from "@/components/KeyMap";
import { usePreferences } from "@/lib/preferences";
import { SCREENS } from "./screens";

/** How long after `g` the next key still goes somewhere. */
const TOGETHER = 1_200;

/** Keys: `g` and a letter go to a screen, `/` to the search, `?` lists them. None ever touches an order. */
export function Keys() {
  const { t } = useTranslation();
  const { hasKeys } = usePreferences();
  const navigate = useNavigate();
  const [isShown, setShown] = useState(false);
  const wentAt = useRef(0);
  const go = (key: string) => {
    if (key === "g") wentAt.current = Date.now();
    else if (Date.now() - wentAt.current < TOGETHER) {
      const screen = SCREENS.find((one) => one.key === key);
      if (screen) void navigate({ to: screen.path });
    }
  };
  const letters = ["g", ...SCREENS.map((screen) => screen.key)];
  useHotkeys(
    hasKeys
      ? [
          ...letters.map((key): [string, () => void] => [key, () => go(key)]),
          ["/", () => document.querySelector<HTMLInputElement>("input[data-search]")?.focus()],
          ["shift+?", () => setShown(true)],
        ]
      : [],
  );
  return (
    <Modal opened={isShown} onClose={() => setShown(false)} title={t("app.keys.title")}>
      <KeyMap goals={SCREENS} />
    </Modal>
  );
}
