import {
  Activity,
  Bell,
  BookOpen,
  ChartCandlestick,
  CircleHelp,
  Database,
  FlaskConical,
  Grid3x3,
  LayoutDashboard,
  type LucideIcon,
  ScrollText,
  Settings,
  ShieldCheck,
  WalletCards,
} from "lucide-react";

export type Group = "monitor" | "research" | "control";

export interface Screen {
  /** Its text is `app.screens.NAME`. */
  name: string;
  path: string;
  group: Group;
  icon: LucideIcon;
  /** Pressed after `g`, goes there. */
  key: string;
}

export const GROUPS: Group[] = ["monitor", "research", "control"];

/** Every screen, in the order of the navigation. */
export const SCREENS: Screen[] = [
  { name: "dashboard", path: "/", group: "monitor", icon: LayoutDashboard, key: "d" },
  { name: "simulation", path: "/simulation", group: "monitor", icon: WalletCards, key: "s" },
  { name: "chart", path: "/chart", group: "monitor", icon: ChartCandlestick, key: "c" },
  { name: "backtest", path: "/backtest", group: "research", icon: FlaskConical, key: "b" },
  { name: "evaluation", path: "/evaluation", group: "research", icon: Grid3x3, key: "e" },
  { name: "strategies", path: "/strategies", group: "research", icon: BookOpen, key: "r" },
  { name: "data", path: "/data", group: "research", icon: Database, key: "a" },
  { name: "risk", path: "/risk", group: "control", icon: ShieldCheck, key: "k" },
  { name: "audit", path: "/audit", group: "control", icon: ScrollText, key: "l" },
  { name: "notifications", path: "/notifications", group: "control", icon: Bell, key: "n" },
  { name: "settings", path: "/settings", group: "control", icon: Settings, key: "t" },
  { name: "server", path: "/server", group: "control", icon: Activity, key: "v" },
  { name: "help", path: "/help", group: "control", icon: CircleHelp, key: "h" },
];
