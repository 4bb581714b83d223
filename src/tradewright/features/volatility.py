"""How far price moves."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from tradewright.features.crossing import previous
from tradewright.features.moving import wilder
from tradewright.market.bars import FloatColumn

__all__ = ["HasRange", "atr", "true_range"]


class HasRange(Protocol):
    """Bars of any kind."""

    @property
    def high(self) -> FloatColumn:
        """Highest prices."""
        ...

    @property
    def low(self) -> FloatColumn:
        """Lowest prices."""
        ...

    @property
    def close(self) -> FloatColumn:
        """Last prices."""
        ...


def true_range(bars: HasRange) -> FloatColumn:
    """Span of a bar and the close before it: max(high, before) - min(low, before), quote per base; NaN at row 0.

    As TA-Lib TRANGE (Wilder, 1978).
    """
    before = previous(bars.close)
    return np.maximum(bars.high, before) - np.minimum(bars.low, before)


def atr(bars: HasRange, n: int = 14) -> FloatColumn:
    """Average true range: Wilder's average of the true range, quote per base; first at row n, as TA-Lib ATR."""
    return wilder(true_range(bars), n)
