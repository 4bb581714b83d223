/** Exchanges that are offered first; others that the server knows may be typed. */
export const VENUES = ["binance", "bybit", "okx", "kraken"];
