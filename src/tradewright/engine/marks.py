"""Mark prices on a run's time grid."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.errors import DataError, InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import MarkName
from tradewright.domain.times import iso
from tradewright.engine.feed import Feed
from tradewright.market.bars import FloatColumn, IntColumn

__all__ = ["check_marks", "cut_ticks", "mark_columns", "mark_ticks", "missing_marks", "ticks_per_unit"]

_A_HAIR = 1e-6

Columns = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def missing_marks(feed: Feed) -> IntColumn:
    """Open times of the bars of an instrument that have no mark of their own."""
    ts = feed.bars.ts_open
    return ts if feed.mark is None else ts[~np.isin(ts, feed.mark.ts_open)]


def check_marks(feeds: Sequence[Feed], wanted: MarkName) -> None:
    """Hold the feeds to what a run asks of marks.

    Raises:
        DataError: marks must be recorded, and a perpetual's are not, or not all.
    """
    if wanted != "recorded":
        return
    for feed in feeds:
        if feed.instrument.is_perpetual and (missing := missing_marks(feed)).size:
            raise DataError(
                f"{missing.size:,} of {feed.bars.ts_open.size:,} bars of {feed.instrument.symbol} have no recorded "
                f"mark price, the first at {iso(int(missing[0]))}; import them (data import --kind mark) or give "
                "--mark-price auto"
            )


def mark_columns(feeds: Sequence[Feed], ts_open: IntColumn, has_bar: NDArray[np.bool_], trades: Columns) -> Columns:
    """Open, high, low and close of the marks in ticks, (K, S) each; a bar without marks takes those of its trades.

    Where no feed has marks these are the arrays of trades themselves.

    Raises:
        InvalidValue: a mark is below a tick.
    """
    if all(feed.mark is None for feed in feeds):
        return trades
    first, high, low, last = (column.copy() for column in trades)
    columns = (first, high, low, last)
    for k, feed in enumerate(feeds):
        if feed.mark is None:
            continue
        steps = np.searchsorted(ts_open, feed.mark.ts_open)
        near = np.minimum(steps, ts_open.size - 1)
        known = (ts_open[near] == feed.mark.ts_open) & has_bar[k, near]
        prices = (feed.mark.open, feed.mark.high, feed.mark.low, feed.mark.close)
        for column, values in zip(columns, prices, strict=True):
            column[k, steps[known]] = mark_ticks(feed.instrument, values[known])
        _hold(columns, has_bar[k], k)
    return columns


def _hold(columns: Columns, has_bar: NDArray[np.bool_], k: int) -> None:
    # Without a bar the last mark stands.
    last = np.maximum.accumulate(np.where(has_bar, np.arange(has_bar.size), -1))
    idle = ~has_bar & (last >= 0)
    held = columns[-1][k, last[idle]]
    for column in columns:
        column[k, idle] = held


def cut_ticks(prices: FloatColumn, per_unit: float | FloatColumn) -> IntColumn:
    """Prices in ticks, cut off; see `ticks_per_unit`."""
    return np.floor(prices * per_unit + _A_HAIR).astype(np.int64)


def ticks_per_unit(instrument: Instrument) -> float:
    """How many ticks there are in one unit of quote."""
    num, den = instrument.tick
    return den / num


def mark_ticks(instrument: Instrument, prices: FloatColumn) -> IntColumn:
    """Marks in ticks: finer than the tick, they are cut off, as venues do before they compare.

    Raises:
        InvalidValue: a mark is below a tick.
    """
    ticks = cut_ticks(prices, ticks_per_unit(instrument))
    if ticks.size and int(ticks.min()) < 1:
        raise InvalidValue(f"mark of {instrument.symbol}", float(prices.min()), f"at least {instrument.tick_size}")
    return ticks
