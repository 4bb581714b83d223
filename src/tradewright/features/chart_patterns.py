"""Chart patterns over confirmed pivots: known at a bar, never before; then confirmed, failed or expired.

A pattern becomes known at the bar that confirms its last pivot. From then on closes are watched: one beyond the line
that the pattern points to confirms it, one beyond the other line fails it. Formulas and qualities of each kind stand in
the reference page on patterns.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from tradewright.features.columns import column
from tradewright.features.pivots import ZigzagStream
from tradewright.features.ranges import number, whole
from tradewright.features.stream import Atr
from tradewright.features.structure import Swings
from tradewright.features.volatility import atr
from tradewright.kernels import pattern_shapes as shapes
from tradewright.kernels import patterns as kernels
from tradewright.kernels.pattern_shapes import PatternRules
from tradewright.kernels.zones import NEVER
from tradewright.market.bars import Bars, FloatColumn, IntColumn

__all__ = [
    "NEVER",
    "PatternColumns",
    "PatternKind",
    "PatternRules",
    "PatternState",
    "PatternStream",
    "Patterns",
    "by_bar",
    "find",
    "targets",
]


class PatternKind(IntEnum):
    """What a pattern is called."""

    NONE = shapes.NO_PATTERN
    HEAD_AND_SHOULDERS = shapes.HEAD_AND_SHOULDERS
    INVERSE_HEAD_AND_SHOULDERS = shapes.INVERSE_HEAD_AND_SHOULDERS
    DOUBLE_TOP = shapes.DOUBLE_TOP
    DOUBLE_BOTTOM = shapes.DOUBLE_BOTTOM
    TRIPLE_TOP = shapes.TRIPLE_TOP
    TRIPLE_BOTTOM = shapes.TRIPLE_BOTTOM
    ASCENDING_TRIANGLE = shapes.ASCENDING_TRIANGLE
    DESCENDING_TRIANGLE = shapes.DESCENDING_TRIANGLE
    SYMMETRIC_TRIANGLE = shapes.SYMMETRIC_TRIANGLE
    BULL_FLAG = shapes.BULL_FLAG
    BEAR_FLAG = shapes.BEAR_FLAG
    BULL_PENNANT = shapes.BULL_PENNANT
    BEAR_PENNANT = shapes.BEAR_PENNANT
    RISING_WEDGE = shapes.RISING_WEDGE
    FALLING_WEDGE = shapes.FALLING_WEDGE
    RISING_CHANNEL = shapes.RISING_CHANNEL
    FALLING_CHANNEL = shapes.FALLING_CHANNEL
    HORIZONTAL_CHANNEL = shapes.HORIZONTAL_CHANNEL


class PatternState(IntEnum):
    """What became of a pattern, as of the last bar."""

    FORMED = kernels.FORMED
    """Known, and waiting."""
    CONFIRMED = kernels.CONFIRMED
    """A close beyond the line it points to; beyond either, where it points nowhere."""
    FAILED = kernels.FAILED
    """A close beyond the other line."""
    EXPIRED = kernels.EXPIRED
    """Its lines met, or it waited for too long."""


class Patterns(NamedTuple):
    """One row for each pattern, in order of formation. A line is its level at the first point and its slope per bar."""

    kind: IntColumn
    """PatternKind."""
    side: IntColumn
    """+1 expects a rise, -1 a fall, 0 whichever way it is left."""
    event_bar: IntColumn
    """The bar at which it became known."""
    points: IntColumn
    """How many points it has."""
    point_bar: IntColumn
    """(m, 6), oldest first; NEVER (-1) in the places that are not used."""
    point_level: FloatColumn
    """(m, 6), quote per base; NaN in the places that are not used."""
    upper: FloatColumn
    upper_slope: FloatColumn
    lower: FloatColumn
    lower_slope: FloatColumn
    height: FloatColumn
    """The measured move, quote per base."""
    quality: FloatColumn
    """0 to 1."""
    state: IntColumn
    """PatternState."""
    end_bar: IntColumn
    """The bar that confirmed, failed or ended it; NEVER (-1) while FORMED."""
    end_side: IntColumn
    """Where the close that ended it stood: +1 above the upper line, -1 below the lower, 0 neither."""


class PatternColumns(NamedTuple):
    """What was known at the close of each bar."""

    formed: IntColumn
    """PatternKind that became known at this bar."""
    formed_side: IntColumn
    confirmed: IntColumn
    """PatternKind that this bar's close confirmed; of several the one of best quality."""
    confirmed_side: IntColumn
    """The way the close left it: +1 up, -1 down."""


