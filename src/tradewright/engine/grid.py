"""The time grid of a run: every open time of any of its instruments, and each instrument's bars on it, in ticks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.errors import DataError, InvalidValue
from tradewright.engine.feed import Feed
from tradewright.engine.marks import mark_columns
from tradewright.features.ticks import lay_lots, lay_ticks, lots_of
from tradewright.market.bars import FloatColumn, IntColumn

__all__ = ["Grid", "lay_grid", "make_grid"]


class Grid(NamedTuple):
    """Prices in ticks and volumes in lots on one time grid; shapes as in `kernels.records.Market`."""

    ts_open: IntColumn
    ts_close: IntColumn
    open: NDArray[np.int64]
    high: NDArray[np.int64]
    low: NDArray[np.int64]
    close: NDArray[np.int64]
    volume: NDArray[np.int64]
    has_bar: NDArray[np.bool_]
    mark_open: NDArray[np.int64]
    mark_high: NDArray[np.int64]
    mark_low: NDArray[np.int64]
    mark_close: NDArray[np.int64]

    def steps_of(self, k: int, rows: IntColumn) -> IntColumn:
        """Steps of some bars of instrument `k`, given by their rows."""
        return rows if self.has_bar[k].all() else np.flatnonzero(self.has_bar[k])[rows]


def make_grid(feeds: Sequence[Feed]) -> Grid:
    """Lay the bars of all instruments on one grid.

    Where an instrument has no bar, its row repeats its last close (0 before its first bar); nothing trades there.
    A bar without a mark of its own takes the prices of its trades; where no instrument has marks, the mark columns are
    the arrays of trades themselves.

    Raises:
        DataError: there are no bars, or instruments have bars of different lengths.
        InvalidValue: a price rounds to no tick above zero.
    """
    if not feeds or any(feed.bars.ts_open.size == 0 for feed in feeds):
        raise DataError("there are no bars in the range asked for")
    return lay_grid(feeds)


def lay_grid(feeds: Sequence[Feed], ts_open: IntColumn | None = None) -> Grid:
    """The grid of feeds of which some may have no bars at all.

    Args:
        feeds: one for each row.
        ts_open: its open times, UTC ns, among which are those of every bar; None for those alone.
    """
    ts_open = _open_times(feeds) if ts_open is None else ts_open
    shape = (len(feeds), ts_open.size)
    # One block of memory for the four: large ones come in large pages, several times sooner.
    prices = np.empty((4, *shape), np.int64)
    has_bar = np.zeros(shape, np.bool_)
    volume = np.empty(shape, np.int64)
    for k, feed in enumerate(feeds):
        _lay(feed, ts_open, prices[:, k], volume[k], has_bar[k])
    trades = (prices[0], prices[1], prices[2], prices[3])
    marks = mark_columns(feeds, ts_open, has_bar, trades)
    # Kernels are compiled for columns that could be written to.
    own, ends = (np.require(ts, requirements="W") for ts in (ts_open, _close_times(feeds, ts_open)))
    return Grid(own, ends, *trades, volume, has_bar, *marks)


def _open_times(feeds: Sequence[Feed]) -> IntColumn:
    first = feeds[0].bars.ts_open
    if all(np.array_equal(first, feed.bars.ts_open) for feed in feeds[1:]):
        return first
    return np.unique(np.concatenate([feed.bars.ts_open for feed in feeds]))


def _close_times(feeds: Sequence[Feed], ts_open: IntColumn) -> IntColumn:
    if len(feeds) == 1:
        return feeds[0].bars.ts_close
    spans = [feed.bars.ts_close - feed.bars.ts_open for feed in feeds if feed.bars.ts_open.size]
    lengths = {int(length) for span in spans for length in (span.min(), span.max())}
    if len(lengths) != 1:
        raise DataError(f"the instruments have bars of different lengths (ns): {sorted(lengths)}")
    return ts_open + lengths.pop()


def _lay(
    feed: Feed, ts_open: IntColumn, prices: NDArray[np.int64], volume: IntColumn, has_bar: NDArray[np.bool_]
) -> None:
    bars = feed.bars
    columns = (bars.open, bars.high, bars.low, bars.close)
    if bars.ts_open.size == ts_open.size:
        has_bar[:] = True
        lay_lots(bars.volume, feed.instrument, volume)
        for row, column in zip(prices, columns, strict=True):
            _ticks(feed, column, row)
        return
    volume[:] = 0
    if not bars.ts_open.size:
        return
    steps = np.searchsorted(ts_open, bars.ts_open)
    has_bar[steps] = True
    volume[steps] = lots_of(bars.volume, feed.instrument)
    ticks = [_ticks(feed, column, np.empty(column.size, np.int64)) for column in columns]
    # Position of the last bar at or before each step; -1 before the first.
    last = np.cumsum(has_bar) - 1
    prices[:] = np.where(last >= 0, ticks[-1][np.maximum(last, 0)], 0)
    for row, own in zip(prices, ticks, strict=True):
        row[steps] = own


def _ticks(feed: Feed, prices: FloatColumn, ticks: IntColumn) -> IntColumn:
    if not lay_ticks(prices, feed.instrument, ticks):
        worst = float(prices.min())
        raise InvalidValue(
            f"price of {feed.instrument.symbol}", worst, f"at least a tick ({feed.instrument.tick_size})"
        )
    return ticks
