"""Open orders: placed, found and closed. They stand in the first places of an instrument's row, oldest first."""

from __future__ import annotations

from typing import Any, NamedTuple

from tradewright.domain.enums import OrderRole, OrderStatus, TimeInForce
from tradewright.domain.order_terms import LONGEST_NS
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.records import World

__all__ = [
    "NOWHERE",
    "NO_END",
    "Draft",
    "cancel_at",
    "cancel_closers",
    "cancel_entries",
    "cancel_exits",
    "cancel_placed",
    "close_order",
    "find_order",
    "has_room",
    "is_over",
    "place",
    "queue_last",
    "slot_of",
    "year_end",
]

NOWHERE = -1
"""Slot of an order that is not open."""
NO_END = 1 << 62
"""UTC ns that never come."""


class Draft(NamedTuple):
    """An order that has no id yet (an OrderIntent, in numbers). Fields as in `records.ORDER`."""

    group: int  # 0: it begins a group of its own
    signal: int
    type: int
    role: int
    side: int
    status: int
    arrival: int
    reduce_only: bool
    reverses: bool
    lots: int
    level_ticks: int
    valid_steps: int  # 0: no end


@lean_kernel
def has_room(world: World, k: int, orders: int) -> bool:
    """Whether so many more orders fit into the instrument's row."""
    return bool(world.positions[k]["n_orders"] + orders <= world.orders.shape[1])


@lean_kernel
def place(world: World, k: int, draft: Draft, step: int, ts: int) -> Any:
    """Give a draft an id and a place; returns the order's record, in which the caller sets what a draft does not say.

    The caller has made sure of room.
    """
    account = world.account[0]
    order = world.orders[k, world.positions[k]["n_orders"]]
    world.positions[k]["n_orders"] += 1
    order["id"] = account["next_order_id"]
    account["next_order_id"] += 1
    order["instrument"] = k
    order["group"] = draft.group if draft.group > 0 else order["id"]
    order["signal"] = draft.signal
    order["command"] = -1
    order["tag"] = 0
    order["parent"] = 0
    order["close_position"] = False
    order["type"] = draft.type
    order["role"] = draft.role
    order["side"] = draft.side
    order["status"] = draft.status
    order["code"] = 0
    order["arrival"] = draft.arrival
    order["reduce_only"] = draft.reduce_only
    order["reverses"] = draft.reverses
    order["has_stop"] = False
    order["has_target"] = False
    order["triggered"] = False
    order["armed"] = False
    order["touch"] = False
    order["protected"] = False
    order["trigger_by"] = 0
    order["time_in_force"] = 0
    order["leg"] = 0
    order["origin"] = draft.type
    order["callback"] = 0
    order["lots"] = draft.lots
    order["filled"] = 0
    order["changed"] = 0
    order["level_ticks"] = draft.level_ticks
    order["trigger_ticks"] = 0
    order["stop_ticks"] = 0
    order["target_ticks"] = 0
    order["valid_until"] = step + draft.valid_steps if draft.valid_steps > 0 else 0
    order["step"] = step
    order["ts_created"] = ts
    order["ts_closed"] = 0
    return order


@lean_kernel
def slot_of(world: World, k: int, order_id: int) -> int:
    """Place of an open order in its instrument's row."""
    slot = 0
    while world.orders[k, slot]["id"] != order_id:
        slot += 1
    return slot


@lean_kernel
def close_order(world: World, k: int, slot: int, status: int, code: int, ts: int) -> None:
    """Move an order to the log of closed ones; the younger ones of its row move up."""
    account = world.account[0]
    order = world.orders[k, slot]
    order["status"] = status
    order["code"] = code
    order["ts_closed"] = ts
    world.closed[account["n_closed"]] = world.orders[k, slot]
    account["n_closed"] += 1
    last = world.positions[k]["n_orders"] - 1
    for place_ in range(slot, last):
        world.orders[k, place_] = world.orders[k, place_ + 1]
    world.positions[k]["n_orders"] = last


@lean_kernel
def is_over(order: Any, now: int) -> bool:
    """Whether the time of a good-till-date order has come: at the close of its last step, on a tape at its ns."""
    return bool(0 < order["valid_until"] <= now)


@lean_kernel
def year_end(order: Any) -> int:
    """UTC ns at which a venue ends an order that has no date; NO_END for one that has.

    What a bracket or a signal closes with has no end either: whoever keeps it at a venue sends it anew.
    """
    is_kept = order["role"] not in (OrderRole.ENTRY, OrderRole.PLACED)
    if is_kept or order["time_in_force"] == TimeInForce.GTD:
        return NO_END
    return int(order["ts_created"] + LONGEST_NS)


@lean_kernel
def cancel_at(world: World, k: int, slot: int, ts: int) -> None:
    """Cancel one order."""
    close_order(world, k, slot, OrderStatus.CANCELED.value, 0, ts)


@lean_kernel
def cancel_exits(world: World, k: int, keep_group: int, ts: int) -> None:
    """Cancel every exit that a signal brought about and that does not belong to the group."""
    slot = 0
    while slot < world.positions[k]["n_orders"]:
        order = world.orders[k, slot]
        if order["reduce_only"] and order["group"] != keep_group and order["role"] != OrderRole.PLACED:
            cancel_at(world, k, slot, ts)
        else:
            slot += 1


@lean_kernel
def cancel_entries(world: World, k: int, ts: int) -> None:
    """Cancel every entry: a new signal replaces the old one, and leaves alone what commands have placed."""
    slot = 0
    while slot < world.positions[k]["n_orders"]:
        order = world.orders[k, slot]
        if order["reduce_only"] or order["role"] == OrderRole.PLACED:
            slot += 1
        else:
            cancel_at(world, k, slot, ts)


@lean_kernel
def cancel_closers(world: World, k: int, ts: int) -> None:
    """Cancel the orders that were to close the whole position: it is no more (rule S-11)."""
    slot = 0
    while slot < world.positions[k]["n_orders"]:
        if world.orders[k, slot]["close_position"]:
            cancel_at(world, k, slot, ts)
        else:
            slot += 1


@lean_kernel
def cancel_placed(world: World, k: int, ts: int) -> None:
    """Cancel every order that commands have placed: without entries and exits, all that are left."""
    while world.positions[k]["n_orders"] > 0:
        cancel_at(world, k, 0, ts)


@lean_kernel
def find_order(world: World, k: int, order_id: int, tag: int) -> int:
    """Slot of the open order with this id or, where it is 0, with this tag; NOWHERE if there is none."""
    for slot in range(world.positions[k]["n_orders"]):
        order = world.orders[k, slot]
        if order["id"] == order_id if order_id > 0 else tag > 0 and order["tag"] == tag:
            return slot
    return NOWHERE


@lean_kernel
def queue_last(world: World, k: int, slot: int) -> int:
    """Move an order behind all others of its instrument; returns its new slot."""
    last = world.positions[k]["n_orders"] - 1
    # The next free line of a log holds the record meanwhile: nothing is allocated here.
    spare = world.account[0]["n_closed"]
    world.closed[spare] = world.orders[k, slot]
    for place_ in range(slot, last):
        world.orders[k, place_] = world.orders[k, place_ + 1]
    world.orders[k, last] = world.closed[spare]
    return int(last)
