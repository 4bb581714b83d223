"""When one column crosses another, and yesterday's values."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewright.features.columns import column, period
from tradewright.features.recall import recalled, windowed
from tradewright.kernels.columns.comparing import mark_crosses
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
    left, right = _pair(a, b)
    return _crossed("above", left, right)


def crossed_below(a: ArrayLike, b: ArrayLike) -> NDArray[np.bool_]:
    """Where a[i] < b[i] and a[i-1] >= b[i-1]; False where any of the four is NaN. `b` may be one number."""
    left, right = _pair(a, b)
    return _crossed("below", right, left)


def _pair(a: ArrayLike, b: ArrayLike) -> tuple[FloatColumn, FloatColumn]:
    left, right = column(a), np.asarray(b, dtype=np.float64)
    return left, column(right if right.shape == left.shape else np.broadcast_to(right, left.shape))


def _crossed(which: str, over: FloatColumn, under: FloatColumn) -> NDArray[np.bool_]:
    if (recall := recalled()) is None:
        return _crosses(over, under)
    begin = windowed(lambda pair: _crosses(*pair)[None], 1)
    crossed: NDArray[np.bool_] = recall.follow(("crossed", which), [over, under], begin)[0]
    return crossed


def _crosses(over: FloatColumn, under: FloatColumn) -> NDArray[np.bool_]:
    crossed = np.empty(over.size, dtype=np.bool_)
    mark_crosses(over, under, crossed)
    return crossed
