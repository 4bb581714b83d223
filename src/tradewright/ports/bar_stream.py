"""Where bars come from while they happen."""

from __future__ import annotations

from typing import Protocol

from tradewright.market.bars import Bars

__all__ = ["BarStream"]


class BarStream(Protocol):
    """Closed bars of one instrument and one timeframe, each given once it has closed."""

    def take(self, timeout_s: float) -> Bars | None:
        """The next bars that have closed.

        Args:
            timeout_s: how long to wait for one.

        Returns:
            One bar or more, oldest first; empty where none closed in that time; None when the stream has ended.
        """
        ...
