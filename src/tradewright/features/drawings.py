"""What features found, as rows that a chart can draw: times and prices, when it was known, what became of it.

A drawing stands where it belongs, which is before it was known. To show a chart as it was at some time, leave out the
drawings with a later `known_ns`.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from tradewright.features.chart_patterns import PatternKind, Patterns, PatternState
from tradewright.features.levels import Levels, LevelState
from tradewright.features.smart_money import SmartMoney
from tradewright.features.structure import BreakKind, Sweeps, Zones
from tradewright.features.zones import NEVER, Pools, PoolState, ZoneLives, ZoneState
from tradewright.market.bars import Bars

__all__ = ["Drawing", "Shape", "levels", "patterns", "smart_money"]


class Shape(StrEnum):
    """How to read the points of a drawing."""

    POINT = "point"
    """One point."""
    PATH = "path"
    """Straight lines from point to point."""
    BOX = "box"
    """Two opposite corners."""


class Drawing(NamedTuple):
    """One thing to draw.

    Attributes:
        kind: what it is: `swing`, `bos`, `double_top` ...
        side: +1 points up, -1 down, 0 neither.
        shape: how to read the points.
        points: (time, price) each: UTC ns of the bar's open, quote per base.
        known_ns: UTC ns of the close at which it became known.
        state: what became of it by the last bar, a word; empty where nothing can.
    """

    kind: str
    side: int
    shape: Shape
    points: tuple[tuple[int, float], ...]
    known_ns: int
    state: str = ""


def smart_money(bars: Bars, found: SmartMoney) -> list[Drawing]:
    """Draw swings, breaks, gaps, blocks, pools and sweeps.

    Args:
        bars: those that were read.
        found: what `smart_money.read` found in them.

    Returns:
        In order of becoming known.
    """
    drawn = [
        *_swings(bars, found),
        *_breaks(bars, found),
        *_zones(bars, "gap", found.gaps, found.gap_lives),
        *_zones(bars, "order_block", found.blocks, found.block_lives),
        *_pools(bars, found.pools),
        *_sweeps(bars, found.sweeps[0], 1),
        *_sweeps(bars, found.sweeps[1], -1),
    ]
    return sorted(drawn, key=lambda each: each.known_ns)


def patterns(bars: Bars, found: Patterns) -> list[Drawing]:
    """Draw chart patterns: each its points, and its two lines from the first point to its end or the last bar.

    Args:
        bars: those that were searched.
        found: what `chart_patterns.find` found in them.
    """
    return [drawing for row in range(found.kind.size) for drawing in _pattern(bars, found, row)]


def levels(bars: Bars, found: Levels) -> list[Drawing]:
    """Draw levels, each from its first pivot to its end or the last bar.

    Args:
        bars: those that were searched.
        found: what `levels.find` found in them.
    """
    drawn = []
    for row, price in enumerate(found.price.tolist()):
        side, state = int(found.side[row]), LevelState(int(found.state[row]))
        ends = _span(bars, found.first_bar[row], found.end_bar[row])
        points = (ends[0], price), (ends[1], price)
        kind = "support" if side > 0 else "resistance"
        drawn.append(Drawing(kind, side, Shape.PATH, points, _known(bars, found.event_bar[row]), state.name.lower()))
    return drawn


def _known(bars: Bars, bar: np.int64) -> int:
    return int(bars.ts_close[bar])


def _at(bars: Bars, bar: np.int64) -> int:
    return int(bars.ts_open[bar])


def _span(bars: Bars, first: np.int64, end: np.int64) -> tuple[int, int]:
    return _at(bars, first), _at(bars, end if end != NEVER else np.int64(bars.close.size - 1))


def _swings(bars: Bars, found: SmartMoney) -> Iterator[Drawing]:
    for event, ref, side, level in zip(*found.structure.swings, strict=True):
        yield Drawing("swing", int(side), Shape.POINT, ((_at(bars, ref), float(level)),), _known(bars, event))


def _breaks(bars: Bars, found: SmartMoney) -> Iterator[Drawing]:
    for event, ref, side, kind, level in zip(*found.structure.breaks, strict=True):
        points = (_at(bars, ref), float(level)), (_at(bars, event), float(level))
        name = "bos" if kind != BreakKind.CHOCH else "choch"
        yield Drawing(name, int(side), Shape.PATH, points, _known(bars, event))


def _zones(bars: Bars, kind: str, found: Zones, lives: ZoneLives) -> Iterator[Drawing]:
    rows = zip(*found, lives.state, lives.end_bar, strict=True)
    for event, ref, side, bottom, top, state, end in rows:
        begin, stop = _span(bars, ref, end)
        points = (begin, float(bottom)), (stop, float(top))
        yield Drawing(kind, int(side), Shape.BOX, points, _known(bars, event), ZoneState(int(state)).name.lower())


def _pools(bars: Bars, found: Pools) -> Iterator[Drawing]:
    for row in range(found.event_bar.size):
        side, state = int(found.side[row]), PoolState(int(found.state[row]))
        begin, stop = _span(bars, found.ref_bar[row], found.end_bar[row])
        points = (begin, float(found.bottom[row])), (stop, float(found.top[row]))
        kind = "equal_highs" if side > 0 else "equal_lows"
        yield Drawing(kind, side, Shape.BOX, points, _known(bars, found.event_bar[row]), state.name.lower())


def _sweeps(bars: Bars, found: Sweeps, side: int) -> Iterator[Drawing]:
    for event, ref, level, _ in zip(*found, strict=True):
        points = (_at(bars, ref), float(level)), (_at(bars, event), float(level))
        yield Drawing("sweep", side, Shape.PATH, points, _known(bars, event))


def _pattern(bars: Bars, found: Patterns, row: int) -> Iterator[Drawing]:
    places = found.point_bar[row][: found.points[row]]
    kind, side = PatternKind(int(found.kind[row])).name.lower(), int(found.side[row])
    known, state = _known(bars, found.event_bar[row]), PatternState(int(found.state[row])).name.lower()
    corners = zip(places, found.point_level[row].tolist(), strict=False)
    path = tuple((_at(bars, bar), level) for bar, level in corners)
    yield Drawing(kind, side, Shape.PATH, path, known, state)
    ends = _span(bars, places[0], found.end_bar[row])
    last = found.end_bar[row] if found.end_bar[row] != NEVER else bars.close.size - 1
    for level, slope in ((found.upper, found.upper_slope), (found.lower, found.lower_slope)):
        stop = float(level[row] + slope[row] * (last - places[0]))
        yield Drawing(f"{kind}_line", side, Shape.PATH, ((ends[0], float(level[row])), (ends[1], stop)), known, state)
