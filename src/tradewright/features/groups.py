"""One instrument beside others: how it moves with one of them, and how a group of them does."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from math import isfinite, nan

import numpy as np

from tradewright.domain.errors import InvalidValue
from tradewright.features.catalog import CATALOG
from tradewright.features.columns import period
from tradewright.features.indicator import Indicator
from tradewright.features.recall import over_the_whole
from tradewright.market.alignment import as_of_close
from tradewright.market.bars import Bars, FloatColumn

__all__ = ["SectorStream", "closes_beside", "correlation_with", "sector_performance"]

_CORRELATION = Indicator(CATALOG["correl_returns"])


def closes_beside(bars: Bars, other: Bars) -> FloatColumn:
    """The other's last close as it was known at the close of each bar; NaN before its first.

    Where the other has a gap, its last price stands on.
    """
    place = as_of_close(bars.ts_close, other.ts_close)
    return np.append(other.close, np.nan)[place]


def correlation_with(bars: Bars, other: Bars, n: int = 30) -> FloatColumn:
    """Pearson's correlation of the last n returns with those of another instrument, such as bitcoin; -1 to 1.

    Returns of both run from close to close of `bars`.
    """
    return np.asarray(_CORRELATION(bars.close, closes_beside(bars, other), n))


@over_the_whole
def sector_performance(bars: Bars, members: Sequence[Bars], n: int = 1) -> FloatColumn:
    """Mean return over n bars of a group of instruments, as a fraction; each weighs the same.

    Each row counts the members whose price was known both now and n bars ago; NaN where there is none.

    Raises:
        InvalidValue: the group is empty, or n is no whole number of at least 1.
    """
    n = period(n)
    if not members:
        raise InvalidValue("members", 0, "bars of at least one instrument")
    total, count = np.zeros(bars.close.size), np.zeros(bars.close.size)
    for member in members:
        price = closes_beside(bars, member)
        moved = np.full(price.size, np.nan)
        moved[n:] = price[n:] / price[:-n] - 1.0
        known = np.isfinite(moved)
        total[known] += moved[known]
        count[known] += 1.0
    mean: FloatColumn = np.divide(total, count, out=np.full(total.size, np.nan), where=count > 0.0)
    return mean


class SectorStream:
    """`sector_performance`, one bar at a time: to the last bit what the column says.

    Args:
        n: bars over which returns run.
    """

    def __init__(self, n: int = 1) -> None:
        self._before: deque[Sequence[float]] = deque(maxlen=period(n))

    def update(self, *prices: float) -> float:
        """Take the members' last prices at the close of a bar, always in one order, NaN where none is known yet.

        Returns:
            Mean return over n bars of those known at both ends; NaN where there is none.
        """
        total, count = 0.0, 0
        if len(self._before) == self._before.maxlen:
            for now, before in zip(prices, self._before[0], strict=True):
                if isfinite(now) and isfinite(before) and before != 0.0:
                    total, count = total + (now / before - 1.0), count + 1
        self._before.append(prices)
        return total / count if count else nan
