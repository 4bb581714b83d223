"""When funding is due in a run, and at what rate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.engine.feed import Feed
from tradewright.engine.grid import Grid
from tradewright.kernels.records import FUNDING
from tradewright.market.bars import FloatColumn, IntColumn

__all__ = ["Schedule", "assumed_payments", "funding_schedule"]

_HOUR_NS = 3_600_000_000_000


class Schedule(NamedTuple):
    """Funding events of a run, and how many of each instrument rest on an assumed rate."""

    events: NDArray[np.void]  # FUNDING
    assumed: tuple[int, ...]  # (K,)


def funding_schedule(feeds: Sequence[Feed], grid: Grid, assumed_rate: float) -> Schedule:
    """Put the funding times of every perpetual on the grid.

    Recorded rates are used where there are any; the instrument's own schedule with the assumed rate stands where the
    record does not reach. A time inside a hole in the data is due at the next bar's open: the position was held.
    """
    parts: list[NDArray[np.void]] = []
    assumed = [0] * len(feeds)
    for k, feed in enumerate(feeds):
        if not feed.instrument.is_perpetual:
            continue
        times, rates, assumed[k] = _times(feed, int(grid.ts_open[0]), int(grid.ts_close[-1]), assumed_rate)
        parts.append(_events(grid, k, times, rates))
    events = np.concatenate(parts) if parts else np.zeros(0, FUNDING)
    order = np.lexsort((events["instrument"], events["ts"], ~events["at_open"], events["step"]))
    return Schedule(events[order], tuple(assumed))


def assumed_payments(feed: Feed, begin: int, end: int, assumed_rate: float) -> int:
    """How many payments of an instrument rest on the assumed rate, in a run from `begin` to `end`, UTC ns."""
    return _times(feed, begin, end, assumed_rate)[2] if feed.instrument.is_perpetual else 0


def _times(feed: Feed, begin: int, end: int, rate: float) -> tuple[IntColumn, FloatColumn, int]:
    recorded = feed.funding or (np.empty(0, np.int64), np.empty(0, np.float64))
    inside = (recorded[0] >= begin) & (recorded[0] < end)
    times, rates = recorded[0][inside], recorded[1][inside]
    if feed.instrument.funding_hours == 0:
        return times, rates, 0
    period = feed.instrument.funding_hours * _HOUR_NS
    grid = np.arange(-(-begin // period) * period, end, period, dtype=np.int64)
    if recorded[0].size:
        grid = grid[(grid < recorded[0][0]) | (grid > recorded[0][-1])]
    merged = np.concatenate((times, grid))
    order = np.argsort(merged, kind="stable")
    return merged[order], np.concatenate((rates, np.full(grid.size, rate)))[order], int(grid.size)


def _events(grid: Grid, k: int, times: IntColumn, rates: FloatColumn) -> NDArray[np.void]:
    events = np.zeros(times.size, FUNDING)
    step = np.searchsorted(grid.ts_open, times, side="right") - 1
    in_hole = times >= grid.ts_close[step]
    events["ts"], events["instrument"], events["rate"] = times, k, rates
    events["step"] = np.where(in_hole, step + 1, step)
    events["at_open"] = in_hole | (times == grid.ts_open[step])
    return events[events["step"] < grid.ts_open.size]
