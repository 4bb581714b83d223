import { Alert, Badge, createTheme, type MantineColorsTuple } from "@mantine/core";

const dark: MantineColorsTuple = [
  "#dfe5ea",
  "#b6c0ca",
  "#93a1ae",
  "#6f7d8a",
  "#3d4954",
  "#2b343d",
  "#1f262d",
  "#161b21",
  "#10151a",
  "#0a0e12",
];
const accent: MantineColorsTuple = [
  "#edf2ff",
  "#dbe4ff",
  "#bac8ff",
  "#91a7ff",
  "#748ffc",
  "#5c7cfa",
  "#4c6ef5",
  "#4263eb",
  "#3b5bdb",
  "#364fc7",
];

export const theme = createTheme({
  colors: { dark, accent },
  primaryColor: "accent",
  primaryShade: { light: 7, dark: 7 },
  defaultRadius: "sm",
  cursorType: "pointer",
  fontFamily: 'Inter, "Segoe UI", system-ui, -apple-system, Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  headings: {
    fontWeight: "600",
    sizes: { h1: { fontSize: "1.375rem" }, h2: { fontSize: "1.0625rem" }, h3: { fontSize: "0.9375rem" } },
  },
  respectReducedMotion: true,
  components: {
    // Words on a tint of their colour: readable in both themes whatever the colour is.
    Badge: Badge.extend({
      vars: (_, { variant, color = "accent" }) => ({
        root:
          variant === "light"
            ? {
                "--badge-bg": `color-mix(in srgb, var(--mantine-color-${color}-6) 22%, var(--panel))`,
                "--badge-color": "var(--mantine-color-text)",
              }
            : {},
      }),
    }),
    // Mantine paints an alert full in dark; a tint reads better beside numbers.
    Alert: Alert.extend({
      vars: (_, { color = "accent" }) => ({
        root: {
          "--alert-bg": `color-mix(in srgb, var(--mantine-color-${color}-6) 10%, var(--panel))`,
          "--alert-bd": `1px solid color-mix(in srgb, var(--mantine-color-${color}-6) 45%, var(--panel))`,
          "--alert-color": `var(--mantine-color-text)`,
        },
      }),
    }),
    Paper: { defaultProps: { withBorder: true, radius: "md" } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300, events: { hover: true, focus: true, touch: true } } },
    Modal: { defaultProps: { centered: true, radius: "md" } },
    Table: { defaultProps: { verticalSpacing: 6, horizontalSpacing: "sm" } },
    Button: { defaultProps: { size: "sm" } },
  },
});
