"""Longer bars out of shorter ones, closed bars only."""

from __future__ import annotations

import numpy as np

from tradewright.domain.errors import InvalidValue
from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import Bars, IntColumn, empty_bars

__all__ = ["floor_stamps", "resample", "source_counts"]


def floor_stamps(ts: IntColumn, timeframe: Timeframe) -> IntColumn:
    """Give the open time of the bar that holds each instant (UTC ns)."""
    return ts - (ts - timeframe.anchor_ns) % timeframe.ns


def resample(bars: Bars, source: Timeframe, target: Timeframe, covered: tuple[int, int] | None = None) -> Bars:
    """Build closed bars of a longer timeframe.

    A target bar is given only if the data covers its whole span: the first source bar opens at or before its open and
    the last source bar closes at or after its close. So the unfinished last bar is never given, nor a first one that
    the data enters half-way. Source bars missing in between do not withhold a target bar: it is built from those
    present, and `source_counts` says how many they were. A span without any source bar gives no target bar.

    Args:
        bars: of timeframe `source`, strictly ascending, on the grid.
        source: length of the bars given.
        target: length wanted; a whole multiple of `source`.
        covered: from when to when the data is known to reach, UTC ns, if that is more than the bars given say.

    Returns:
        Bars of timeframe `target`; volume is summed in order of time. Empty where no span is complete.

    Raises:
        InvalidValue: `source` does not divide `target`.
    """
    _check_lengths(source, target)
    if source == target:
        return bars
    starts, stops = _complete_spans(bars, target, covered)
    if not len(starts):
        return empty_bars()
    cut = slice(int(starts[0]), int(stops[-1]))
    edges = starts - starts[0]
    ts_open = floor_stamps(bars.ts_open[starts], target)
    return Bars(
        ts_open,
        ts_open + target.ns,
        bars.open[starts],
        np.maximum.reduceat(bars.high[cut], edges),
        np.minimum.reduceat(bars.low[cut], edges),
        bars.close[stops - 1],
        np.add.reduceat(bars.volume[cut], edges),
    )


def source_counts(bars: Bars, source: Timeframe, target: Timeframe) -> IntColumn:
    """Count the source bars behind each bar that `resample` gives; a full one has `target.ns // source.ns`.

    Raises:
        InvalidValue: `source` does not divide `target`.
    """
    _check_lengths(source, target)
    starts, stops = _complete_spans(bars, target)
    return stops - starts


def _check_lengths(source: Timeframe, target: Timeframe) -> None:
    if not source.divides(target):
        raise InvalidValue("timeframe", str(target), f"a whole multiple of the stored {source}")


def _complete_spans(
    bars: Bars, target: Timeframe, covered: tuple[int, int] | None = None
) -> tuple[IntColumn, IntColumn]:
    # Positions [start, stop) of the source bars of each complete target bar; the spans are adjacent.
    nothing = np.empty(0, np.int64)
    if not len(bars.ts_open):
        return nothing, nothing
    opens = floor_stamps(bars.ts_open, target)
    starts = np.flatnonzero(np.concatenate(([True], opens[1:] != opens[:-1]))).astype(np.int64)
    stops = np.append(starts[1:], np.int64(len(opens)))
    first, last = covered or (bars.ts_open[0], bars.ts_close[-1])
    whole = (opens[starts] >= first) & (opens[starts] + target.ns <= last)
    return starts[whole], stops[whole]
