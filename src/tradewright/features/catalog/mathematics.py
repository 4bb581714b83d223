"""Cycles by the Hilbert transform, arithmetic on columns, and the extremes of windows."""

from __future__ import annotations

from tradewright.features.parameters import whole
from tradewright.features.row import Row

__all__ = ["MATHEMATICS"]

EHLERS, START = "Ehlers (2001), Rocket Science for Traders", "depends on where the data begins"
N = (whole("n", 30),)
PAIRS = {"add": "x + y", "sub": "x - y", "mult": "x * y", "div": "x / y"}
TRANSFORMS = {
    "acos": ("Arc cosine", "radians"),
    "asin": ("Arc sine", "radians"),
    "atan": ("Arc tangent", "radians"),
    "ceil": ("Next whole number above", "that of x"),
    "cos": ("Cosine", "-1 to 1"),
    "cosh": ("Hyperbolic cosine", "number"),
    "exp": ("Exponential", "number"),
    "floor": ("Next whole number below", "that of x"),
    "ln": ("Natural logarithm", "number"),
    "log10": ("Logarithm to base 10", "number"),
    "sin": ("Sine", "-1 to 1"),
    "sinh": ("Hyperbolic sine", "number"),
    "sqrt": ("Square root", "number"),
    "tan": ("Tangent", "number"),
    "tanh": ("Hyperbolic tangent", "-1 to 1"),
}

# fmt: off
MATHEMATICS = (
    Row("ht_dcperiod", "Period of the dominant cycle", "x", (), "ht_dcperiod", "bars", "32", EHLERS, START),
    Row("ht_dcphase", "Phase of the dominant cycle", "x", (), "ht_dcphase", "degrees", "63", EHLERS, START),
    Row("ht_phasor", "Phasor of the dominant cycle", "x", (), "in_phase quadrature", "price", "32", EHLERS, START),
    Row("ht_sine", "Sine of the dominant cycle, and 45 degrees ahead", "x", (), "sine lead", "-1 to 1", "63", EHLERS, START),
    Row("ht_trendmode", "Trend or cycle", "x", (), "ht_trendmode", "1 trend, 0 cycle", "63", EHLERS, START),
    Row("cumsum", "Sum since the first row", "x", (), "cumsum", "that of x", "0", "running sum", START),
    Row("max", "Greatest of n values", "x", N, "max", "that of x", "n - 1", "this bar's included"),
    Row("maxindex", "Row of the greatest of n values", "x", N, "maxindex", "row", "n - 1", "this bar's included"),
    Row("min", "Least of n values", "x", N, "min", "that of x", "n - 1", "this bar's included"),
    Row("minindex", "Row of the least of n values", "x", N, "minindex", "row", "n - 1", "this bar's included"),
    Row("minmax", "Least and greatest of n values", "x", N, "min max", "that of x", "n - 1", "this bar's included"),
    Row("minmaxindex", "Rows of the least and greatest of n values", "x", N, "min max", "row", "n - 1", "this bar's included"),
    Row("sum", "Sum of n values", "x", N, "sum", "that of x", "n - 1", "this bar's included"),
    *(Row(name, formula, "x y", (), name, "that of x and y", "0", formula) for name, formula in PAIRS.items()),
    *(Row(name, title, "x", (), name, unit, "0", "each row by itself") for name, (title, unit) in TRANSFORMS.items()),
)
# fmt: on
