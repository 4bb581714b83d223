import { useHotkeys } from "@mantine/hooks";
import { lazy, Suspense, useSyncExternalStore } from "react";

const Palette = lazy(async () => ({ default: (await import("./Palette")).Palette }));

let isWanted = false;
const watchers = new Set<() => void>();

/** Open the palette, which is loaded when it is first wanted; from then on it hears its own keys. */
export function openPalette(): void {
  if (isWanted) {
    void import("./Palette").then(({ palette }) => palette.open());
    return;
  }
  isWanted = true;
  for (const watcher of watchers) watcher();
}

/** Where the palette will be. */
export function PaletteSoon() {
  const isThere = useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => isWanted,
  );
  useHotkeys([["mod+K", () => !isThere && openPalette()]], []);
  return <Suspense>{isThere && <Palette />}</Suspense>;
}
