import { useMantineColorScheme } from "@mantine/core";
import { createSpotlight, Spotlight, type SpotlightActionGroupData } from "@mantine/spotlight";
import "@mantine/spotlight/styles.css";
import { useNavigate } from "@tanstack/react-router";
import { Languages, Search, SunMoon } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { type Language, speak } from "@/i18n";
import { SCREENS } from "./screens";

export const [store, palette] = createSpotlight();

/** Ctrl K: go anywhere, do what has no place of its own. Open as soon as it has been loaded. */
export function Palette() {
  useEffect(palette.open, []);
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const { toggleColorScheme } = useMantineColorScheme();
  const other: Language = i18n.language === "en" ? "uk" : "en";
  const actions: SpotlightActionGroupData[] = [
    {
      group: t("app.palette.goTo"),
      actions: SCREENS.map((screen) => ({
        id: screen.path,
        label: t(`app.screens.${screen.name}`),
        leftSection: <screen.icon size={18} aria-hidden />,
        onClick: () => navigate({ to: screen.path }),
      })),
    },
    {
      group: t("app.palette.do"),
      actions: [
        {
          id: "theme",
          label: `${t("app.theme.toLight")} / ${t("app.theme.toDark")}`,
          leftSection: <SunMoon size={18} aria-hidden />,
          onClick: toggleColorScheme,
        },
        {
          id: "language",
          label: other === "uk" ? "Українська" : "English",
          keywords: t("app.language"),
          leftSection: <Languages size={18} aria-hidden />,
          onClick: () => speak(other),
        },
      ],
    },
  ];
  return (
    <Spotlight
      store={store}
      actions={actions}
      shortcut="mod + K"
      highlightQuery
      scrollable
      maxHeight={420}
      nothingFound={t("app.palette.nothing")}
      searchProps={{
        leftSection: <Search size={18} aria-hidden />,
        placeholder: t("app.palette.hint"),
        "aria-label": t("app.palette.open"),
      }}
    />
  );
}
