/** Lengths of bars that are offered. */
export const FRAMES = ["1m", "5m", "15m", "1h", "4h", "1d"];
