"""Support and resistance: prices at which pivots stood again and again, with touches, strength, flips and retests.

A level is known at the bar that confirms its second touch (or as many as `least` says), and never earlier. A close
through it flips it: support becomes resistance; a close back through breaks it for good. Strength is the sum over its
touches of the volume of the pivot's bar against the usual, each halved every `half_life` bars.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.features.catalog import CATALOG
from tradewright.features.columns import column, period
from tradewright.features.indicator import Indicator
from tradewright.features.pivots import ZigzagStream, zigzag
from tradewright.features.ranges import number, whole
from tradewright.features.recall import recalled
from tradewright.features.stream import Atr, Sma
from tradewright.features.structure import Swings
from tradewright.features.volatility import atr
from tradewright.kernels import levels as kernels
from tradewright.kernels.levels import LevelRules
from tradewright.kernels.zones import NEVER
from tradewright.market.bars import Bars, FloatColumn, IntColumn

__all__ = [
    "NEVER",
    "LevelColumns",
    "LevelRules",
    "LevelState",
    "LevelStream",
    "Levels",
    "Nearest",
    "by_bar",
    "find",
    "nearest",
]

_USUAL = Indicator(CATALOG["sma"])

_NO_TOUCH = (NEVER, 0, 0.0, 0.0)
_MOST_WEIGHT = 3.0  # no single bar's volume makes a level


class LevelState(IntEnum):
    """What became of a level, as of the last bar."""

    OPEN = kernels.OPEN
    """No close went through it."""
    FLIPPED = kernels.FLIPPED
    """One did: support is now resistance, or resistance support."""
    BROKEN = kernels.BROKEN
    """A close went through it the other way; it is no longer followed."""
    FORGOTTEN = kernels.FORGOTTEN
    """Too many levels, and this was the weakest."""


class Nearest(NamedTuple):
    """The nearest levels after a bar, or columns of them; NaN where there is none. Prices in quote per base."""

    support: FloatColumn | float
    support_strength: FloatColumn | float
    resistance: FloatColumn | float
    resistance_strength: FloatColumn | float


class Levels(NamedTuple):
    """One row for each level, in the order in which they became known, and columns for each bar."""

    event_bar: IntColumn
    """The bar that confirmed the touch with which it had enough."""
    first_bar: IntColumn
    """Where its first pivot stands; draw it from here."""
    last_bar: IntColumn
    """Where its last pivot stands."""
    side: IntColumn
    """As it began: +1 support, -1 resistance; the other once flipped."""
    price: FloatColumn
    """Mean of its pivots, quote per base."""
    bottom: FloatColumn
    top: FloatColumn
    touches: IntColumn
    strength: FloatColumn
    """As of its end, or the last bar."""
    state: IntColumn
    """LevelState."""
    flip_bar: IntColumn
    """The bar that closed through it first; NEVER (-1) until then."""
    retest_bar: IntColumn
    """The first that came back to it after price had left it, and closed on the new side."""
    end_bar: IntColumn
    """The bar that broke it for good, or at which it was forgotten; NEVER (-1) while it is followed."""
    nearest: Nearest
    """Columns: the highest support and the lowest resistance that are known."""


class LevelColumns(NamedTuple):
    """What happened to known levels at each bar: +1 upwards, -1 downwards, 0 nothing."""

    flipped: IntColumn
    """A close went through a level that had held until then."""
    retested: IntColumn
    """Price came back to a flipped level, and closed on the new side of it."""


def find(bars: Bars, found: Swings, rules: LevelRules | None = None, n: int = 14) -> Levels:
    """Find the levels at which these bars turned, and follow each to its end.

    A pivot touches the nearest level whose mean is within `near`, or begins one. A close beyond a level by more than
    `beyond` flips it, one back through it by as much breaks it.

    Args:
        bars: any.
        found: the bars' pivots: `pivots.zigzag`, or `structure.swings`.
        rules: what makes a level; `LevelRules()` unless given.
        n: length of the average true range, and of the average volume, that distances and volumes are measured by.

    Raises:
        InvalidValue: a parameter is outside its range.
    """
    rules = _checked(rules or LevelRules())
    prices = column(bars.high), column(bars.low), column(bars.close)
    weight = column(_weights(bars, n)[found.ref_bar])
    pivots = found.event_bar, found.ref_bar, found.side, column(found.level), weight
    rows, near = kernels.level_lives(prices, atr(bars, n), pivots, rules, kernels.new_level_book(rules.most))
    return _levels(rows, bars.close.size - 1, rules, Nearest(*(np.ascontiguousarray(one) for one in near.T)))


def _weights(bars: Bars, n: int) -> FloatColumn:
    usual = _USUAL(bars.volume, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.minimum(bars.volume / usual, _MOST_WEIGHT)
    return np.where(usual > 0.0, share, 1.0)


def _levels(rows: np.ndarray, last: int, rules: LevelRules, nearest: Nearest) -> Levels:
    end = np.where(rows["end_bar"] == NEVER, last, rows["end_bar"])
    strength = rows["strength"] * 0.5 ** ((end - rows["strength_bar"]) / rules.half_life)
    made = {name: np.ascontiguousarray(rows[name]) for name in Levels._fields if name in (rows.dtype.names or ())}
    return Levels(**made | {"price": rows["total"] / rows["touches"], "strength": strength}, nearest=nearest)


def _checked(rules: LevelRules) -> LevelRules:
    return LevelRules(
        number("near", rules.near, 0.0, 100.0),
        number("beyond", rules.beyond, 0.0, 100.0),
        whole("least", rules.least, 1, 1_000),
        number("half_life", rules.half_life, 1.0, 1e6),
        whole("most", rules.most, 1, 10_000),
    )


def by_bar(found: Levels, size: int) -> LevelColumns:
    """Lay flips and retests of known levels out as columns of `size` bars; of several at one bar the last known."""
    columns = np.zeros((2, size), np.int64)
    for column_, bar in zip(columns, (found.flip_bar, found.retest_bar), strict=True):
        known = (found.event_bar < found.flip_bar) & (bar != NEVER)
        column_[bar[known]] = -found.side[known]
    return LevelColumns(columns[0], columns[1])


def nearest(bars: Bars, reversal: float = 2.0, rules: LevelRules | None = None, n: int = 14) -> Nearest:
    """Columns of the nearest levels: those of `find` over the bars' zigzag. It goes on from bar to bar.

    Args:
        bars: any.
        reversal: of the zigzag, average true ranges, 0.1 to 100.
        rules: as for `find`.
        n: as for `find`.

    Raises:
        InvalidValue: a parameter is outside its range.
    """
    if (recall := recalled()) is None:
        return find(bars, zigzag(bars, reversal, n), rules, n).nearest
    inputs = [column(one) for one in (bars.high, bars.low, bars.close, bars.volume)]
    stream = LevelStream(reversal, rules, n)

    def go_on(rows: Sequence[FloatColumn]) -> NDArray[np.float64]:
        found = [stream.update(*row) for row in zip(*(one.tolist() for one in rows), strict=True)]
        return np.array(found, dtype=np.float64).reshape(len(found), -1).T

    return Nearest(*recall.follow(("levels", reversal, rules, n), inputs, lambda whole: (go_on(whole), go_on)))


class LevelStream:
    """`find` over `pivots.zigzag`, one bar at a time, to the last bit; O(most) per bar.

    Args:
        reversal: of the zigzag, average true ranges, 0.1 to 100.
        rules: as for `find`.
        n: as for `find`.
    """

    def __init__(self, reversal: float = 2.0, rules: LevelRules | None = None, n: int = 14) -> None:
        self._pivots, self._atr, self._usual = ZigzagStream(reversal, n), Atr(n), Sma(period(n))
        self._rules = _checked(rules or LevelRules())
        self._book, self._bar = kernels.new_level_book(self._rules.most), -1
        self._weights = {1: 1.0, -1: 1.0}
        self._out = np.full(4, np.nan)

    def update(self, high: float, low: float, close: float, volume: float) -> Nearest:
        """Take the next bar: the nearest levels after it."""
        self._bar += 1
        pivot, reach = self._pivots.update(high, low, close), self._atr.update(high, low, close)
        touch = (*pivot[1:], self._weights[pivot.side]) if pivot else _NO_TOUCH
        kernels.next_levels(self._book, self._bar, (high, low, close, reach), touch, self._rules, self._out)
        self._weigh(volume)
        return Nearest(*self._out.tolist())

    def _weigh(self, volume: float) -> None:
        # A pivot is weighed by the bar it stands at, so that of each end of the leg under way is kept.
        usual = self._usual.update(volume)
        weight = min(volume / usual, _MOST_WEIGHT) if usual > 0.0 else 1.0
        for side, bar in self._pivots.ends.items():
            if bar == self._bar:
                self._weights[side] = weight

    @property
    def known(self) -> Levels:
        """The levels that are followed after the last bar, in the order in which they became known."""
        rows = self._book.open[: int(self._book.now[0]["n_open"])]
        rows = rows[rows["row"] != NEVER]
        return _levels(rows[np.argsort(rows["row"])], self._bar, self._rules, Nearest(*self._out.tolist()))
