"""Bars as columns."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.errors import InvalidValue
from tradewright.domain.timeframe import Timeframe

__all__ = ["Bars", "FloatColumn", "IntColumn", "empty_bars", "joined_bars", "make_bars", "slice_bars"]

FloatColumn = NDArray[np.float64]
IntColumn = NDArray[np.int64]


class Bars(NamedTuple):
    """Closed bars of one instrument and one timeframe, oldest first.

    All columns are contiguous, of one length n. A bar covers `[ts_open, ts_close)` and may be seen only at `ts_close`.

    Attributes:
        ts_open: int64, UTC ns, strictly ascending.
        ts_close: int64, UTC ns.
        open: float64, quote per base; so are high, low and close.
        high: highest price.
        low: lowest price.
        close: last price.
        volume: float64, base currency traded, >= 0.
    """

    ts_open: IntColumn
    ts_close: IntColumn
    open: FloatColumn
    high: FloatColumn
    low: FloatColumn
    close: FloatColumn
    volume: FloatColumn


def make_bars(ts_open: IntColumn, prices: tuple[FloatColumn, ...], volume: FloatColumn, timeframe: Timeframe) -> Bars:
    """Build bars from open times, (open, high, low, close) and volume; close times follow from the timeframe."""
    stamps = np.ascontiguousarray(ts_open, dtype=np.int64)
    columns = [np.ascontiguousarray(column, dtype=np.float64) for column in (*prices, volume)]
    return Bars(stamps, stamps + timeframe.ns, *columns)


def empty_bars() -> Bars:
    """No bars at all."""
    nothing = np.empty(0, np.float64)
    stamps = np.empty(0, np.int64)
    return Bars(stamps, stamps.copy(), nothing, nothing.copy(), nothing.copy(), nothing.copy(), nothing.copy())


def joined_bars(*parts: Bars) -> Bars:
    """Bars of one instrument and timeframe, one part after the other; each begins where the last has ended, or later.

    Raises:
        InvalidValue: a part begins before the one in front of it has ended.
    """
    for before, part in pairwise(part for part in parts if part.ts_open.size):
        if part.ts_open[0] < before.ts_close[-1]:
            end = int(before.ts_close[-1])
            raise InvalidValue("bars", int(part.ts_open[0]), f"to go on at or after {end} (UTC ns)")
    return Bars(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def slice_bars(bars: Bars, start: int, stop: int) -> Bars:
    """Bars `start` to `stop` (positions, half-open); columns are views."""
    cut = slice(start, stop)
    return Bars(
        bars.ts_open[cut],
        bars.ts_close[cut],
        bars.open[cut],
        bars.high[cut],
        bars.low[cut],
        bars.close[cut],
        bars.volume[cut],
    )
