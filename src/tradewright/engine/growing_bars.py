"""Bars of an instrument to which one is added at each close."""

from __future__ import annotations

from itertools import count

import numpy as np

from tradewright.engine.room import PAGE, room_for, set_aside
from tradewright.market.bars import Bars, slice_bars
from tradewright.market.steps import Bar

__all__ = ["GrowingBars"]

_LEAST_ROOM = 64
_TOGETHER = PAGE // 8
"""Bars of which each column is a page: when so many have come, those before them leave memory."""
_TURNS, _MOST_TURNS = count(), 32
"""Instruments get new room and let go of their bars one after the other, not all of them at one close."""


class GrowingBars:
    """Columns with room at their ends: adding a bar costs the same however many there are.

    The last few hundred bars are in memory, and those before them where they were looked at since.

    Args:
        bars: to begin with; they are copied.
    """

    def __init__(self, bars: Bars) -> None:
        self._size = int(bars.ts_open.size)
        self._columns = bars
        self._turn = next(_TURNS) % _MOST_TURNS
        self._widen()

    def __len__(self) -> int:
        return self._size

    @property
    def bars(self) -> Bars:
        """All bars so far, as views: what is added later is not seen through them."""
        return slice_bars(self._columns, 0, self._size)

    def add(self, ts_open: int, ts_close: int, bar: Bar) -> None:
        """Add the bar that has closed last."""
        room = self._columns.ts_open.size
        if self._size + (self._turn if room > _TOGETHER else 0) >= room:
            self._widen()
        for column, value in zip(self._columns, (ts_open, ts_close, *bar), strict=True):
            column[self._size] = value
        self._size += 1
        if self._size % _TOGETHER == self._turn:
            self._set_aside()

    def extend(self, bars: Bars) -> None:
        """Add several."""
        for row in range(bars.ts_open.size):
            self.add(int(bars.ts_open[row]), int(bars.ts_close[row]), Bar(*(column.item(row) for column in bars[2:])))

    def _widen(self) -> None:
        # By half: a process may hold the bars of hundreds of instruments for months.
        room = self._size + max(self._size // 2, _LEAST_ROOM)
        if room > _TOGETHER:
            room = -(-room // _TOGETHER) * _TOGETHER  # each column begins with a page of its own
        block = room_for((7, room), np.int64)
        wider = Bars(block[0], block[1], *block[2:].view(np.float64))
        for column, old in zip(wider, self._columns, strict=True):
            column[: self._size] = old[: self._size]
        self._columns = wider
        self._set_aside()

    def _set_aside(self) -> None:
        for column in self._columns:
            set_aside(column[: self._size])
