"""What becomes of price zones: gaps filled, blocks mitigated and turned into breakers, pools swept; premium, discount.

`structure` finds zones; here each is followed from the bar after it became known. Facts of a bar t are in columns;
a life (`ZoneLives`, `Pools`) is what is known after the last bar, so ask with bars cut at t for what was known at t.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from tradewright.domain.timeframe import Timeframe
from tradewright.features.columns import column
from tradewright.features.ranges import whole
from tradewright.features.recall import over_the_whole
from tradewright.features.structure import Swings, Zones, dealing_range
from tradewright.kernels import liquidity as pool_kernels
from tradewright.kernels import zones as kernels
from tradewright.kernels.zones import NEVER
from tradewright.market.alignment import as_of_close
from tradewright.market.bars import Bars, FloatColumn, IntColumn
from tradewright.market.resample import resample

__all__ = [
    "NEVER",
    "PoolState",
    "Pools",
    "ZoneLives",
    "ZoneState",
    "flipped",
    "liquidity_pools",
    "premium_discount",
    "previous_range",
    "zone_lives",
]


class ZoneState(IntEnum):
    """How far price went into a zone, as of the last bar."""

    OPEN = kernels.OPEN
    """Not entered since it became known."""
    TOUCHED = kernels.TOUCHED
    """Entered: of a block, mitigated."""
    HALF = kernels.HALF
    """Its middle was reached (consequent encroachment)."""
    FILLED = kernels.FILLED
    """Its far side was reached."""
    BROKEN = kernels.BROKEN
    """A close beyond its far side: an inverse gap, a breaker block; the zone now works the other way."""
    FORGOTTEN = kernels.FORGOTTEN
    """Too many open zones, and this was the oldest."""


class PoolState(IntEnum):
    """What became of a pool, as of the last bar."""

    OPEN = pool_kernels.OPEN
    """Not taken."""
    SWEPT = pool_kernels.SWEPT
    """Taken by a bar that closed back inside."""
    RUN = pool_kernels.RUN
    """Taken by a bar that did not come back."""
    FORGOTTEN = pool_kernels.FORGOTTEN
    """Too many open pools, and this was the oldest."""


class ZoneLives(NamedTuple):
    """One row for each zone given, in its order, and columns for each bar. Bars are NEVER (-1) until they happen."""

    state: IntColumn
    """ZoneState."""
    touched_bar: IntColumn
    half_bar: IntColumn
    filled_bar: IntColumn
    end_bar: IntColumn
    """The bar that broke it, or at which it was forgotten."""
    demand: tuple[FloatColumn, FloatColumn]
    """Per bar: bottom and top of the open demand zone (side +1) with the highest top; NaN if there is none."""
    supply: tuple[FloatColumn, FloatColumn]
    """Per bar: bottom and top of the open supply zone (side -1) with the lowest bottom."""


class Pools(NamedTuple):
    """Equal highs (side +1) and equal lows (side -1), those that ended first; and columns for each bar."""

    event_bar: IntColumn
    """The bar that confirmed the second swing."""
    ref_bar: IntColumn
    """Where the first swing stands."""
    side: IntColumn
    bottom: FloatColumn
    top: FloatColumn
    touches: IntColumn
    """How many swings it held, as of its end or the last bar; bottom and top likewise."""
    state: IntColumn
    """PoolState."""
    end_bar: IntColumn
    """The bar that took it; NEVER (-1) while open."""
    above: FloatColumn
    """Per bar: the nearest open pool of highs; NaN if there is none."""
    below: FloatColumn
    """Per bar: the nearest open pool of lows."""


def zone_lives(bars: Bars, zones: Zones, most: int = 200) -> ZoneLives:
    """Follow gaps or blocks: touched, half filled, filled, broken; each from the bar after it became known.

    A zone is touched when a bar reaches its near side, filled when one reaches its far side, broken by a close beyond
    that. Broken zones are no longer followed; nothing is ever deleted.

    Args:
        bars: any.
        zones: of these bars, ascending in `event_bar`.
        most: open zones followed at once, 1 to 10,000; one more, and the oldest is forgotten.

    Raises:
        InvalidValue: `most` is outside its range.
    """
    book = kernels.new_zone_book(whole("most", most, 1, 10_000))
    prices = column(bars.high), column(bars.low), column(bars.close)
    rows = zones.event_bar, zones.side, column(zones.bottom), column(zones.top)
    lives, near = kernels.zone_lives(prices, rows, book)
    touched, half, filled = (lives[name].copy() for name in ("touched_bar", "half_bar", "filled_bar"))
    state, end = lives["state"].copy(), lives["end_bar"].copy()
    return ZoneLives(state, touched, half, filled, end, (near[0], near[1]), (near[2], near[3]))


def flipped(zones: Zones, lives: ZoneLives) -> Zones:
    """Give the broken zones anew, working the other way: inverse gaps, breaker blocks; known when they broke."""
    rows = np.flatnonzero(lives.state == ZoneState.BROKEN)
    rows = rows[np.argsort(lives.end_bar[rows], kind="stable")]
    return Zones(lives.end_bar[rows], zones.ref_bar[rows], -zones.side[rows], zones.bottom[rows], zones.top[rows])


def liquidity_pools(bars: Bars, found: Swings, near: FloatColumn, most: int = 200) -> Pools:
    """Find equal highs and equal lows, and follow them until price takes them.

    A swing joins the nearest open pool of its side whose extreme lies within `near` of it; two swings make a pool. Its
    level is its extreme: the highest of the highs, the lowest of the lows. A bar beyond it that closes back sweeps it.

    Args:
        bars: any.
        found: the bars' swings (or zigzag).
        near: distance within which swings are equal, quote per base, one per bar (0.1 ATR is usual; NaN joins none).
        most: open pools followed at once, single swings included, 1 to 10,000. One more, and the oldest is forgotten.

    Raises:
        InvalidValue: `most` is outside its range.
    """
    book = pool_kernels.new_pool_book(whole("most", most, 1, 10_000))
    prices = column(bars.high), column(bars.low), column(bars.close)
    swings = found.event_bar, found.ref_bar, found.side, column(found.level)
    rows, level = pool_kernels.pool_lives(prices, swings, column(near), book)
    event, ref, side = (rows[name].copy() for name in ("event_bar", "first_bar", "side"))
    bottom, top = rows["bottom"].copy(), rows["top"].copy()
    touches, state, end = (rows[name].copy() for name in ("touches", "state", "end_bar"))
    return Pools(event, ref, side, bottom, top, touches, state, end, level[0], level[1])


def premium_discount(bars: Bars, found: Swings) -> FloatColumn:
    """Where the close stands between the last confirmed swing low (0) and swing high (1).

    Above 0.5 is premium, below discount; outside 0 to 1 the range was left. NaN until there are both, and while the
    high is not above the low.
    """
    low, high = dealing_range(found, bars.close.size)
    span = np.where(high > low, high - low, np.nan)
    return (bars.close - low) / span


@over_the_whole
def previous_range(bars: Bars, every: str = "1d") -> tuple[FloatColumn, FloatColumn]:
    """Low and high of the last completed day, week or other span, in UTC: where stops of many rest.

    At the close of a day's last bar that day is the last completed one. NaN before one is complete.

    Args:
        bars: any, of one timeframe.
        every: length of the span, a whole multiple of that timeframe: `4h`, `1d`, `1w`.

    Returns:
        Lows and highs, quote per base, one for each bar.

    Raises:
        InvalidValue: no such length, or the bars do not divide it.
    """
    span = Timeframe.parse(every, "every")
    if not bars.close.size:
        return bars.low, bars.high
    longer = resample(bars, Timeframe(int(bars.ts_close[0] - bars.ts_open[0])), span)
    row = as_of_close(bars.ts_close, longer.ts_close)
    low, high = (np.append(one, np.nan)[row] for one in (longer.low, longer.high))
    return low, high
