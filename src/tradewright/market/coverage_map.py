"""Where in time stored bars are, and where there are holes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tradewright.domain.timeframe import Timeframe
from tradewright.market.merge import MarkedBars
from tradewright.market.quality import Gap, missing_between

__all__ = ["CoverageMap", "Stretch", "coverage_map"]

_DAY_NS = 86_400_000_000_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the time between the first bar and the last.

    Args:
        begin: UTC ns.
        wanted: how many bars there should be.
        stored: how many there are.
        filled: how many of these were invented to close a gap.
    """

    begin: int
    wanted: int
    stored: int
    filled: int


@dataclass(frozen=True, slots=True)
class CoverageMap:
    """Equal stretches from the first bar to the last, and the holes.

    Args:
        length: of a stretch, ns; the last one may be shorter.
        stretches: in the order of time.
        gaps: in the order of time; where there are more than are told, the longest.
        gap_count: how many there are.
    """

    length: int
    stretches: tuple[Stretch, ...]
    gaps: tuple[Gap, ...]
    gap_count: int


def coverage_map(marked: MarkedBars, timeframe: Timeframe, most: int = 120, most_gaps: int = 100) -> CoverageMap:
    """Draw up where bars are.

    Args:
        marked: at least one, in any order.
        timeframe: of the bars.
        most: how many stretches there are at most; each is whole days long, or one bar where a bar is longer.
        most_gaps: how many holes are told at most.
    """
    ts, first = np.unique(marked.bars.ts_open, return_index=True)
    begin, end = int(ts[0]), int(ts[-1]) + timeframe.ns
    unit = max(timeframe.ns, _DAY_NS)
    origin = begin // unit * unit
    length = max(1, -(-(end - origin) // (unit * most))) * unit
    edges = np.arange(origin, end + length, length)
    places = np.searchsorted(edges, ts, side="right") - 1
    stored = np.bincount(places, minlength=edges.size - 1)
    filled = np.bincount(places[marked.filled[first]], minlength=edges.size - 1)
    wanted = np.diff(np.clip(-(-(edges - begin) // timeframe.ns), 0, (end - begin) // timeframe.ns))
    rows = zip(edges[:-1].tolist(), wanted.tolist(), stored.tolist(), filled.tolist(), strict=True)
    gaps = missing_between(ts, timeframe)
    told = sorted(sorted(gaps, key=lambda one: -one.count)[:most_gaps], key=lambda one: one.first)
    return CoverageMap(length, tuple(Stretch(*row) for row in rows if row[1] or row[2]), tuple(told), len(gaps))
