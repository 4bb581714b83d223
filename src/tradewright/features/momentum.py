"""How fast price moves."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tradewright.features.moving import HasClose, column, wilder
from tradewright.market.bars import FloatColumn

__all__ = ["rsi"]


def rsi(x: ArrayLike | HasClose, n: int = 14) -> FloatColumn:
    """Relative strength index: 100 * up / (up + down), Wilder averages of rises and falls (Wilder, 1978).

    As TA-Lib RSI: the first value stands at row n, and a market that does not move at all has 0.

    Example:
        >>> rsi([1.0, 2.0, 1.0, 2.0], 2).tolist()
        [nan, nan, 50.0, 75.0]
    """
    values = column(x)
    change = np.concatenate((np.full(min(1, values.size), np.nan), np.diff(values)))
    up, down = wilder(np.maximum(change, 0.0), n), wilder(np.maximum(-change, 0.0), n)
    total = up + down
    return 100.0 * np.divide(up, total, out=np.where(np.isnan(total), np.nan, 0.0), where=total > 0.0)
