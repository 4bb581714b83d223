"""How fast and how far price moves, and whether it trends."""

from __future__ import annotations

from tradewright.features.parameters import average, whole
from tradewright.features.row import Row

__all__ = ["MOMENTUM"]

START = "depends on where the data begins"
HL, HLC, OC = "high low", "high low close", "open close"
WILDER = "Wilder (1978), New Concepts in Technical Trading Systems"
PERCENT, SHARE, PRICE = "percent", "0 to 100", "price"
MACD = "macd signal histogram"
FAST_SLOW = (whole("fast", 12), whole("slow", 26))

# fmt: off
MOMENTUM = (
    Row("ac", "Accelerator: the awesome oscillator less its average", HL, (whole("fast", 5), whole("slow", 34), whole("signal", 5)), "ac", PRICE, "max(fast, slow) + signal - 2", "Williams (1998), New Trading Dimensions"),
    Row("adx", "Average directional movement: how strong a trend is, not which way", HLC, (whole("n", 14),), "adx", SHARE, "2 * n - 1", WILDER, START),
    Row("adxr", "Mean of adx now and n - 1 bars ago", HLC, (whole("n", 14),), "adxr", SHARE, "3 * n - 2", WILDER, START),
    Row("ao", "Awesome oscillator: fast less slow average of the middle price", HL, (whole("fast", 5), whole("slow", 34)), "ao", PRICE, "max(fast, slow) - 1", "Williams (1998), New Trading Dimensions"),
    Row("apo", "Fast less slow average", "x", (*FAST_SLOW, average("ma", "ema")), "apo", PRICE, "ma(max(fast, slow), ma)", "Appel (1979)"),
    Row("aroon", "How long ago low and high of n bars were", HL, (whole("n", 14),), "down up", SHARE, "n", "Chande (1995), Stocks & Commodities 13:9"),
    Row("aroonosc", "Aroon up less aroon down", HL, (whole("n", 14),), "aroonosc", "-100 to 100", "n", "Chande (1995), Stocks & Commodities 13:9"),
    Row("bop", "Balance of power: body over range", "open high low close", (), "bop", "-1 to 1", "0", "Livshin (2001), Stocks & Commodities 19:8"),
    Row("cci", "Commodity channel index: distance from the mean in mean deviations", HLC, (whole("n", 14),), "cci", "1 is 0.015 mean deviations", "n - 1", "Lambert (1980), Commodities 10"),
    Row("cmo", "Chande's momentum, smoothed as Wilder does", "x", (whole("n", 14),), "cmo", "-100 to 100", "n", "Chande & Kroll (1994), The New Technical Trader", START),
    Row("cmou", "Chande's momentum over plain sums", "x", (whole("n", 14),), "cmou", "-100 to 100", "n", "Chande & Kroll (1994), The New Technical Trader"),
    Row("coppock", "Coppock curve: weighted average of two rates of change", "x", (whole("n", 10, 1), whole("roc1", 11, 1), whole("roc2", 14, 1)), "coppock", PERCENT, "max(roc1, roc2) + n - 1", "Coppock (1962), Barron's"),
    Row("dpo", "Detrended price: price less the average, which is not shifted ahead", "x", (whole("n", 20),), "dpo", PRICE, "max(n - 1, n // 2 + 1)", "Achelis (2000), Technical Analysis from A to Z"),
    Row("dx", "Directional movement index", HLC, (whole("n", 14),), "dx", SHARE, "n", WILDER, START),
    Row("er", "Efficiency ratio: way made over way gone", "x", (whole("n", 10),), "er", "0 to 1", "n", "Kaufman (1995), Smarter Trading"),
    Row("eri", "Elder ray: high and low against the exponential average", HLC, (whole("n", 13, 1),), "bull bear", PRICE, "n - 1", "Elder (1993), Trading for a Living", START),
    Row("fosc", "Forecast oscillator: distance of price from the regression's forecast for it", "x", (whole("n", 5),), "fosc", PERCENT, "n", "Chande & Kroll (1994), The New Technical Trader"),
    Row("fractal", "Williams fractal, shown in the bar that confirms it", HL, (whole("left", 2, 1), whole("right", 2, 1)), "swing_high swing_low", "100 where one is confirmed, else 0", "left + right", "Williams (1998), New Trading Dimensions"),
    Row("imi", "Intraday momentum: rising bodies over all bodies", OC, (whole("n", 14),), "imi", SHARE, "n - 1", "Chande & Kroll (1994), The New Technical Trader"),
    Row("kdj", "Stochastic with the line J = 3 K - 2 D", HLC, (whole("fast_k", 9, 1), whole("slow_k", 3, 1), average("k_ma", "rma"), whole("slow_d", 3, 1), average("d_ma", "rma")), "k d j", "0 to 100; J beyond", "fast_k - 1 + ma(slow_k, k_ma) + ma(slow_d, d_ma)", "Lane (1984), with the line J of Asian markets", START),
    Row("macd", "Convergence and divergence of two exponential averages", "x", (*FAST_SLOW, whole("signal", 9, 1)), MACD, PRICE, "max(fast, slow) + signal - 2", "Appel (1979)", START),
    Row("macdext", "macd with averages of any kind", "x", (whole("fast", 12), average("fast_ma", "sma"), whole("slow", 26), average("slow_ma", "sma"), whole("signal", 9, 1), average("signal_ma", "sma")), MACD, PRICE, "max(ma(fast, fast_ma), ma(slow, slow_ma)) + ma(signal, signal_ma)", "Appel (1979)"),
    Row("macdfix", "macd of 12 and 26 with weights 0.15 and 0.075", "x", (whole("signal", 9, 1),), MACD, PRICE, "24 + signal", "Appel (1979)", START),
    Row("mfi", "Money flow: an rsi weighted by volume, over plain sums", "high low close volume", (whole("n", 14),), "mfi", SHARE, "n", "Quong & Soudack (1989), Stocks & Commodities 7:3"),
    Row("minus_di", "Downward directional indicator", HLC, (whole("n", 14),), "minus_di", SHARE, "n", WILDER, START),
    Row("minus_dm", "Downward directional movement, Wilder's sum", HL, (whole("n", 14, 1),), "minus_dm", PRICE, "max(n - 1, 1)", WILDER, START),
    Row("mom", "Change over n bars", "x", (whole("n", 10, 1),), "mom", PRICE, "n", "x[i] - x[i-n]"),
    Row("plus_di", "Upward directional indicator", HLC, (whole("n", 14),), "plus_di", SHARE, "n", WILDER, START),
    Row("plus_dm", "Upward directional movement, Wilder's sum", HL, (whole("n", 14, 1),), "plus_dm", PRICE, "max(n - 1, 1)", WILDER, START),
    Row("ppo", "Fast over slow average", "x", (*FAST_SLOW, average("ma", "ema")), "ppo", PERCENT, "ma(max(fast, slow), ma)", "Appel (1979)"),
    Row("qstick", "Average body", OC, (whole("n", 10, 1),), "qstick", PRICE, "n - 1", "Chande & Kroll (1994), The New Technical Trader"),
    Row("roc", "Rate of change", "x", (whole("n", 10, 1),), "roc", PERCENT, "n", "100 * (x[i] / x[i-n] - 1)"),
    Row("rocp", "Rate of change as a fraction", "x", (whole("n", 10, 1),), "rocp", "fraction", "n", "x[i] / x[i-n] - 1"),
    Row("rocr", "Ratio to n bars ago", "x", (whole("n", 10, 1),), "rocr", "ratio", "n", "x[i] / x[i-n]"),
    Row("rocr100", "Ratio to n bars ago, times 100", "x", (whole("n", 10, 1),), "rocr100", PERCENT, "n", "100 * x[i] / x[i-n]"),
    Row("rsi", "Relative strength index", "x", (whole("n", 14),), "rsi", SHARE, "n", WILDER, START),
    Row("smi", "Stochastic momentum: distance from the middle of the range, smoothed twice", HLC, (whole("n", 13), whole("fast", 2), whole("slow", 25), whole("signal", 9)), "smi signal", "-100 to 100", "n + fast + slow + signal - 4", "Blau (1993), Stocks & Commodities 11:1", START),
    Row("stoch", "Stochastic, slow", HLC, (whole("fast_k", 5, 1), whole("slow_k", 3, 1), average("k_ma", "sma"), whole("slow_d", 3, 1), average("d_ma", "sma")), "k d", SHARE, "fast_k - 1 + ma(slow_k, k_ma) + ma(slow_d, d_ma)", "Lane (1984), Stocks & Commodities 2:3"),
    Row("stochf", "Stochastic, fast", HLC, (whole("fast_k", 5, 1), whole("fast_d", 3, 1), average("d_ma", "sma")), "k d", SHARE, "fast_k - 1 + ma(fast_d, d_ma)", "Lane (1984), Stocks & Commodities 2:3"),
    Row("stochrsi", "Fast stochastic of rsi", "x", (whole("n", 14), whole("fast_k", 5, 1), whole("fast_d", 3, 1), average("d_ma", "sma")), "k d", SHARE, "n + fast_k - 1 + ma(fast_d, d_ma)", "Chande & Kroll (1994), The New Technical Trader", START),
    Row("trix", "Rate of change of a threefold exponential average", "x", (whole("n", 30, 1),), "trix", PERCENT, "3 * (n - 1) + 1", "Hutson (1983), Stocks & Commodities 1:5", START),
    Row("tsi", "True strength: change over its size, both smoothed twice", "x", (whole("first", 25), whole("second", 13)), "tsi", "-100 to 100", "first + second - 1", "Blau (1991), Stocks & Commodities 9:11", START),
    Row("ultosc", "Ultimate oscillator: buying pressure over three windows, weighted 4:2:1", HLC, (whole("n1", 7, 1), whole("n2", 14, 1), whole("n3", 28, 1)), "ultosc", SHARE, "max(n1, n2, n3)", "Williams (1985), Stocks & Commodities 3:4"),
    Row("vhf", "Vertical horizontal filter: range over way gone", "x", (whole("n", 28),), "vhf", "ratio", "n", "White (1991), Futures"),
    Row("vortex", "Vortex: upward and downward reach over true range", HLC, (whole("n", 14, 1),), "plus minus", "ratio", "n", "Botes & Siepman (2010), Stocks & Commodities 28:1"),
    Row("wad", "Williams' accumulation and distribution", HLC, (), "wad", PRICE, "0", "Williams (1979), How I Made One Million Dollars", START),
    Row("willr", "Williams %R: distance below the highest high", HLC, (whole("n", 14),), "willr", "-100 to 0", "n - 1", "Williams (1979), How I Made One Million Dollars"),
)
# fmt: on
