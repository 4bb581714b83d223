"""Fewer points for the same picture."""

from __future__ import annotations

import numpy as np

from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import Bars, FloatColumn, IntColumn
from tradewright.market.resample import floor_stamps

__all__ = ["join_bars", "keep_extremes", "length_that_fits"]

_LENGTHS = ("1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "12h", "1d", "1w")


def keep_extremes(values: FloatColumn, buckets: int) -> IntColumn:
    """Choose the lowest and the highest value of each bucket, and both ends; positions, ascending.

    All positions are chosen where there are no more than two for each bucket.
    """
    size = values.size
    if size <= 2 * buckets:
        return np.arange(size, dtype=np.int64)
    starts = np.arange(buckets) * size // buckets
    low, high = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    bucket = np.searchsorted(starts, np.arange(size), side="right") - 1
    chosen = [np.array([0, size - 1])]
    for extreme in (low, high):
        hits = np.flatnonzero(values == extreme[bucket])
        chosen.append(hits[np.unique(bucket[hits], return_index=True)[1]])
    return np.unique(np.concatenate(chosen)).astype(np.int64)


def length_that_fits(bars: Bars, length: Timeframe, most: int) -> Timeframe:
    """Find the shortest standard timeframe, from `length` up, in which the bars are no more than `most`."""
    if bars.ts_open.size <= most:
        return length
    longer = [candidate for text in _LENGTHS if (candidate := Timeframe.parse(text)) > length]
    fitting = [one for one in longer if length.divides(one) and _count(bars, one) <= most]
    return fitting[0] if fitting else longer[-1]


def _count(bars: Bars, length: Timeframe) -> int:
    return int(np.count_nonzero(np.diff(floor_stamps(bars.ts_open, length)))) + 1


def join_bars(bars: Bars, length: Timeframe) -> Bars:
    """Join bars into longer ones for the eye: unlike `market.resample`, an unfinished first or last one is kept."""
    opens = floor_stamps(bars.ts_open, length)
    starts = np.flatnonzero(np.concatenate(([True], opens[1:] != opens[:-1])))
    stops = np.append(starts[1:], opens.size)
    return Bars(
        opens[starts],
        opens[starts] + length.ns,
        bars.open[starts],
        np.maximum.reduceat(bars.high, starts),
        np.minimum.reduceat(bars.low, starts),
        bars.close[stops - 1],
        np.add.reduceat(bars.volume, starts),
    )
