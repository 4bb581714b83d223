import { NavLink, Stack, Text } from "@mantine/core";
import { Link, useLocation } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { GROUPS, SCREENS } from "./screens";

/** Every screen, by group. */
export function Navigation() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const isHere = (path: string) => (path === "/" ? pathname === "/" : pathname.startsWith(path));
  return (
    <div style={{ overflowY: "auto" }}>
      {GROUPS.filter((group) => SCREENS.some((screen) => screen.group === group)).map((group) => (
        <Stack key={group} gap={2} mb="md">
          <Text size="xs" c="dimmed" fw={600} px="sm">
            {t(`app.groups.${group}`)}
          </Text>
          {SCREENS.filter((screen) => screen.group === group).map((screen) => (
            <NavLink
              key={screen.name}
              component={Link}
              to={screen.path}
              label={t(`app.screens.${screen.name}`)}
              leftSection={<screen.icon size={17} aria-hidden />}
              active={isHere(screen.path)}
              aria-current={isHere(screen.path) ? "page" : undefined}
              py={6}
              style={{ borderRadius: 6 }}
            />
          ))}
        </Stack>
      ))}
    </div>
  );
}
