"""Requests that reach the venue: place, modify, cancel, as commands do in a run over bars.

A request becomes the one command of the present moment: the gate, the filters and the rules of a change are the same.
"""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import Code, CommandKind, OrderStatus, OrderType, RequestKind, TimeInForce
from tradewright.kernels.book import FAR
from tradewright.kernels.book_expiring import note_expiry
from tradewright.kernels.book_fills import dismiss, has_ended, leave_flat, set_venue_clock, tell
from tradewright.kernels.book_taking import best_for, settle_in, slot_of_ref
from tradewright.kernels.commanding import change, judge_change, judge_terms, proposal, send
from tradewright.kernels.compiling import lean_kernel, shared_kernel
from tradewright.kernels.gate import judge_order
from tradewright.kernels.opening import judge_arrival
from tradewright.kernels.replay_records import Replay
from tradewright.kernels.touching import waits_below
from tradewright.kernels.trailing import start_trailing

__all__ = ["receive"]

_SECOND = 1_000_000_000


@lean_kernel
def is_sound(ticket: Any) -> bool:
    """Whether a venue could understand the order: its side, its kind, how long it works, and a price where it has one.

    A time at which it ends goes with GTD alone, and what closes a position is no limit. What else must go together, the
    rules of commands say.
    """
    kind, force = ticket["type"], ticket["time_in_force"]
    if not TimeInForce.GTC <= force <= TimeInForce.GTD or (ticket["until"] != 0 and force != TimeInForce.GTD):
        return False
    known = OrderType.MARKET <= kind <= OrderType.TAKE_PROFIT_LIMIT
    priced = kind == OrderType.MARKET or ticket["ticks"] > 0
    if kind == OrderType.TRAILING_STOP:
        known, priced = True, ticket["ticks"] >= 0
    if ticket["close_position"] and kind == OrderType.LIMIT:
        return False
    return bool(known and priced and abs(ticket["side"]) == 1)


@lean_kernel
def wish_of(replay: Replay, request: Any) -> Any:
    """The request as the one command of the present moment."""
    ticket, wish = replay.tickets[request["ref"]], replay.market.commands[0]
    is_change = request["kind"] == RequestKind.MODIFY
    wish["instrument"] = ticket["instrument"]
    wish["kind"] = CommandKind.MODIFY.value if is_change else CommandKind.PLACE.value
    wish["type"] = ticket["type"]
    wish["side"] = ticket["side"]
    wish["reduce_only"] = ticket["reduce_only"]
    wish["close_position"] = ticket["close_position"]
    wish["callback"] = ticket["callback"]
    wish["trigger_by"] = ticket["trigger_by"]
    wish["trigger_ticks"] = 0 if is_change else ticket["trigger"]
    wish["time_in_force"] = ticket["time_in_force"]
    wish["valid_steps"] = 1 if ticket["until"] > 0 else 0
    wish["lots"] = request["lots"]
    wish["level_ticks"] = 0 if ticket["type"] == OrderType.MARKET else request["ticks"]
    return wish


@lean_kernel
def show_price(replay: Replay, order: Any) -> None:
    """Make the last trade the present price; before the first one no trigger, and no activation, has been reached."""
    k = order["instrument"]
    last, mark = replay.tickers[k]["last_trade"], replay.world.positions[k]["mark_ticks"]
    nowhere = FAR if waits_below(order) != (order["type"] == OrderType.TRAILING_STOP) else 0
    replay.market.open[k, 0] = last if last > 0 else nowhere
    replay.market.mark_open[k, 0] = mark if mark > 0 else nowhere


@lean_kernel
def judge_by_book(replay: Replay, wish: Any) -> int:
    """What the gate says to a new order; before the first price the book's side that it would take from is the mark."""
    k = wish["instrument"]
    position, best = replay.world.positions[k], best_for(replay.book, k, wish["side"])
    before = position["mark_ticks"]
    if before == 0 and wish["level_ticks"] == 0 and 0 < best < FAR:
        position["mark_ticks"] = best
    code = judge_order(replay.world, replay.market, replay.rules, proposal(replay.market, wish), 0).code
    position["mark_ticks"] = before
    return int(code)


