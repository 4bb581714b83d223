"""The exits of an entry: they come with its first fill, grow with each further one, and shrink together.

Orders that a strategy has linked shrink together as well: a fill of one is a fill of all.

Leg 0 is the stop-loss, leg 1 the trailing stop, legs 2 to 5 the targets. Stop and trailing stop each guard the whole
position; each target takes its share of it, and all of them together never more than there is.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tradewright.domain.enums import Arrival, OrderRole, OrderStatus, OrderType
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.money import whole_lots
from tradewright.kernels.nearness import set_touch
from tradewright.kernels.orders import Draft, close_order, place
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market, World
from tradewright.kernels.settlement import Terms
from tradewright.kernels.touching import is_triggered_at
from tradewright.kernels.trailing import start_trailing
from tradewright.kernels.triggering import asked_trigger, seen_at, watch

__all__ = ["Filled", "fit_bracket", "move_to_break_even", "shrink_bracket", "target_of"]

_STOP, _TRAIL, _TARGET = 0, 1, 2
_WHOLE = 1.0 - 1e-9


class Leg(NamedTuple):
    """One exit of a bracket, as it should be now."""

    number: int
    role: int
    type: int
    level_ticks: int
    callback: int
    lots: int


@lean_kernel
def target_of(plan: Any, number: int, first_ticks: int) -> tuple[int, float]:
    """Price and share of a target, counted from 0."""
    if number == 0:
        return int(first_ticks), float(plan["share1"])
    if number == 1:
        return int(plan["target2_ticks"]), float(plan["share2"])
    if number == 2:  # noqa: PLR2004 - the third of four
        return int(plan["target3_ticks"]), float(plan["share3"])
    return int(plan["target4_ticks"]), float(plan["share4"])


@lean_kernel
def put_leg(world: World, market: Market, rules: Rules, entry: Any, leg: Leg, terms: Terms) -> None:
    """Place one exit of an entry, or let it grow; what a bar proves of it counts from this fill on."""
    k = entry["instrument"]
    for slot in range(world.positions[k]["n_orders"]):
        order = world.orders[k, slot]
        if order["reduce_only"] and order["group"] == entry["group"] and order["leg"] == leg.number:
            order["lots"] = leg.lots
            order["step"] = terms.step
            order["arrival"] = terms.arrival
            return
    draft = Draft(
        group=entry["group"],
        signal=entry["signal"],
        type=leg.type,
        role=leg.role,
        side=-entry["side"],
        status=OrderStatus.OPEN.value,
        arrival=terms.arrival,
        reduce_only=True,
        reverses=False,
        lots=leg.lots,
        level_ticks=leg.level_ticks,
        valid_steps=0,
    )
    order = place(world, k, draft, terms.step, terms.ts)
    order["leg"] = leg.number
    order["callback"] = leg.callback
    watch(order, asked_trigger(market, rules, entry["signal"]), rules.price_protect)
    set_touch(market, rules, order, terms.step)
    at_open = terms.arrival == Arrival.AT_OPEN
    if leg.type == OrderType.TRAILING_STOP:
        start_trailing(order, int(market.open[k, terms.step] if at_open else terms.reference_ticks))
    # Beyond the market already: a venue would refuse it and leave the position bare. It takes the next open.
    seen = seen_at(market, order, terms.step, terms.reference_ticks)
    order["triggered"] = not at_open and is_triggered_at(order, seen)


@lean_kernel
def fit_targets(world: World, market: Market, rules: Rules, entry: Any, total: int, terms: Terms) -> None:
    """Give each target its share of the lots, rounded down; if the shares make one, the last takes the rest."""
    plan = market.plans[market.signals[entry["signal"]]["plan"] - 1]
    count = 1 + plan["more_targets"]
    given = 0
    shares = 0.0
    for number in range(count):
        ticks, share = target_of(plan, number, entry["target_ticks"])
        shares += share
        lots = whole_lots(total * share)
        if number == count - 1 and (shares >= _WHOLE or share == 0.0):
            lots = total - given
        given += lots
        if lots > 0:
            leg = Leg(_TARGET + number, OrderRole.TAKE_PROFIT.value, rules.target_type, ticks, 0, lots)
            put_leg(world, market, rules, entry, leg, terms)


@lean_kernel
def fit_bracket(world: World, market: Market, rules: Rules, entry: Any, total: int, terms: Terms) -> None:
    """Let the exits of an entry guard what it has opened so far: place what is missing, let the rest grow."""
    if entry["has_stop"]:
        leg = Leg(_STOP, OrderRole.STOP_LOSS.value, OrderType.STOP_MARKET.value, int(entry["stop_ticks"]), 0, total)
        put_leg(world, market, rules, entry, leg, terms)
    number = market.signals[entry["signal"]]["plan"] if entry["signal"] >= 0 else 0
    if number > 0 and market.plans[number - 1]["callback"] > 0:
        plan = market.plans[number - 1]
        level, callback = int(plan["activation_ticks"]), int(plan["callback"])
        leg = Leg(_TRAIL, OrderRole.STOP_LOSS.value, OrderType.TRAILING_STOP.value, level, callback, total)
        put_leg(world, market, rules, entry, leg, terms)
    if entry["has_target"] and number > 0:
        fit_targets(world, market, rules, entry, total, terms)
    elif entry["has_target"]:
        leg = Leg(_TARGET, OrderRole.TAKE_PROFIT.value, rules.target_type, int(entry["target_ticks"]), 0, total)
        put_leg(world, market, rules, entry, leg, terms)


class Filled(NamedTuple):
    """An exit of a bracket, or an order that is linked with others, that has just filled."""

    id: int
    group: int
    role: int
    lots: int
    rest: int  # what it still asks for


@lean_kernel
def shrink_bracket(world: World, k: int, done: Filled, ts: int) -> None:
    """After a fill of one exit: the others shrink to what is left, and what the entry still waits for is cancelled.

    Stop and trailing stop shrink by as much. A target leaves the other targets alone; when the position shrinks
    otherwise, the oldest targets keep their lots and the youngest give theirs up. Linked orders shrink by as much, and
    go once one of them is done.
    """
    slot = 0
    room = done.rest
    while slot < world.positions[k]["n_orders"]:
        order = world.orders[k, slot]
        if order["group"] != done.group or order["id"] == done.id:
            slot += 1
            continue
        rest = order["lots"] - order["filled"] if order["reduce_only"] else 0
        if order["role"] == OrderRole.PLACED:
            rest = order["lots"] - order["filled"] - done.lots if done.rest > 0 else 0
        elif order["role"] != OrderRole.TAKE_PROFIT:
            rest -= done.lots
        elif done.role != OrderRole.TAKE_PROFIT:
            rest = min(rest, room)
            room -= rest
        if rest <= 0:
            close_order(world, k, slot, OrderStatus.CANCELED.value, 0, ts)
        else:
            order["lots"] = order["filled"] + rest
            slot += 1


@lean_kernel
def move_to_break_even(world: World, market: Market, done: Filled, k: int, terms: Terms) -> None:
    """After the first target, where the plan says so: the stop-loss moves to the entry price, and never back."""
    position = world.positions[k]
    for slot in range(position["n_orders"]):
        order = world.orders[k, slot]
        if order["group"] != done.group or order["leg"] != _STOP or order["role"] != OrderRole.STOP_LOSS:
            continue
        number = market.signals[order["signal"]]["plan"] if order["signal"] >= 0 else 0
        if number == 0 or not market.plans[number - 1]["break_even"] or order["triggered"]:
            return
        entry = position["entry_ticks"]
        level = int(np.ceil(entry)) if position["lots"] > 0 else int(np.floor(entry))
        if (level - order["level_ticks"]) * position["lots"] > 0:
            order["level_ticks"] = level
            order["step"] = terms.step
            # A target fills while price moves with the position, as when a stop entry fills.
            moving = terms.arrival not in (Arrival.AT_OPEN.value, Arrival.IN_DOUBT.value)
            order["arrival"] = Arrival.ON_STOP.value if moving else terms.arrival
