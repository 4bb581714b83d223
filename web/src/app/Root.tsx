import { createTheme, MantineProvider, mergeThemeOverrides } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { makeQueries } from "@/api/queries";
import { Why } from "@/components/Why";
import { usePreferences } from "@/lib/preferences";
import { router } from "./router";
import { theme } from "./theme";

// What is to be shown before it is there waits in its store.
const Messages = lazy(async () => ({ default: (await import("./Messages")).Messages }));

/** The page with everything around it. */
export function Root() {
  const { t } = useTranslation();
  const [queries] = useState(() =>
    makeQueries((error) => notifications.show({ color: "orange", message: <Why error={error} /> })),
  );
  const { palette } = usePreferences();
  const spoken = useMemo(() => {
    const closeButtonProps = { "aria-label": t("common.close") };
    return mergeThemeOverrides(theme, createTheme({ components: { Modal: { defaultProps: { closeButtonProps } } } }));
  }, [t]);
  useEffect(() => {
    document.documentElement.dataset.palette = palette;
  }, [palette]);
  return (
    <MantineProvider theme={spoken} defaultColorScheme="dark">
      <QueryClientProvider client={queries}>
        <Suspense>
          <Messages />
        </Suspense>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
