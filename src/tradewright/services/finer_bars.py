"""Finer bars out of the store, a block of them at a time."""

from __future__ import annotations

from collections.abc import Callable

from tradewright.domain.timeframe import Timeframe
from tradewright.engine.drilling import HeldBars
from tradewright.market.bars import Bars, empty_bars

__all__ = ["StoredFinerBars"]

_BLOCK = 1 << 15


class StoredFinerBars:
    """Finer bars of one instrument; only the block of them that is being asked for is held in memory.

    A run asks in the order of time, so that each block is read once.

    Args:
        timeframe: of the finer bars.
        load: reads the stored bars that open at or after one instant and close at or before another (UTC ns).
    """

    def __init__(self, timeframe: Timeframe, load: Callable[[int, int], Bars]) -> None:
        self._timeframe, self._load = timeframe, load
        self._held = HeldBars(empty_bars(), self.timeframe)
        self._start = self._end = 0

    @property
    def timeframe(self) -> str:
        """Length of the finer bars, such as 1m."""
        return str(self._timeframe)

    def between(self, start: int, end: int) -> Bars:
        """The finer bars that open at or after `start` and close at or before `end` (UTC ns); none may be there.

        Raises:
            DataError: what is stored is damaged.
            StoreError: a file cannot be read.
        """
        if not self._start <= start <= end <= self._end:
            self._start, self._end = start, max(end, start + _BLOCK * self._timeframe.ns)
            self._held = HeldBars(self._load(self._start, self._end), self.timeframe)
        return self._held.between(start, end)
