"""Averages and bands that lie over the price."""

from __future__ import annotations

from tradewright.features.parameters import Parameter, average, number, whole
from tradewright.features.row import Row

__all__ = ["OVERLAP"]

PRICE, BANDS = "price", "upper middle lower"
START = "depends on where the data begins"
HL, HLC = "high low", "high low close"


def _ma(default: int, least: int = 1) -> tuple[Parameter, ...]:
    return (whole("n", default, least),)


# fmt: off
OVERLAP = (
    Row("accbands", "Acceleration bands", HLC, (whole("n", 20),), BANDS, PRICE, "n - 1", "Headley (2002), Big Trends in Trading"),
    Row("bbands", "Bollinger bands: mean and population deviation", "x", (whole("n", 20), number("up", 2.0), number("down", 2.0), average("ma", "sma")), BANDS, PRICE, "ma(n, ma)", "Bollinger (2001), Bollinger on Bollinger Bands"),
    Row("dema", "Double exponential average", "x", _ma(30), "dema", PRICE, "2 * (n - 1)", "Mulloy (1994), Stocks & Commodities 12:1"),
    Row("donchian", "Donchian channel: highest high and lowest low, this bar's included", HL, (whole("n", 20),), BANDS, PRICE, "n - 1", "Donchian (1960)"),
    Row("ema", "Exponential average, begun with a simple one", "x", _ma(30), "ema", PRICE, "n - 1", "Hunter (1986), Journal of Quality Technology 18", START),
    Row("hma", "Hull average", "x", _ma(20), "hma", PRICE, "ma(n, 'hma')", "Hull (2005)"),
    Row("ht_trendline", "Instantaneous trend line of the Hilbert transform", "x", (), "trendline", PRICE, "63", "Ehlers (2001), Rocket Science for Traders", START),
    Row("kama", "Kaufman's adaptive average", "x", _ma(30), "kama", PRICE, "ma(n, 'kama')", "Kaufman (1995), Smarter Trading", START),
    Row("kc", "Keltner channel: exponential average of the typical price, average true ranges around it", HLC, (whole("n", 20), whole("atr_n", 10, 1), number("multiple", 2.0)), BANDS, PRICE, "max(n - 1, atr_n)", "Keltner (1960); Raschke's form", START),
    Row("ma", "Moving average of any kind", "x", (whole("n", 30, 1), average("ma", "sma")), "ma", PRICE, "ma(n, ma)", "that of the kind"),
    Row("mama", "MESA adaptive average and its follower", "x", (number("fast_limit", 0.5, 0.01, 0.99), number("slow_limit", 0.05, 0.01, 0.99)), "mama fama", PRICE, "32", "Ehlers (2001), MESA and Trading Market Cycles", START),
    Row("mavp", "Moving average with a length of its own in each row", "x y", (whole("least", 2, 1), whole("most", 30), average("ma", "sma")), "mavp", PRICE, "ma(most, ma)", "that of the kind", "`y` holds the lengths"),
    Row("midpoint", "Middle between the greatest and least value", "x", (whole("n", 14),), "midpoint", PRICE, "n - 1", "Donchian (1960)"),
    Row("midprice", "Middle between highest high and lowest low", HL, (whole("n", 14),), "midprice", PRICE, "n - 1", "Donchian (1960)"),
    Row("rma", "Wilder's average", "x", _ma(30), "rma", PRICE, "n - 1", "Wilder (1978), New Concepts in Technical Trading Systems", START),
    Row("sar", "Parabolic stop and reverse", HL, (number("acceleration", 0.02, 0.0), number("most", 0.2, 0.0)), "sar", PRICE, "1", "Wilder (1978)", START),
    Row("sarext", "Parabolic stop and reverse, longs and shorts told apart; negative while short", HL, (number("start", 0.0), number("offset", 0.0, 0.0), number("begin_long", 0.02, 0.0), number("step_long", 0.02, 0.0), number("most_long", 0.2, 0.0), number("begin_short", 0.02, 0.0), number("step_short", 0.02, 0.0), number("most_short", 0.2, 0.0)), "sarext", PRICE, "1", "Wilder (1978)", START),
    Row("sma", "Simple average", "x", _ma(30), "sma", PRICE, "n - 1", "arithmetic mean"),
    Row("supertrend", "SuperTrend: a trailing band of average true ranges, and its side", HLC, (whole("n", 10), number("multiple", 3.0, 0.0)), "supertrend trend", "price; 1 up, -1 down", "n", "Seban (2009)", START),
    Row("t3", "Tillson's T3", "x", (whole("n", 5, 1), number("volume", 0.7, 0.0, 1.0)), "t3", PRICE, "6 * (n - 1)", "Tillson (1998), Stocks & Commodities 16:1", START),
    Row("tema", "Triple exponential average", "x", _ma(30), "tema", PRICE, "3 * (n - 1)", "Mulloy (1994), Stocks & Commodities 12:1"),
    Row("trima", "Triangular average", "x", _ma(30), "trima", PRICE, "n - 1", "average of an average"),
    Row("vwma", "Average weighted by volume", "close volume", _ma(30), "vwma", PRICE, "n - 1", "sum of price times volume over sum of volume", "NaN where nothing was traded in n bars"),
    Row("wma", "Average weighted 1 to n, newest most", "x", _ma(30), "wma", PRICE, "n - 1", "linear weights"),
    Row("zlema", "Exponential average with its lag taken out", "x", _ma(30), "zlema", PRICE, "ma(n, 'zlema')", "Ehlers & Way (2010), Zero Lag"),
)
# fmt: on
