import { ActionIcon, Burger, Group, Text, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Moon, Search, Sun } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { LanguageSwitch } from "./LanguageSwitch";
import { LinkMark } from "./LinkMark";
import { ModeRibbon } from "./ModeRibbon";
import { openPalette } from "./PaletteSoon";
import { useMode } from "./useMode";

const JobsTray = lazy(async () => ({ default: (await import("./JobsTray")).JobsTray }));
const Bell = lazy(async () => ({ default: (await import("./Bell")).Bell }));
const Account = lazy(async () => ({ default: (await import("./Account")).Account }));

interface HeaderProps {
  isMenuOpen: boolean;
  onMenu: () => void;
}

/** Mode, name, and what one may need on every screen. */
export function Header({ isMenuOpen, onMenu }: HeaderProps) {
  const { t } = useTranslation();
  return (
    <>
      <ModeRibbon mode={useMode()} />
      <Group h={52} px="sm" justify="space-between" wrap="nowrap">
        <Group gap="xs" wrap="nowrap">
          <Burger opened={isMenuOpen} onClick={onMenu} hiddenFrom="sm" size="sm" aria-label={t("app.menu")} />
          <Text component={Link} to="/" fw={700} c="inherit" td="none">
            {t("app.name")}
          </Text>
        </Group>
        <Group gap={6} wrap="nowrap">
          <LinkMark />
          <Suspense fallback={<ActionIcon variant="subtle" size="lg" loading aria-hidden />}>
            <JobsTray />
            <Bell />
          </Suspense>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            visibleFrom="xs"
            onClick={openPalette}
            title={`${t("app.palette.open")} (Ctrl K)`}
            aria-label={t("app.palette.open")}
          >
            <Search size={18} />
          </ActionIcon>
          <LanguageSwitch />
          <ThemeSwitch />
          <Suspense fallback={<ActionIcon variant="subtle" size="lg" loading aria-hidden />}>
            <Account />
          </Suspense>
        </Group>
      </Group>
    </>
  );
}

function ThemeSwitch() {
  const { t } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme("dark") === "dark";
  const label = t(isDark ? "app.theme.toLight" : "app.theme.toDark");
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      visibleFrom="xs"
      title={label}
      aria-label={label}
      onClick={() => setColorScheme(isDark ? "light" : "dark")}
    >
      {isDark ? <Sun size={18} /> : <Moon size={18} />}
    </ActionIcon>
  );
}
