"""How the mark moves through a bar: by its own prices, at the pace of the trades.

Where a policy gives trades a path, the mark walks its own straight parts between its own open, extremes and close, and
has gone the same fraction of each. Points are those of `bar_path`. Where the mark is the last price, both are one.
"""

from __future__ import annotations

import numpy as np

from tradewright.kernels.bar_path import LEGS, NEVER, Course, corner
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.records import Market

__all__ = ["has_own_mark", "last_at_mark", "mark_along", "mark_at", "scaled"]


@lean_kernel
def has_own_mark(market: Market, k: int, step: int) -> bool:
    """Whether the mark of a bar differs from its trades: then it is not known which of two levels came first."""
    return bool(
        market.mark_open[k, step] != market.open[k, step]
        or market.mark_high[k, step] != market.high[k, step]
        or market.mark_low[k, step] != market.low[k, step]
        or market.mark_close[k, step] != market.close[k, step]
    )


@lean_kernel
def last_at_mark(market: Market, k: int, step: int, mark: int) -> int:
    """Price of trades while the mark stands at a price: as far from it as at the open, within the bar."""
    ticks = mark + market.open[k, step] - market.mark_open[k, step]
    return int(min(max(ticks, market.low[k, step]), market.high[k, step]))


@lean_kernel
def scaled(distance: int, whole: int, other: int) -> int:
    """The part of `other` that `distance` is of `whole`, rounded down; 0 of nothing. Exact where both are as long."""
    return int(np.floor(distance * (other / whole))) if whole > 0 else 0


@lean_kernel
def mark_corner(market: Market, course: Course, k: int, step: int, place: int) -> int:
    """One of the four corners of the mark's path: 0 the open, 3 the close."""
    if place == 0:
        return int(market.mark_open[k, step])
    if place == LEGS:
        return int(market.mark_close[k, step])
    return int(market.mark_high[k, step] if course.high_first == (place == 1) else market.mark_low[k, step])


@lean_kernel
def mark_at(market: Market, course: Course, k: int, step: int, passed: int) -> int:
    """Mark at a point of the path of trades."""
    left = passed
    leg = 1
    length = abs(corner(market, course, k, step, 1) - corner(market, course, k, step, 0))
    while leg < LEGS and left > length:
        left -= length
        leg += 1
        length = abs(corner(market, course, k, step, leg) - corner(market, course, k, step, leg - 1))
    before = mark_corner(market, course, k, step, leg - 1)
    after = mark_corner(market, course, k, step, leg)
    gone = scaled(left, length, abs(after - before))
    return before + gone if after > before else before - gone


@lean_kernel
def mark_along(market: Market, course: Course, k: int, step: int, passed: int, limits: tuple[bool, int]) -> int:
    """Point of the path, at or after `passed`, at which the mark is at a price or beyond; NEVER where it is not.

    `limits` are whether the mark must fall, and the price.
    """
    below, level = limits
    start = 0
    for leg in range(1, LEGS + 1):
        length = abs(corner(market, course, k, step, leg) - corner(market, course, k, step, leg - 1))
        before = mark_corner(market, course, k, step, leg - 1)
        after = mark_corner(market, course, k, step, leg)
        if start + length >= passed and (after <= level if below else after >= level):
            way = max(before - level if below else level - before, 0)
            return max(start + scaled(way, abs(after - before), length), passed)
        start += length
    return NEVER
