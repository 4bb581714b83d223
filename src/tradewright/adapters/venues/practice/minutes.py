"""Public trades of one symbol, kept as candles of a minute, and read as candles of any interval."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["INTERVALS", "Candle", "Minutes"]

_MINUTE = 60_000
_DAY = 86_400_000
_MONDAY = 4 * _DAY
_ROOM = 4_096
INTERVALS = {
    "1m": _MINUTE, "3m": 3 * _MINUTE, "5m": 5 * _MINUTE, "15m": 15 * _MINUTE, "30m": 30 * _MINUTE,
    "1h": 60 * _MINUTE, "2h": 120 * _MINUTE, "4h": 240 * _MINUTE, "6h": 360 * _MINUTE, "8h": 480 * _MINUTE,
    "12h": 720 * _MINUTE, "1d": _DAY, "3d": 3 * _DAY, "1w": 7 * _DAY,
}  # fmt: skip
"""Length of an interval, ms, by its name on the wire."""
_LENGTHS = INTERVALS | {"7d": 7 * _DAY, "15d": 15 * _DAY}
"""And of those that another venue counts from the epoch."""

# Rows of the table.
_OPEN, _HIGH, _LOW, _CLOSE, _LOTS, _VALUE, _COUNT, _BOUGHT, _BOUGHT_VALUE = range(9)


class Candle(NamedTuple):
    """A candle in ticks and lots; values are ticks times lots."""

    begin: int  # UTC ms
    end: int  # its last ms
    open: int
    high: int
    low: int
    close: int
    lots: int
    value: int
    trades: int
    bought: int
    bought_value: int


def floor_to(interval: str, ts: int) -> int:
    """Open time of the candle that holds a time, UTC ms."""
    anchor = _MONDAY if interval == "1w" else 0
    return ts - (ts - anchor) % _LENGTHS[interval]


class Minutes:
    """Candles of one minute without gaps: one in which nothing is traded stands at the last price.

    Args:
        begin: open of the first, UTC ms.
        history: (5, n) open, high, low, close, lots of the first n; each counts as four trades.
    """

    def __init__(self, begin: int, history: NDArray[np.int64] | None = None) -> None:
        self.begin = begin
        self.size = 0
        self.version = 0
        """It grows with every trade and every minute."""
        self._table = np.zeros((9, _ROOM), np.int64)
        if history is not None:
            self._fill(history)

    @property
    def table(self) -> NDArray[np.int64]:
        """(9, n) of what was counted."""
        return self._table[:, : self.size]

    def restore(self, begin: int, table: NDArray[np.int64]) -> None:
        """Become what was counted before."""
        self.begin, self.size = begin, table.shape[1]
        self._table = np.concatenate((table, np.zeros((9, _ROOM), np.int64)), axis=1)

    def _fill(self, history: NDArray[np.int64]) -> None:
        self.size = history.shape[1]
        self._table = np.zeros((9, self.size + _ROOM), np.int64)
        table = self._table[:, : self.size]
        table[:5] = history
        opens, highs, lows, closes, lots = history
        quarter = lots // 4
        table[_VALUE] = (opens + highs + lows) * quarter + closes * (lots - 3 * quarter)
        table[_COUNT] = np.where(lots > 0, 4, 0)
        table[_BOUGHT] = np.where(closes >= opens, lots - 2 * quarter, 2 * quarter)
        table[_BOUGHT_VALUE] = table[_BOUGHT] * closes

    def add(self, ts: int, ticks: int, lots: int, buys: bool) -> None:
        """Count a trade at a time, UTC ms, that is not before the last one."""
        self.version += 1
        row = self._reach(ts, ticks)
        column = self._table[:, row]
        if column[_COUNT] == 0:
            column[:4] = ticks
        column[_HIGH] = max(column[_HIGH], ticks)
        column[_LOW] = min(column[_LOW], ticks)
        column[_CLOSE] = ticks
        column[_LOTS] += lots
        column[_VALUE] += ticks * lots
        column[_COUNT] += 1
        if buys:
            column[_BOUGHT] += lots
            column[_BOUGHT_VALUE] += ticks * lots

    def _reach(self, ts: int, ticks: int) -> int:
        row = (ts - self.begin) // _MINUTE
        while row >= self._table.shape[1]:
            self._table = np.concatenate((self._table, np.zeros_like(self._table)), axis=1)
        if row >= self.size:
            last = self._table[_CLOSE, self.size - 1] if self.size else ticks
            self._table[:4, self.size : row + 1] = last
            self.size = int(row) + 1
            self.version += 1
        return int(row)

    def reach(self, ts: int) -> None:
        """Let the minute that holds a time exist, even if nothing is traded in it."""
        if self.size:
            self._reach(ts, 0)

    def candles(self, interval: str, begin: int | None, end: int | None, limit: int) -> list[Candle]:
        """Candles that open in [begin, end], UTC ms: the first of them from `begin` on, without it the last."""
        length = _LENGTHS[interval]
        last = self.begin + (self.size - 1) * _MINUTE
        until = last if end is None else min(end, last)
        if begin is None:
            start = floor_to(interval, until) - (limit - 1) * length
        else:
            # A page begins with the first candle that there is, however long before it was asked for.
            start = max(floor_to(interval, begin + length - 1), floor_to(interval, self.begin))
            until = min(until, start + limit * length - 1)
        start = max(start, floor_to(interval, self.begin))
        if start > until or self.size == 0:
            return []
        return self._group(interval, start, floor_to(interval, until) + length)

    def _group(self, interval: str, start: int, stop: int) -> list[Candle]:
        first = max((start - self.begin) // _MINUTE, 0)
        after = min(-((self.begin - stop) // _MINUTE), self.size)
        table = self._table[:, first:after]
        opens = self.begin + (first + np.arange(table.shape[1])) * _MINUTE
        anchor = _MONDAY if interval == "1w" else 0
        keys = opens - (opens - anchor) % _LENGTHS[interval]
        cuts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
        sums = np.add.reduceat(table[_LOTS:], cuts, axis=1)
        ends = np.r_[cuts[1:], table.shape[1]] - 1
        highs, lows = np.maximum.reduceat(table[_HIGH], cuts), np.minimum.reduceat(table[_LOW], cuts)
        begins = keys[cuts]
        columns = (
            begins,
            begins + _LENGTHS[interval] - 1,
            table[_OPEN, cuts],
            highs,
            lows,
            table[_CLOSE, ends],
            *sums,
        )
        return [Candle(*row) for row in np.array(columns).T.tolist()]

    def day(self, now: int) -> Candle:
        """The last twenty-four hours as one candle."""
        first = max(self.size - 1_440, 0)
        table = self._table[:, first : self.size]
        sums = table[_LOTS:].sum(axis=1).tolist()
        prices = (table[_OPEN, 0], table[_HIGH].max(), table[_LOW].min(), table[_CLOSE, -1])
        return Candle(self.begin + first * _MINUTE, now, *(int(price) for price in prices), *sums)
