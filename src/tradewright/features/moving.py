"""Averages, extremes and spread over a moving window."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from tradewright.domain.errors import InvalidValue
from tradewright.kernels import moving
from tradewright.market.bars import FloatColumn

__all__ = ["HasClose", "column", "ema", "highest", "lowest", "period", "sma", "stdev", "wilder"]


class HasClose(Protocol):
    """Bars of any kind."""

    @property
    def close(self) -> FloatColumn:
        """Last prices."""
        ...


def column(values: ArrayLike | HasClose) -> FloatColumn:
    """The values as the kernels want them: one contiguous float64 row. Of bars the closes are taken.

    Raises:
        InvalidValue: it is a table, or no numbers.
    """
    try:
        array = np.require(getattr(values, "close", values), np.float64, ["C", "W"])
    except (TypeError, ValueError) as wrong:
        raise InvalidValue("x", type(values).__name__, "one column of numbers, or bars") from wrong
    if array.ndim != 1:
        raise InvalidValue("x", array.shape, "one column of numbers")
    return array


def period(n: int) -> int:
    """The window length, if it is one.

    Raises:
        InvalidValue: it is not a whole number of at least 1.
    """
    if isinstance(n, bool) or int(n) != n or n < 1:
        raise InvalidValue("n", n, "a whole number of bars of at least 1")
    return int(n)


def sma(x: ArrayLike | HasClose, n: int) -> FloatColumn:
    """Simple moving average: (x[i-n+1] + ... + x[i]) / n, as TA-Lib SMA and pandas `rolling(n).mean()`.

    The sum never subtracts, so it does not drift; a window of equal values gives that value exactly, and two averages
    of a flat market never cross.

    Example:
        >>> sma([1.0, 2.0, 3.0, 4.0], 2).tolist()
        [nan, 1.5, 2.5, 3.5]
    """
    return moving.rolling_mean(column(x), period(n))


def ema(x: ArrayLike | HasClose, n: int) -> FloatColumn:
    """Exponential moving average: y += (x - y) * 2 / (n + 1), begun with the SMA of the first n, as TA-Lib EMA.

    Example:
        >>> ema([1.0, 2.0, 3.0, 4.0], 3).tolist()
        [nan, nan, 2.0, 3.0]
    """
    return moving.exponential_mean(column(x), period(n), 2.0 / (n + 1.0))


def wilder(x: ArrayLike | HasClose, n: int) -> FloatColumn:
    """Wilder's average (RMA): y += (x - y) / n, begun with the mean of the first n values (Wilder, 1978).

    Leading NaN are skipped, so that it may be taken of a feature with a warm-up.

    Example:
        >>> wilder([2.0, 4.0, 5.0], 2).tolist()
        [nan, 3.0, 4.0]
    """
    return moving.exponential_mean(column(x), period(n), 1.0 / n)


def stdev(x: ArrayLike | HasClose, n: int) -> FloatColumn:
    """Population standard deviation of the last n values, as TA-Lib STDDEV and pandas `rolling(n).std(ddof=0)`.

    Example:
        >>> stdev([1.0, 3.0, 3.0], 2).tolist()
        [nan, 1.0, 0.0]
    """
    return moving.rolling_stdev(column(x), period(n))


def highest(x: ArrayLike | HasClose, n: int) -> FloatColumn:
    """Greatest of the last n values, this bar's included, as TA-Lib MAX and pandas `rolling(n).max()`.

    Example:
        >>> highest([3.0, 1.0, 2.0], 2).tolist()
        [nan, 3.0, 2.0]
    """
    return moving.rolling_max(column(x), period(n))


def lowest(x: ArrayLike | HasClose, n: int) -> FloatColumn:
    """Least of the last n values, this bar's included, as TA-Lib MIN and pandas `rolling(n).min()`.

    Example:
        >>> lowest([3.0, 1.0, 2.0], 2).tolist()
        [nan, 1.0, 1.0]
    """
    return -moving.rolling_max(-column(x), period(n))