@lean_kernel
def date_of(replay: Replay, ticket: Any) -> int:
    """When a good-till-date order ends: a venue that asks for dates well ahead counts them in whole seconds."""
    return int(ticket["until"] // _SECOND * _SECOND if replay.around.soonest_date > 0 else ticket["until"])


@lean_kernel
def judge_date(replay: Replay, ticket: Any, now: int) -> int:
    """What a venue says to the date of an order that comes now, as Code."""
    if ticket["time_in_force"] != TimeInForce.GTD:
        return Code.OK.value
    if ticket["until"] <= now:
        return Code.EXPIRY_MISSING.value
    too_soon = date_of(replay, ticket) < now + replay.around.soonest_date
    return Code.EXPIRY_TOO_SOON.value if too_soon else Code.OK.value


@lean_kernel
def objection(replay: Replay, request: Any, wish: Any) -> int:
    """Why the venue or the account does not take an order on, as Code."""
    if request["refused"]:
        return Code.VENUE_BUSY.value
    if not is_sound(replay.tickets[request["ref"]]):
        return Code.ENTRY_INVALID.value
    code = judge_terms(wish).code
    if code != Code.OK:
        return int(code)
    ticket = replay.tickets[request["ref"]]
    code = judge_date(replay, ticket, request["ts_arrival"])
    if code != Code.OK:
        return int(code)
    if request["lots"] < 1 and not ticket["close_position"]:
        return Code.QUANTITY_BELOW_MINIMUM.value
    return judge_by_book(replay, wish)


@lean_kernel
def put(replay: Replay, ref: int, wish: Any) -> int:
    """Give an order its place among the open ones; returns the slot."""
    world, ticket, k = replay.world, replay.tickets[ref], wish["instrument"]
    send(world, replay.market, 0, wish, proposal(replay.market, wish).reduces)
    slot = world.positions[k]["n_orders"] - 1
    order = world.orders[k, slot]
    order["signal"] = ref
    order["step"] = replay.clock[0]["to_match"]
    order["valid_until"] = date_of(replay, ticket)
    note_expiry(replay, order)
    return int(slot)


@lean_kernel
def accept(replay: Replay, request: Any) -> int:
    """Take a new order on, unless the venue or its account object; returns its slot, -1 for none."""
    ref, wish = request["ref"], wish_of(replay, request)
    k = wish["instrument"]
    code = objection(replay, request, wish)
    if code != Code.OK:
        tell(replay, ref, OrderStatus.REJECTED.value, code, 0, 0)
        return -1
    slot = put(replay, ref, wish)
    show_price(replay, replay.world.orders[k, slot])
    code = judge_arrival(replay.world, replay.market, replay.world.orders[k, slot], 0).code
    if code != Code.OK:
        dismiss(replay, k, slot, OrderStatus.REJECTED.value, code)
        return -1
    if replay.tickets[ref]["type"] == OrderType.TRAILING_STOP and replay.tickers[k]["last_trade"] > 0:
        start_trailing(replay.world.orders[k, slot], replay.tickers[k]["last_trade"])
    tell(replay, ref, OrderStatus.OPEN.value, Code.OK.value, 0, 0)
    if has_ended(replay, k):
        replay.tickers[k]["n_late"] += 1
    return slot


@lean_kernel
def modify(replay: Replay, slot: int, request: Any) -> int:
    """Give an open order another price and quantity; returns its slot where it comes anew, else -1."""
    world, market, ref = replay.world, replay.market, request["ref"]
    k = replay.tickets[ref]["instrument"]
    order, wish, filled = world.orders[k, slot], wish_of(replay, request), world.orders[k, slot]["filled"]
    show_price(replay, order)
    code = judge_change(world, market, replay.rules, slot, wish, 0).code
    if code != Code.OK:
        tell(replay, ref, order["status"], code, filled, 0)
        return -1
    change(world, market, slot, wish, 0)
    slot = slot_of_ref(replay, ref)
    if slot < 0:
        tell(replay, ref, OrderStatus.CANCELED.value, Code.QUANTITY_DONE.value, filled, 0)
        return -1
    order, ticket = world.orders[k, slot], replay.tickets[ref]
    ticket["lots"] = order["lots"]
    ticket["ticks"] = order["level_ticks"]
    status = OrderStatus.PARTIALLY_FILLED.value if filled > 0 else OrderStatus.OPEN.value
    tell(replay, ref, status, Code.OK.value, filled, 0)
    return slot if order["status"] == OrderStatus.PENDING else -1


@lean_kernel
def next_request(replay: Replay) -> int:
    """Take the request that is due next from those on their way; of those due at one time the one sent first."""
    clock, pending, requests = replay.clock[0], replay.pending, replay.requests
    first = 0
    for place_ in range(clock["n_pending"]):
        if requests[pending[place_]]["ts_arrival"] < requests[pending[first]]["ts_arrival"]:
            first = place_
    row = pending[first]
    clock["n_pending"] -= 1
    for place_ in range(first, clock["n_pending"]):
        pending[place_] = pending[place_ + 1]
    clock["next_arrival"] = FAR
    for place_ in range(clock["n_pending"]):
        clock["next_arrival"] = min(clock["next_arrival"], requests[pending[place_]]["ts_arrival"])
    return int(row)


@lean_kernel
def obey(replay: Replay, request: Any) -> int:
    """Do what a request asks for; returns the slot of an order that comes to the book, -1 for none.

    A request for an order that is closed already has no effect: the report of its end is on its way.
    """
    if request["kind"] == RequestKind.PLACE:
        return accept(replay, request)
    slot = slot_of_ref(replay, request["ref"])
    if slot < 0:
        return -1
    k = replay.tickets[request["ref"]]["instrument"]
    if request["refused"]:
        order = replay.world.orders[k, slot]
        tell(replay, request["ref"], order["status"], Code.VENUE_BUSY.value, order["filled"], 0)
    elif request["kind"] == RequestKind.CANCEL:
        dismiss(replay, k, slot, OrderStatus.CANCELED.value, Code.OK.value)
    else:
        return modify(replay, slot, request)
    return -1


@shared_kernel
def receive(replay: Replay) -> None:
    """Let the next request reach the venue."""
    request = replay.requests[next_request(replay)]
    set_venue_clock(replay, request["ts_arrival"])
    slot = obey(replay, request)
    if slot >= 0:
        k, before = replay.tickets[request["ref"]]["instrument"], replay.world.account[0]["n_fills"]
        settle_in(replay, k, slot)
        leave_flat(replay, k, before)
