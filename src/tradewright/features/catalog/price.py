"""Prices made of prices, regression, spread and rank."""

from __future__ import annotations

from tradewright.features.parameters import number, whole
from tradewright.features.row import Row

__all__ = ["PRICE"]

OHLC, UNIT = "open high low close", "price"
SAME = "that of x"
LINE = "least squares over the last n values"
START = "depends on where the data begins"
N = (whole("n", 14),)

# fmt: off
PRICE = (
    Row("avgdev", "Mean distance from the mean", "x", N, "avgdev", SAME, "n - 1", "mean of |x - mean|"),
    Row("avgprice", "Mean of open, high, low and close", OHLC, (), "avgprice", UNIT, "0", "(open + high + low + close) / 4"),
    Row("ha", "Heikin-Ashi bars", OHLC, (), "open high low close", UNIT, "0", "Valcu (2004), Stocks & Commodities 22:2", START),
    Row("medprice", "Middle of high and low", "high low", (), "medprice", UNIT, "0", "(high + low) / 2"),
    Row("typprice", "Typical price", "high low close", (), "typprice", UNIT, "0", "(high + low + close) / 3"),
    Row("wclprice", "Price with the close counted twice", "high low close", (), "wclprice", UNIT, "0", "(high + low + 2 close) / 4"),
    Row("beta", "Slope of the returns of y on those of x", "x y", (whole("n", 5, 1),), "beta", "ratio", "n", "Sharpe (1964), Journal of Finance 19"),
    Row("correl", "Pearson's correlation of two columns", "x y", (whole("n", 30, 1),), "correl", "-1 to 1", "n - 1", "Pearson (1895)"),
    Row("linearreg", "End of the regression line", "x", N, "linearreg", SAME, "n - 1", LINE),
    Row("linearreg_angle", "Angle of the regression line", "x", N, "linearreg_angle", "degrees", "n - 1", LINE),
    Row("linearreg_intercept", "Begin of the regression line", "x", N, "linearreg_intercept", SAME, "n - 1", LINE),
    Row("linearreg_slope", "Slope of the regression line", "x", N, "linearreg_slope", "x per bar", "n - 1", LINE),
    Row("percentile", "Value below which a share of the window lies, nearest rank", "x", (whole("n", 30), number("percentile", 50.0, 0.0, 100.0)), "percentile", SAME, "n - 1", "nearest rank"),
    Row("percentrank", "Share of the n values before that lie below this one", "x", (whole("n", 100),), "percentrank", "0 to 100", "n", "rank over n"),
    Row("stddev", "Population standard deviation, times a factor", "x", (whole("n", 5), number("deviations", 1.0)), "stddev", SAME, "n - 1", "square root of the mean squared distance"),
    Row("tsf", "The regression line one bar ahead", "x", N, "tsf", SAME, "n - 1", LINE),
    Row("var", "Population variance", "x", (whole("n", 5, 1), number("deviations", 1.0)), "var", "square of x", "n - 1", "mean squared distance", "`deviations` is taken and, as in TA-Lib, not used"),
)
# fmt: on
