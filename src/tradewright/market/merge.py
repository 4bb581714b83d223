"""Bars that remember which of them were invented, and their union."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import Bars, FloatColumn, IntColumn, make_bars

__all__ = ["BoolColumn", "MarkedBars", "MergeOutcome", "floats", "make_marked", "merge", "take"]

BoolColumn = NDArray[np.bool_]


class MarkedBars(NamedTuple):
    """Bars as they are stored.

    Attributes:
        bars: the columns.
        filled: bool (n,), true where a bar was invented to close a gap.
    """

    bars: Bars
    filled: BoolColumn


@dataclass(frozen=True, slots=True)
class MergeOutcome:
    """What a merge did.

    Args:
        added: bars with a new open time.
        same: bars that were there already, equal in every column.
        upgraded: invented bars that gave way to real ones.
        conflicts: open times of bars that both sides have, with different values.
    """

    added: int
    same: int
    upgraded: int
    conflicts: tuple[int, ...]


def make_marked(bars: Bars, filled: BoolColumn | None = None) -> MarkedBars:
    """Mark bars; without `filled` all of them are real."""
    return MarkedBars(bars, np.zeros(len(bars.ts_open), np.bool_) if filled is None else filled)


def take(bars: Bars, rows: IntColumn | BoolColumn) -> Bars:
    """Pick rows by position or mask."""
    return Bars(bars.ts_open[rows], bars.ts_close[rows], *(column[rows] for column in floats(bars)))


def floats(bars: Bars) -> tuple[FloatColumn, FloatColumn, FloatColumn, FloatColumn, FloatColumn]:
    """Give open, high, low, close and volume."""
    return bars.open, bars.high, bars.low, bars.close, bars.volume


def merge(old: MarkedBars, new: MarkedBars, timeframe: Timeframe) -> tuple[MarkedBars, MergeOutcome]:
    """Unite two sets of bars by open time.

    A real bar always takes the place of an invented one. Where two real bars differ, it is a conflict: the result
    holds the new one, and the outcome names the open time, so that the caller may refuse.

    Args:
        old: strictly ascending.
        new: strictly ascending.
        timeframe: of both.

    Returns:
        The union, strictly ascending, and what was done.
    """
    _, mine, theirs = np.intersect1d(old.bars.ts_open, new.bars.ts_open, assume_unique=True, return_indices=True)
    equal = _equal_rows(old, mine, new, theirs)
    keeps_old = equal | (new.filled[theirs] & ~old.filled[mine])
    upgraded = ~equal & old.filled[mine] & ~new.filled[theirs]
    conflicts = ~(keeps_old | upgraded)
    outcome = MergeOutcome(
        added=len(new.bars.ts_open) - len(theirs),
        same=int(keeps_old.sum()),
        upgraded=int(upgraded.sum()),
        conflicts=tuple(int(ts) for ts in old.bars.ts_open[mine[conflicts]]),
    )
    return _unite(
        old, np.delete(np.arange(len(old.filled)), mine[~keeps_old]), new, theirs[keeps_old], timeframe
    ), outcome


def _equal_rows(old: MarkedBars, mine: IntColumn, new: MarkedBars, theirs: IntColumn) -> BoolColumn:
    equal = old.filled[mine] == new.filled[theirs]
    for ours, other in zip(floats(old.bars), floats(new.bars), strict=True):
        equal &= ours[mine] == other[theirs]
    return np.asarray(equal, np.bool_)


def _unite(old: MarkedBars, kept: IntColumn, new: MarkedBars, dropped: IntColumn, timeframe: Timeframe) -> MarkedBars:
    fresh = np.delete(np.arange(len(new.filled)), dropped)
    ts_open = np.concatenate((old.bars.ts_open[kept], new.bars.ts_open[fresh]))
    order = np.argsort(ts_open, kind="stable")
    pairs = zip(floats(old.bars), floats(new.bars), strict=True)
    o, h, low, c, volume = (np.concatenate((a[kept], b[fresh]))[order] for a, b in pairs)
    filled = np.concatenate((old.filled[kept], new.filled[fresh]))[order]
    return MarkedBars(make_bars(ts_open[order], (o, h, low, c), volume, timeframe), filled)
