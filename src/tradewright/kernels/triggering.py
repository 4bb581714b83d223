"""Which price a trigger watches, the last or the mark, and what the one says of the other (rules S-1, S-5, S-10).

Inside a bar both series are known by their open, extremes and close alone. Where the mark is its own, the one is taken
to stand as far from the other as at the open, within its own extremes; fills that hang on their order are flagged.
"""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import Arrival, OrderType, TriggerBy
from tradewright.kernels.bar_path import NEVER, Course
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.doubt import is_adverse, is_unproven
from tradewright.kernels.mark_path import has_own_mark, last_at_mark, mark_along, mark_at, scaled
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market
from tradewright.kernels.touching import follows_price, is_reached, own_ticks, waits_below

__all__ = [
    "asked_trigger",
    "close_seen",
    "is_guarded",
    "is_guess",
    "is_held_back",
    "is_held_inside",
    "is_young",
    "last_when_met",
    "may_be_reached",
    "moves_as",
    "open_seen",
    "seen_at",
    "watch",
    "watches_mark",
    "when_marked",
]


@lean_kernel
def asked_trigger(market: Market, rules: Rules, row: int) -> int:
    """TriggerBy of what the signal in a row brings about: its own word, or else the run's."""
    own = market.signals[row]["trigger_by"] if row >= 0 else 0
    return int(own - 1 if own > 0 else rules.trigger_by)


@lean_kernel
def watch(order: Any, by: int, protected: bool) -> None:
    """Say which price triggers an order, and whether it is protected; a trailing stop always follows the last."""
    unwatched = (OrderType.MARKET.value, OrderType.LIMIT.value, OrderType.TRAILING_STOP.value)
    if order["type"] not in unwatched:
        order["trigger_by"] = by
        order["protected"] = protected


@lean_kernel
def watches_mark(order: Any) -> bool:
    """Whether the mark brings an order to life; what has become a limit meets trades."""
    return bool(order["trigger_by"] == TriggerBy.MARK and order["type"] != OrderType.LIMIT)


@lean_kernel
def open_seen(market: Market, order: Any, step: int) -> int:
    """The open of the price that an order watches."""
    k = order["instrument"]
    return int(market.mark_open[k, step] if watches_mark(order) else market.open[k, step])


@lean_kernel
def close_seen(market: Market, order: Any, step: int) -> int:
    """The close of the price that an order watches."""
    k = order["instrument"]
    return int(market.mark_close[k, step] if watches_mark(order) else market.close[k, step])


@lean_kernel
def mark_at_last(market: Market, k: int, step: int, last: int) -> int:
    """The mark while trades stand at a price: as far from them as at the open, within its own extremes."""
    ticks = last + market.mark_open[k, step] - market.open[k, step]
    return int(min(max(ticks, market.mark_low[k, step]), market.mark_high[k, step]))


@lean_kernel
def seen_at(market: Market, order: Any, step: int, last: int) -> int:
    """What an order sees while trades stand at a price."""
    return mark_at_last(market, order["instrument"], step, last) if watches_mark(order) else last


@lean_kernel
def last_when_met(market: Market, order: Any, step: int) -> int:
    """Price of trades while the price that an order watches stands where the order does."""
    ticks = own_ticks(order)
    return last_at_mark(market, order["instrument"], step, ticks) if watches_mark(order) else ticks


@lean_kernel
def moves_as(market: Market, order: Any, step: int, was_moved: bool) -> int:
    """How price was moving when the bar brought an order to life, as an Arrival.

    A stop that the bar's own extreme has moved fires after that extreme; of the other one nothing is known.
    """
    if was_moved or (watches_mark(order) and has_own_mark(market, order["instrument"], step)):
        return Arrival.IN_DOUBT.value
    return Arrival.ON_STOP.value if follows_price(order) else Arrival.ON_LIMIT.value


@lean_kernel
def is_young(market: Market, order: Any, step: int, below: bool) -> bool:
    """Whether an order may be younger than the low, or the high, of the price that it watches."""
    own = watches_mark(order) and has_own_mark(market, order["instrument"], step)
    born_inside = order["step"] == step and order["arrival"] != Arrival.AT_OPEN
    return bool(born_inside) if own else is_unproven(order, step, below)


