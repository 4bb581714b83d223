import { useEffect, useState } from "react";

const SECONDS = 3;

/** Seconds until what cannot be taken back may be pressed: so that nobody presses it by habit. */
export function useArmed(isNeeded: boolean): number {
  const [left, setLeft] = useState(isNeeded ? SECONDS : 0);
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(() => setLeft(left - 1), 1_000);
    return () => clearTimeout(timer);
  }, [left]);
  return left;
}
