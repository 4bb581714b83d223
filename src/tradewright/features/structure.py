"""Smart-money structure, causally: swings, breaks, fair-value gaps, order blocks, sweeps, dealing range.

Everything is a list of events that only grows. `event_bar` is when a thing became known, `ref_bar` where it stands on
the chart; to know the state at bar t, use the events with event_bar <= t. Side +1 points up, -1 down.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from tradewright.features.columns import column, period
from tradewright.features.recall import over_the_whole
from tradewright.kernels import structure as kernels
from tradewright.market.bars import Bars, FloatColumn, IntColumn

__all__ = [
    "BreakKind",
    "Breaks",
    "Structure",
    "Sweeps",
    "Swings",
    "Zones",
    "dealing_range",
    "displacement",
    "fair_value_gaps",
    "market_structure",
    "mirrored",
    "order_blocks",
    "sweeps",
    "swings",
]


class BreakKind(IntEnum):
    """What a break of structure means."""

    INIT = kernels.INIT
    """The first break: there was no trend."""
    BOS = kernels.BOS
    """Break of structure: with the trend."""
    CHOCH = kernels.CHOCH
    """Change of character: against it."""


class Swings(NamedTuple):
    """Confirmed swings. An event of the same side as the one before it takes that one's place."""

    event_bar: IntColumn
    ref_bar: IntColumn
    side: IntColumn
    """+1 a swing high, -1 a swing low."""
    level: FloatColumn


class Breaks(NamedTuple):
    """Closes beyond the last swing."""

    event_bar: IntColumn
    ref_bar: IntColumn
    """Where the broken swing stands."""
    side: IntColumn
    kind: IntColumn
    """BreakKind."""
    level: FloatColumn


class Structure(NamedTuple):
    """Swings, their breaks, and the trend after each close: +1, -1, or 0 while unknown."""

    swings: Swings
    breaks: Breaks
    trend: IntColumn


class Zones(NamedTuple):
    """Price zones: gaps or order blocks."""

    event_bar: IntColumn
    ref_bar: IntColumn
    side: IntColumn
    bottom: FloatColumn
    top: FloatColumn


class Sweeps(NamedTuple):
    """Bars that took liquidity beyond old swings and closed back."""

    event_bar: IntColumn
    ref_bar: IntColumn
    """Where the farthest swept swing stands."""
    level: FloatColumn
    touches: IntColumn
    """How many swings the swept pool held."""


@over_the_whole
def swings(bars: Bars, k: int) -> Swings:
    """Find swing highs and lows, each known k bars after its extreme.

    A swing high at bar i is the greatest high of bars i-k+1 to i+k. Equals `smartmoneyconcepts.swing_highs_lows` on
    every prefix, without the invented swings at its two ends.
    """
    return Swings(*kernels.swing_events(column(bars.high), column(bars.low), period(k)))


@over_the_whole
def market_structure(bars: Bars, k: int) -> Structure:
    """Find swings of length k, the closes that break them, and the trend."""
    found = swings(bars, k)
    at, row, side, kind, trend = kernels.break_events(column(bars.close), found.event_bar, found.side, found.level)
    return Structure(found, Breaks(at, found.ref_bar[row], side, kind, found.level[row]), trend)


@over_the_whole
def fair_value_gaps(bars: Bars, least: FloatColumn | float = 0.0) -> Zones:
    """Find gaps between the first and third of three bars; known at the third, standing at the second.

    Upwards: low[t] > high[t-2] and the middle bar closed above its open; the zone is [high[t-2], low[t]].

    Args:
        bars: any.
        least: smallest height of a gap, quote per base, one for all or one per bar; NaN lets none pass.
    """
    first_high, first_low = bars.high[:-2], bars.low[:-2]
    last_high, last_low = bars.high[2:], bars.low[2:]
    body = (bars.close - bars.open)[1:-1]
    floor = np.broadcast_to(np.asarray(least, np.float64), bars.close.shape)[2:]
    up = (last_low > first_high) & (body > 0.0) & (last_low - first_high >= floor)
    down = (last_high < first_low) & (body < 0.0) & (first_low - last_high >= floor)
    row = np.flatnonzero(up | down)
    side = np.where(up[row], 1, -1)
    bottom = np.where(up, first_high, last_high)[row]
    top = np.where(up, last_low, first_low)[row]
    return Zones(row + 2, row + 1, side, bottom, top)


