"""What every feature takes: columns of numbers, and lengths of windows."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from tradewright.domain.errors import InvalidValue
from tradewright.market.bars import FloatColumn

__all__ = ["HasClose", "column", "period"]


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
