"""How a policy reads a bar: which side of it comes first, and for the policies with a path, the way along it.

A path runs straight from the open to one extreme, to the other, and to the close. A point on it is the distance, in
ticks, that price has travelled since the open; an order that comes into being at a point knows only the path behind it.
"""

from __future__ import annotations

from typing import NamedTuple

from tradewright.domain.enums import Ambiguity
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market
from tradewright.kernels.rows import first_row

__all__ = ["LEGS", "NEVER", "Course", "Wait", "along", "corner", "read_bar", "stirred"]

NEVER = 1 << 62
LEGS = 3
_PRIME = 2_147_483_647
_FACTOR = 48_271


class Course(NamedTuple):
    """How one bar is read."""

    has_path: bool
    adverse_first: bool  # without a path: the side of the open position that comes first, and that gets the doubt
    high_first: bool  # of a path


class Wait(NamedTuple):
    """What waits for price to come by."""

    below: bool
    trigger: int  # first price at which it acts
    level: int  # its own price; where it stands on the path


@lean_kernel
def stirred(seed: int, ts: int, number: int) -> int:
    """A number below 2**31 - 1 that is the same for the same inputs: Lehmer's generator, bits stirred between them."""
    state = seed % _PRIME
    for word in (ts // 1_000_000_000, number, 1, 1):
        state = ((state ^ (state >> 15)) + word) % _PRIME * _FACTOR % _PRIME
    return int(state)


@lean_kernel
def coin(seed: int, ts: int, k: int) -> bool:
    """Toss a coin that falls the same way for the same bar."""
    return bool(stirred(seed, ts, k + 1) & 0x4000)


@lean_kernel
def read_bar(market: Market, rules: Rules, k: int, step: int) -> Course:
    """Apply the run's policy to one bar."""
    policy = rules.ambiguity
    high_first = policy == Ambiguity.OHLC
    if policy == Ambiguity.ADAPTIVE:
        start = market.open[k, step]
        high_first = market.high[k, step] - start < start - market.low[k, step]
    elif policy == Ambiguity.RANDOM:
        high_first = coin(rules.seed, market.ts_open[step], first_row(market, k))
    adverse_first = policy == Ambiguity.WORST
    if policy == Ambiguity.SUBBAR:
        adverse_first = True
    has_path = Ambiguity.OHLC <= policy <= Ambiguity.RANDOM
    return Course(bool(has_path), bool(adverse_first), bool(high_first))


@lean_kernel
def corner(market: Market, course: Course, k: int, step: int, place: int) -> int:
    """One of the four corners of a path: 0 the open, 3 the close."""
    if place == 0:
        return int(market.open[k, step])
    if place == LEGS:
        return int(market.close[k, step])
    return int(market.high[k, step] if course.high_first == (place == 1) else market.low[k, step])


@lean_kernel
def along(market: Market, course: Course, k: int, step: int, passed: int, wait: Wait) -> int:
    """Point of the path, at or after `passed`, at which something that waits is met; NEVER where it is not."""
    start = 0
    before = corner(market, course, k, step, 0)
    for leg in range(1, LEGS + 1):
        after = corner(market, course, k, step, leg)
        end = start + abs(after - before)
        met = after <= wait.trigger <= before if wait.below else before <= wait.trigger <= after
        if met and start + abs(wait.trigger - before) >= passed:
            return max(start + abs(wait.level - before), passed)
        start, before = end, after
    return NEVER
