"""The usual range of a bar, by which patterns, levels and zones measure."""

from __future__ import annotations

from typing import Protocol

from tradewright.features.catalog import CATALOG
from tradewright.features.indicator import Indicator
from tradewright.market.bars import FloatColumn

__all__ = ["HasRange", "atr"]

_ATR = Indicator(CATALOG["atr"])


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


def atr(bars: HasRange, n: int = 14) -> FloatColumn:
    """`ta.atr`: Wilder's average true range, quote per base; first at row n."""
    found: FloatColumn = _ATR(bars, n)
    return found