def find(bars: Bars, found: Swings, rules: PatternRules | None = None, n: int = 14) -> Patterns:
    """Find chart patterns in the pivots of these bars, and follow each to its end.

    The last six pivots are looked at whenever one is confirmed; the most specific pattern they form is taken, in this
    order: head and shoulders, triple top, flag or pennant, triangle, wedge or channel, double top. While one of a kind
    is open no other of that kind is formed.

    Args:
        bars: any.
        found: the bars' pivots: `pivots.zigzag`, or `structure.swings`.
        rules: how exact a pattern must be; `PatternRules()` unless given.
        n: length of the average true range that heights are measured by, bars.

    Raises:
        InvalidValue: a parameter is outside its range.
    """
    rows = found.event_bar, found.ref_bar, found.side, column(found.level)
    rules = _checked(rules or PatternRules())
    records = kernels.pattern_events(column(bars.close), atr(bars, n), rows, rules, kernels.new_pattern_book())
    return _patterns(records)


def _patterns(records: np.ndarray) -> Patterns:
    return Patterns(*(np.ascontiguousarray(records[name]) for name in Patterns._fields))


_NOTHING = _patterns(np.zeros(0, kernels.PATTERN)), _patterns(np.zeros(0, kernels.PATTERN))


def _checked(rules: PatternRules) -> PatternRules:
    least_bars = whole("least_bars", rules.least_bars, 2, 10_000)
    return PatternRules(
        number("tolerance", rules.tolerance, 0.01, 1.0),
        number("least_height", rules.least_height, 0.0, 100.0),
        number("pole", rules.pole, 0.0, 100.0),
        number("least_quality", rules.least_quality, 0.0, 1.0),
        least_bars,
        whole("most_bars", rules.most_bars, least_bars, 100_000),
        number("patience", rules.patience, 0.0, 100.0),
    )


def targets(found: Patterns) -> FloatColumn:
    """Where each pattern points to: its height from the line to break, at the bar it became known; quote per base.

    NaN for a pattern that points nowhere until it was left; then counted from the line and bar at which it was.
    """
    side = np.where(found.side != 0, found.side, found.end_side)
    bar = np.where(found.side != 0, found.event_bar, found.end_bar)
    away = bar - found.point_bar[:, 0]
    upper, lower = found.upper + found.upper_slope * away, found.lower + found.lower_slope * away
    line = np.where(side > 0, upper, lower) + side * found.height
    return np.where(side != 0, line, np.nan)


def by_bar(found: Patterns, size: int) -> PatternColumns:
    """Lay the patterns out as columns of `size` bars: which became known, and which were confirmed, at each."""
    columns = [np.zeros(size, np.int64) for _ in range(4)]
    done = np.flatnonzero(found.state == PatternState.CONFIRMED)
    ranked = done[np.lexsort((-done, found.quality[done]))]  # the best comes last, and stays
    for rows, bar, side, place in (
        (np.arange(found.kind.size), found.event_bar, found.side, 0),
        (ranked, found.end_bar, found.end_side, 2),
    ):
        columns[place][bar[rows]] = found.kind[rows]
        columns[place + 1][bar[rows]] = side[rows]
    return PatternColumns(*columns)


class PatternStream:
    """`find` over `pivots.zigzag`, one bar at a time, to the last bit; a bar's cost is bounded.

    Args:
        reversal: of the zigzag, average true ranges, 0.1 to 100.
        rules: as for `find`.
        n: length of the average true range, bars.
    """

    def __init__(self, reversal: float = 3.0, rules: PatternRules | None = None, n: int = 14) -> None:
        self._pivots, self._atr = ZigzagStream(reversal, n), Atr(n)
        self._rules, self._book, self._bar = _checked(rules or PatternRules()), kernels.new_pattern_book(), -1
        self._waiting = 0  # patterns that are open: most bars have none, and ask no kernel

    def update(self, high: float, low: float, close: float) -> tuple[Patterns, Patterns]:
        """Take the next bar: the pattern that became known, as it stood before its close, and those that ended."""
        self._bar += 1
        pivot, reach, open_ = self._pivots.update(high, low, close), self._atr.update(high, low, close), self._book.open
        kind = kernels.add_pivot(self._book, self._bar, pivot[1:], reach, self._rules) if pivot else 0
        self._waiting += kind > 0
        if not self._waiting:
            return _NOTHING
        formed = open_[kind : kind + (kind > 0)].copy()
        if not kernels.judge_patterns(self._book, self._bar, close, self._rules.patience):
            return _patterns(formed) if kind else _NOTHING[0], _NOTHING[1]
        is_done = (open_["kind"] != PatternKind.NONE) & (open_["state"] != PatternState.FORMED)
        ended = open_[is_done].copy()
        open_["kind"][is_done] = PatternKind.NONE
        self._waiting -= ended.size
        return _patterns(formed), _patterns(ended)
