"""Trailing stops: they wait for their activation, then follow the price at a distance, and never turn back.

`level_ticks` is the activation until an order is armed, and its trigger from then on. The best price since it was
placed need not be kept: a trigger that never turns back remembers it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tradewright.domain.enums import OrderStatus, OrderType
from tradewright.kernels.bar_path import NEVER, Course, corner
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.doubt import is_adverse, is_unproven
from tradewright.kernels.records import Market, World

__all__ = [
    "Chase",
    "chase",
    "follow_open",
    "follow_to",
    "follow_trade",
    "is_active_already",
    "is_past",
    "lifted",
    "next_lift",
    "start_trailing",
    "trails",
]

_LEGS = 3
_PERMILLE = 1_000


class Chase(NamedTuple):
    """A trailing stop on its way along a path."""

    when: int  # point at which it fires; NEVER where it does not
    armed: bool
    level: int  # activation or trigger, there


@lean_kernel
def trails(order: Any) -> bool:
    """Whether an order follows the price: it has arrived, and has not been triggered."""
    is_there = order["status"] != OrderStatus.PENDING and not order["triggered"]
    return bool(is_there and order["type"] == OrderType.TRAILING_STOP)


@lean_kernel
def trail(order: Any, best: int) -> int:
    """The trigger that a best price gives: a callback away from it, in whole ticks, to the far side.

    Binance: a sale fires at or below `highest * (1 - callback)`, a purchase at or above `lowest * (1 + callback)`.
    """
    callback = int(order["callback"])
    if order["side"] < 0:
        return best * (_PERMILLE - callback) // _PERMILLE
    return -(-best * (_PERMILLE + callback) // _PERMILLE)


@lean_kernel
def lifted(order: Any, armed: bool, level: int, best: int) -> tuple[bool, int]:
    """What an order that stands at a level is after the price has been at `best`: armed, and where."""
    sells = order["side"] < 0
    if not armed and (best < level if sells else best > level):
        return False, level
    trigger = trail(order, best)
    if armed:
        trigger = max(level, trigger) if sells else min(level, trigger)
    return True, trigger


@lean_kernel
def is_past(order: Any, level: int, ticks: int) -> bool:
    """Whether a price is at a trigger or beyond it."""
    return bool(ticks <= level if order["side"] < 0 else ticks >= level)


@lean_kernel
def is_active_already(order: Any, ticks: int) -> bool:
    """Whether the price is at the activation of an order that arrives, or beyond it: a venue refuses it then."""
    if order["type"] != OrderType.TRAILING_STOP or order["level_ticks"] == 0:
        return False
    return bool(ticks >= order["level_ticks"] if order["side"] < 0 else ticks <= order["level_ticks"])


@lean_kernel
def next_lift(order: Any) -> int:
    """The nearest price that moves an armed order's trigger."""
    level = int(order["level_ticks"])
    callback = int(order["callback"])
    if order["side"] < 0:
        return -(-(level + 1) * _PERMILLE // (_PERMILLE - callback))
    return (level - 1) * _PERMILLE // (_PERMILLE + callback)


@lean_kernel
def start_trailing(order: Any, ticks: int) -> None:
    """Place an order at a price, from which its extremes count; without activation, or beyond it, it is armed."""
    level = int(order["level_ticks"])
    if level == 0:
        armed, level = True, trail(order, ticks)
    else:
        armed, level = lifted(order, False, level, ticks)
    order["armed"] = armed
    order["level_ticks"] = level


@lean_kernel
def follow_trade(order: Any, ticks: int) -> None:
    """Let a trailing stop follow one trade; where it was placed before the first one, it begins there."""
    if not order["armed"] and order["level_ticks"] == 0:
        start_trailing(order, ticks)
        return
    armed, level = lifted(order, bool(order["armed"]), int(order["level_ticks"]), ticks)
    order["armed"] = armed
    order["level_ticks"] = level


@lean_kernel
def extremes(market: Market, order: Any, step: int) -> tuple[int, int]:
    """The bar's extreme on the side where an order fires, and the one that moves its trigger."""
    k = order["instrument"]
    low, high = int(market.low[k, step]), int(market.high[k, step])
    return (low, high) if order["side"] < 0 else (high, low)


@lean_kernel
def when_side_first(market: Market, order: Any, step: int) -> Chase:
    """When an order fires if its side of the bar comes first: at its old trigger, or after the other extreme moved it.

    The second ranks behind everything else in the bar. What may be younger than that extreme is not moved by it.
    """
    near, far = extremes(market, order, step)
    k = order["instrument"]
    armed, level = bool(order["armed"]), int(order["level_ticks"])
    if armed and is_past(order, level, near):
        return Chase(int(abs(level - market.open[k, step])), True, level)
    below = order["side"] < 0
    armed, level = lifted(order, armed, level, far)
    if not armed or not is_past(order, level, near) or is_unproven(order, step, not below):
        return Chase(NEVER, armed, level)
    high = int(market.high[k, step])
    return Chase(4 * high + abs(far - level), True, level)


@lean_kernel
def when_side_last(market: Market, order: Any, step: int) -> Chase:
    """When an order fires if the other extreme comes first and moves it: where the bar proves that it fires at all."""
    near, far = extremes(market, order, step)
    k = order["instrument"]
    below = order["side"] < 0
    close, start = int(market.close[k, step]), int(market.open[k, step])
    before = bool(order["armed"]) and is_past(
        order, int(order["level_ticks"]), close if is_unproven(order, step, below) else near
    )
    armed, level = lifted(order, bool(order["armed"]), int(order["level_ticks"]), far)
    if not armed or not (before or is_past(order, level, close)):
        return Chase(NEVER, armed, level)
    return Chase(2 * int(market.high[k, step]) + (start - level if below else level - start), True, level)


@lean_kernel
def when_trailed(market: Market, course: Course, order: Any, step: int, held: int, passed: int) -> Chase:
    """When the bar brings a trailing stop to life, and at which trigger."""
    if course.has_path:
        return chase(market, course, order, step, passed, NEVER)
    if is_adverse(order, held) == course.adverse_first:
        return when_side_first(market, order, step)
    return when_side_last(market, order, step)


@lean_kernel
def is_in_reach(market: Market, order: Any, step: int) -> bool:
    """Whether the bar holds a price that would fire the order at the highest trigger that the bar gives it."""
    near, far = extremes(market, order, step)
    armed, level = lifted(order, bool(order["armed"]), int(order["level_ticks"]), far)
    return armed and is_past(order, level, near)


@lean_kernel
def moves_before(market: Market, order: Any, step: int, ticks: int) -> bool:
    """Whether the bar may move an order's trigger to where it fires before a price on the same side is reached."""
    _, far = extremes(market, order, step)
    armed, level = lifted(order, bool(order["armed"]), int(order["level_ticks"]), far)
    moved = armed and (level != order["level_ticks"] or not order["armed"])
    return moved and (level > ticks if order["side"] < 0 else level < ticks)


@lean_kernel
def is_doubtful(market: Market, order: Any, step: int) -> bool:
    """Whether the bar allows that the order fires elsewhere, or not at all: it was moved, or not, before it fired."""
    near, far = extremes(market, order, step)
    old = int(order["level_ticks"])
    armed, level = lifted(order, bool(order["armed"]), old, far)
    if armed and order["armed"] and level == old:
        return False
    if order["armed"] and is_past(order, old, near):
        return True
    close = int(market.close[order["instrument"], step])
    return not is_past(order, level, close) or is_unproven(order, step, order["side"] > 0)


@lean_kernel
def end_bar(market: Market, course: Course, order: Any, step: int, held: int, passed: int) -> bool:
    """Let an order take a bar's last word on its trigger; returns whether the bar leaves that in doubt."""
    _, far = extremes(market, order, step)
    close = int(market.close[order["instrument"], step])
    armed, level = bool(order["armed"]), int(order["level_ticks"])
    unproven = is_unproven(order, step, order["side"] > 0)
    doubtful = unproven and lifted(order, armed, level, far) != lifted(order, armed, level, close)
    if course.has_path:
        found = chase(market, course, order, step, passed, NEVER)
        armed, level = found.armed, found.level
    else:
        granted = is_adverse(order, held) != course.adverse_first
        armed, level = lifted(order, armed, level, close if unproven and not granted else far)
    order["armed"] = armed
    order["level_ticks"] = level
    return doubtful


@lean_kernel
def chase(market: Market, course: Course, order: Any, step: int, passed: int, until: int) -> Chase:
    """Walk an order along a path from one point to another, or to where it fires; nothing is changed."""
    k = order["instrument"]
    falls = order["side"] < 0
    armed, level = bool(order["armed"]), int(order["level_ticks"])
    start = 0
    before = corner(market, course, k, step, 0)
    for leg in range(1, _LEGS + 1):
        after = corner(market, course, k, step, leg)
        length = abs(after - before)
        if start + length >= passed and start <= until:
            way = 1 if after > before else -1
            here = before + way * max(passed - start, 0)
            there = before + way * min(until - start, length)
            if (way < 0) == falls:
                armed, level = lifted(order, armed, level, here)
                if armed and is_past(order, level, there):
                    return Chase(max(start + abs(level - before), passed), armed, level)
            else:
                armed, level = lifted(order, armed, level, there)
        start += length
        before = after
    return Chase(NEVER, armed, level)


@lean_kernel
def follow_to(world: World, market: Market, course: Course, k: int, step: int, way: tuple[int, int]) -> None:
    """Let every trailing stop of an instrument follow a path from one point to another."""
    for slot in range(world.positions[k]["n_orders"]):
        order = world.orders[k, slot]
        if trails(order):
            found = chase(market, course, order, step, way[0], way[1])
            order["armed"] = found.armed
            order["level_ticks"] = found.level


@lean_kernel
def follow_open(world: World, k: int, ticks: int) -> None:
    """Let every trailing stop of an instrument know the open."""
    for slot in range(world.positions[k]["n_orders"]):
        order = world.orders[k, slot]
        if trails(order):
            armed, level = lifted(order, bool(order["armed"]), int(order["level_ticks"]), ticks)
            order["armed"] = armed
            order["level_ticks"] = level
