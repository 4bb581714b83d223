"""When one column crosses another, and yesterday's values."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewright.features.columns import column, period
from tradewright.features.recall import recalled, windowed
from tradewright.market.bars import FloatColumn

__all__ = ["crossed_above", "crossed_below", "previous"]


def previous(x: ArrayLike, n: int = 1) -> FloatColumn:
    """Values as they stood n bars ago; NaN for the first n rows. It never looks ahead.

    Example:
        >>> previous([1.0, 2.0, 3.0]).tolist()
        [nan, 1.0, 2.0]
    """
    values = column(x)
    n = period(n)
    if (recall := recalled()) is None:
        return _shifted(values, n)
    before: FloatColumn = recall.follow(("previous", n), [values], windowed(lambda one: _shifted(one[0], n)[None], n))[
        0
    ]
    return before


def _shifted(values: FloatColumn, n: int) -> FloatColumn:
    return np.concatenate((np.full(min(n, values.size), np.nan), values[: max(values.size - n, 0)]))


def crossed_above(a: ArrayLike, b: ArrayLike) -> NDArray[np.bool_]:
    """Where a[i] > b[i] and a[i-1] <= b[i-1]; False where any of the four is NaN. `b` may be one number.

    Example:
        >>> crossed_above([1.0, 3.0, 4.0], [2.0, 2.0, 2.0]).tolist()
        [False, True, False]
    """
    return _crossed(np.greater, np.less_equal, a, b)


def crossed_below(a: ArrayLike, b: ArrayLike) -> NDArray[np.bool_]:
    """Where a[i] < b[i] and a[i-1] >= b[i-1]; False where any of the four is NaN. `b` may be one number."""
    return _crossed(np.less, np.greater_equal, a, b)


def _crossed(now: np.ufunc, before: np.ufunc, a: ArrayLike, b: ArrayLike) -> NDArray[np.bool_]:
    left = column(a)
    right = np.broadcast_to(np.asarray(b, dtype=np.float64), left.shape)
    if (recall := recalled()) is None:
        return _crosses(now, before, left, right)
    begin = windowed(lambda pair: _crosses(now, before, *pair)[None], 1)
    crossed: NDArray[np.bool_] = recall.follow(("crossed", now.__name__), [left, right], begin)[0]
    return crossed


def _crosses(now: np.ufunc, before: np.ufunc, left: FloatColumn, right: FloatColumn) -> NDArray[np.bool_]:
    crossed = np.zeros(left.size, dtype=np.bool_)
    now(left[1:], right[1:], out=crossed[1:])
    crossed[1:] &= before(left[:-1], right[:-1])
    return crossed
