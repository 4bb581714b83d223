import { AppShell, Container } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Outlet, useLocation } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Guarded } from "@/components/Guarded";
import { useLink } from "@/lib/news";
import { Header } from "./Header";
import { Navigation } from "./Navigation";
import { News } from "./News";
import { PaletteSoon } from "./PaletteSoon";

const Keys = lazy(async () => ({ default: (await import("./Keys")).Keys }));
const HEADER = 76;

/** The screen that is chosen, with the way to all others. */
export function Inside() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const isBehind = useLink().state === "stale";
  const [isOpen, menu] = useDisclosure(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu of a phone closes when one has gone somewhere
  useEffect(menu.close, [pathname]);
  return (
    <AppShell
      header={{ height: HEADER }}
      navbar={{ width: 208, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
      padding={{ base: "sm", sm: "md" }}
    >
      <a className="skip" href="#content">
        {t("app.skip")}
      </a>
      <AppShell.Header>
        <Header isMenuOpen={isOpen} onMenu={menu.toggle} />
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t("app.menu")}>
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={isBehind ? "behind" : undefined}>
        <Container size={1680} px={0}>
          <Guarded key={pathname}>
            <Outlet />
          </Guarded>
        </Container>
      </AppShell.Main>
      <PaletteSoon />
      <News />
      <Suspense>
        <Keys />
      </Suspense>
    </AppShell>
  );
}