def order_blocks(bars: Bars, breaks: Breaks, at_extreme: bool = False) -> Zones:
    """Find, for each break, the last bar against it before the leg that broke; known at the break.

    Upwards: the leg begins at the lowest low after the broken swing; the block is the last bar at or before it, but
    after the swing, that closed below its open, or that lowest bar itself where there is none. The zone is low to high.

    Args:
        bars: any.
        breaks: of these bars.
        at_extreme: the block is that lowest bar itself, whichever way it closed, the last of equal ones and never the
            breaking bar: `smartmoneyconcepts.ob`.
    """
    rows = zip(breaks.ref_bar.tolist(), breaks.event_bar.tolist(), breaks.side.tolist(), strict=True)
    place = _extreme if at_extreme else _block
    ref = np.array([place(bars, swing + 1, end, side) for swing, end, side in rows], dtype=np.int64)
    return Zones(breaks.event_bar, ref, breaks.side, bars.low[ref], bars.high[ref])


def _block(bars: Bars, start: int, end: int, side: int) -> int:
    leg = slice(start, end + 1)
    origin = start + int(np.argmin(bars.low[leg]) if side > 0 else np.argmax(bars.high[leg]))
    before = slice(start, origin + 1)
    against = (bars.close[before] - bars.open[before]) * side < 0.0
    return start + int(np.flatnonzero(against)[-1]) if against.any() else origin


def _extreme(bars: Bars, start: int, end: int, side: int) -> int:
    depth = bars.low[start:end] if side > 0 else -bars.high[start:end]
    return start + int(np.flatnonzero(depth == depth.min())[-1])


def displacement(bars: Bars, breaks: Breaks, blocks: Zones) -> FloatColumn:
    """The greatest body, with the break, of the bars from its order block to it: quote per base, one for each break.

    A change of character with a body of, say, 1.5 average true ranges is what some call a market structure shift.

    Args:
        bars: any.
        breaks: of these bars.
        blocks: those of the breaks, from `order_blocks`.
    """
    rows = zip(blocks.ref_bar.tolist(), breaks.event_bar.tolist(), breaks.side.tolist(), strict=True)
    bodies = [((bars.close[ref : end + 1] - bars.open[ref : end + 1]) * side).max() for ref, end, side in rows]
    return np.maximum(np.array(bodies, dtype=np.float64), 0.0)


def sweeps(bars: Bars, found: Swings, near: FloatColumn) -> Sweeps:
    """Find bars that dip below untaken swing lows and close back above the lowest of them (sell-side liquidity).

    For buy-side liquidity give `mirrored` bars and their swings.

    Args:
        bars: any.
        found: the bars' swings.
        near: distance within which swept lows form one pool, one per bar (0.1 ATR is usual).
    """
    is_low = found.side < 0
    event, level = found.event_bar[is_low], found.level[is_low]
    at, row, touches = kernels.sweep_events(column(bars.low), column(bars.close), (event, level), column(near))
    return Sweeps(at, found.ref_bar[is_low][row], level[row], touches)


def dealing_range(found: Swings, size: int) -> tuple[FloatColumn, FloatColumn]:
    """The last confirmed swing low and swing high as known at each of `size` bars; NaN before the first.

    A price in the lower half of the range is at a discount, in the upper half at a premium.
    """
    low, high = (_held(found, side, size) for side in (-1, 1))
    return low, high


def _held(found: Swings, side: int, size: int) -> FloatColumn:
    chosen = found.side == side
    levels = np.concatenate((np.array([np.nan]), found.level[chosen]))
    known = np.searchsorted(found.event_bar[chosen], np.arange(size), side="right")
    return levels[known]


def mirrored(bars: Bars) -> Bars:
    """The market upside down: every price with its sign turned, so that what finds longs finds shorts."""
    return bars._replace(open=-bars.open, high=-bars.low, low=-bars.high, close=-bars.close)