@lean_kernel
def may_be_reached(market: Market, order: Any, step: int) -> bool:
    """Whether the bar holds a price that would bring an order to life, and nothing surely holds it back."""
    k = order["instrument"]
    by_mark = watches_mark(order)
    low = market.mark_low[k, step] if by_mark else market.low[k, step]
    high = market.mark_high[k, step] if by_mark else market.high[k, step]
    if not is_reached(order, low, high):
        return False
    return not is_held_inside(market, order, step) or is_guess(market, order, step)


@lean_kernel
def when_marked(market: Market, course: Course, order: Any, step: int, held: int, passed: int) -> int:
    """When the mark brings a resting order to life: it has gone as much of its way as trades of theirs."""
    k = order["instrument"]
    below = waits_below(order)
    level = own_ticks(order)
    if course.has_path:
        here = mark_at(market, course, k, step, passed)
        if is_reached(order, here, here):
            return passed
        return mark_along(market, course, k, step, passed, (below, level))
    comes_first = is_adverse(order, held) == course.adverse_first
    worst = market.mark_low[k, step] if below else market.mark_high[k, step]
    extreme = market.low[k, step] if below else market.high[k, step]
    reach = worst
    if (held == 0 or not comes_first) and is_young(market, order, step, below):
        reach = market.mark_close[k, step]
    if not is_reached(order, reach, reach):
        return NEVER
    start = market.mark_open[k, step]
    way = max(start - level if below else level - start, 0)
    distance = scaled(way, abs(worst - start), abs(extreme - market.open[k, step]))
    return int(distance if comes_first else distance + 2 * market.high[k, step])


@lean_kernel
def is_guarded(market: Market, order: Any) -> bool:
    """Whether an order's trigger can be held back at all."""
    has_limit = market.specs[order["instrument"]]["trigger_protect"] > 0.0
    return bool(order["protected"] and has_limit and order["type"] != OrderType.LIMIT)


@lean_kernel
def is_held_back(market: Market, order: Any, mark: int, last: int) -> bool:
    """Whether mark and last lie too far apart for a protected trigger (rule S-10)."""
    limit = market.specs[order["instrument"]]["trigger_protect"]
    return bool(is_guarded(market, order) and abs(mark - last) > limit * mark)


@lean_kernel
def met_at(market: Market, order: Any, step: int) -> int:
    """Where a bar meets an order's trigger: at the trigger, or at an open that has passed it and was held back."""
    ticks = own_ticks(order)
    if order["step"] == step and order["arrival"] != Arrival.AT_OPEN:
        return ticks
    start = open_seen(market, order, step)
    return min(ticks, start) if waits_below(order) else max(ticks, start)


@lean_kernel
def is_held_with(market: Market, order: Any, step: int, other: int) -> bool:
    """Whether an order is held back where the bar meets it while the price that it does not watch is at `other`."""
    own = met_at(market, order, step)
    return is_held_back(market, order, own if watches_mark(order) else other, other if watches_mark(order) else own)


@lean_kernel
def is_held_inside(market: Market, order: Any, step: int) -> bool:
    """Whether an order is held back where the inside of a bar meets it."""
    if not is_guarded(market, order):
        return False
    k = order["instrument"]
    ticks = met_at(market, order, step)
    other = last_at_mark(market, k, step, ticks) if watches_mark(order) else mark_at_last(market, k, step, ticks)
    return is_held_with(market, order, step, other)


@lean_kernel
def is_guess(market: Market, order: Any, step: int) -> bool:
    """Whether the bar allows that an order is held back, and that it is not."""
    k = order["instrument"]
    if not is_guarded(market, order) or not has_own_mark(market, k, step):
        return False
    by_mark = watches_mark(order)
    low = int(market.low[k, step] if by_mark else market.mark_low[k, step])
    high = int(market.high[k, step] if by_mark else market.mark_high[k, step])
    nearest = min(max(met_at(market, order, step), low), high)
    farthest_holds = is_held_with(market, order, step, low) or is_held_with(market, order, step, high)
    return farthest_holds and not is_held_with(market, order, step, nearest)
