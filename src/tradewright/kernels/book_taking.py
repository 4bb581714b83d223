"""An order that arrives: whom of us it meets, how far it walks the book, and what becomes of its rest."""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import Code, Liquidity, OrderStatus, OrderType, SelfTrade, TimeInForce
from tradewright.kernels.birth import rest
from tradewright.kernels.book import FAR, depth_within, has_side, lots_at, next_ask, next_bid, set_level
from tradewright.kernels.book_fills import dismiss, drop, fill, has_ended, has_log_room, size_closer, terms_at
from tradewright.kernels.compiling import lean_kernel, shared_kernel
from tradewright.kernels.execution import lots_to_fill
from tradewright.kernels.filters import is_conditional
from tradewright.kernels.replay_records import Book, Replay
from tradewright.kernels.slippage import farthest_ticks
from tradewright.kernels.touching import is_marketable

__all__ = ["best_for", "limit_of", "rest_on", "rests", "settle_in", "slot_of_ref", "stands", "was_sent"]


@lean_kernel
def rests(order: Any) -> bool:
    """Whether the order stands at its price for others to take."""
    return bool(order["type"] == OrderType.LIMIT and order["status"] != OrderStatus.PENDING)


@lean_kernel
def was_sent(replay: Replay, ref: int) -> bool:
    """Whether there is an order of a ref: what compiled code reads beyond the last one is not nothing."""
    return bool(0 <= ref < replay.clock[0]["n_tickets"])


@lean_kernel
def slot_of_ref(replay: Replay, ref: int) -> int:
    """Slot of an open order by its ref; -1 where it is not open, or where there never was one."""
    if not was_sent(replay, ref):
        return -1
    k = replay.tickets[ref]["instrument"]
    for slot in range(replay.world.positions[k]["n_orders"]):
        if replay.world.orders[k, slot]["signal"] == ref:
            return slot
    return -1


@lean_kernel
def stands(replay: Replay, k: int, slot: int, ref: int) -> bool:
    """Whether the order with this ref still stands in the slot."""
    world = replay.world
    return bool(slot < world.positions[k]["n_orders"] and world.orders[k, slot]["signal"] == ref)


@lean_kernel
def limit_of(replay: Replay, order: Any) -> int:
    """The worst price that an order accepts, ticks."""
    if order["type"] == OrderType.LIMIT:
        return int(order["level_ticks"])
    k = order["instrument"]
    far = farthest_ticks(replay.market.specs[k], order["side"], replay.world.positions[k]["mark_ticks"])
    if far > 0:
        return far
    return FAR - 1 if order["side"] > 0 else 1


@lean_kernel
def best_for(book: Book, k: int, side: int) -> int:
    """Best price for a taker of a side, ticks; FAR or 0 where there is none."""
    return int(book.top[k]["best_ask"] if side > 0 else book.top[k]["best_bid"])


@lean_kernel
def next_for(book: Book, k: int, side: int, ticks: int) -> int:
    """The price after this one on a taker's walk."""
    return next_ask(book, k, ticks + 1) if side > 0 else next_bid(book, k, ticks - 1)


@lean_kernel
def has_beyond(book: Book, k: int, side: int, limit: int) -> bool:
    """Whether the book still holds something for a taker beyond a limit."""
    best = best_for(book, k, side)
    if side > 0:
        return bool(best < FAR and next_ask(book, k, max(best, limit + 1)) < FAR)
    return bool(best > 0 and next_bid(book, k, min(best, limit - 1)) > 0)


@lean_kernel
def is_within(side: int, ticks: int, limit: int) -> bool:
    """Whether a price is no worse for a taker than a limit."""
    return bool(ticks <= limit if side > 0 else ticks >= limit)


@lean_kernel
def meets_own(replay: Replay, order: Any) -> int:
    """Slot of the oldest order of ours on the other side that an arriving one would trade with; -1 for none."""
    world, k = replay.world, order["instrument"]
    side = order["side"]
    limit = limit_of(replay, order)
    rest = order["lots"] - order["filled"]
    for slot in range(world.positions[k]["n_orders"]):
        other = world.orders[k, slot]
        faces = other["side"] != side and rests(other) and is_within(side, other["level_ticks"], limit)
        # What stands before ours takes its part first.
        if faces and depth_within(replay.book, k, side, other["level_ticks"] - side, rest) < rest:
            return slot
    return -1


@lean_kernel
def prevent_self_trade(replay: Replay, ref: int) -> bool:
    """Expire what would trade with itself; returns whether the arriving order is still there."""
    mode, k = replay.around.self_trade, replay.tickets[ref]["instrument"]
    while True:
        slot = slot_of_ref(replay, ref)
        other = meets_own(replay, replay.world.orders[k, slot])
        if other < 0:
            return True
        if mode != SelfTrade.EXPIRE_TAKER:
            dismiss(replay, k, other, OrderStatus.CANCELED.value, Code.SELF_TRADE.value)
        if mode != SelfTrade.EXPIRE_MAKER:
            dismiss(replay, k, slot_of_ref(replay, ref), OrderStatus.CANCELED.value, Code.SELF_TRADE.value)
            return False


@lean_kernel
def walk(replay: Replay, ref: int, limit: int) -> None:
    """Fill an order level by level, best price first, until it is done or its limit is reached."""
    book, k = replay.book, replay.tickets[ref]["instrument"]
    slot = slot_of_ref(replay, ref)
    side = replay.world.orders[k, slot]["side"]
    best = best_for(book, k, side)
    ticks = best
    while slot >= 0 and 0 < ticks < FAR and is_within(side, ticks, limit) and has_log_room(replay):
        there = lots_at(book, k, -side, ticks)
        took = fill(replay, k, slot, there, terms_at(replay, ticks, best, Liquidity.TAKER.value))
        if replay.around.impact and took > 0:
            set_level(book, k, -side, ticks, there - took)
        ticks = next_for(book, k, side, ticks)
        slot = slot_of_ref(replay, ref)


@lean_kernel
def count_large(replay: Replay, order: Any) -> None:
    """Count an order that is large for the level which it takes from."""
    k = order["instrument"]
    there = lots_at(replay.book, k, -order["side"], best_for(replay.book, k, order["side"]))
    if order["lots"] - order["filled"] > replay.around.large_share * there:
        replay.clock[0]["n_large"] += 1


@lean_kernel
def rest_on(replay: Replay, k: int, slot: int, shadowed: bool) -> None:
    """Let what is left of an arriving order rest, behind all who stand at its price; or drop it, by its kind."""
    order = replay.world.orders[k, slot]
    ticket = replay.tickets[order["signal"]]
    force = ticket["time_in_force"]
    if order["type"] != OrderType.LIMIT:
        is_bound = has_beyond(replay.book, k, order["side"], limit_of(replay, order))
        code = Code.BEYOND_TAKE_BOUND.value if is_bound else Code.BOOK_EXHAUSTED.value
        dismiss(replay, k, slot, OrderStatus.CANCELED.value, code)
    elif force == TimeInForce.FOK:
        drop(replay, k, slot, Code.FOK_NOT_WHOLE.value)
    elif force == TimeInForce.IOC:
        dismiss(replay, k, slot, OrderStatus.CANCELED.value, Code.IOC_EXPIRED.value)
    else:
        rest(order)
        ticket["shadowed"] = shadowed
        ticket["ahead"] = float(lots_at(replay.book, k, order["side"], order["level_ticks"]))
        ticket["traded"] = 0.0


@lean_kernel
def take(replay: Replay, k: int, slot: int) -> None:
    """Let an order that is marketable take what the book holds for it."""
    order = replay.world.orders[k, slot]
    ref, limit = order["signal"], limit_of(replay, order)
    if not prevent_self_trade(replay, ref):
        return
    slot = slot_of_ref(replay, ref)
    order = replay.world.orders[k, slot]
    wanted = lots_to_fill(replay.world.positions[k], order)
    force = replay.tickets[ref]["time_in_force"]
    if force == TimeInForce.FOK and depth_within(replay.book, k, order["side"], limit, wanted) < wanted:
        drop(replay, k, slot, Code.FOK_NOT_WHOLE.value)
        return
    count_large(replay, order)
    walk(replay, ref, limit)
    slot = slot_of_ref(replay, ref)
    if slot >= 0:
        rest_on(replay, k, slot, True)


@shared_kernel
def settle_in(replay: Replay, k: int, slot: int) -> None:
    """Let an order that stands in its slot take, rest, wait for a trigger or a price, or be refused.

    Where the recording is over it waits for a price that never comes: a book that stands still is nobody's offer.
    """
    order = replay.world.orders[k, slot]
    side = order["side"]
    if is_conditional(order["type"]):
        rest(order)
        return
    size_closer(replay.world.positions[k], order)
    is_post_only = replay.tickets[order["signal"]]["time_in_force"] == TimeInForce.GTX
    if has_ended(replay, k) or not has_side(replay.book, k, -side):
        return
    takes = order["type"] == OrderType.MARKET or is_marketable(order, best_for(replay.book, k, side))
    if not takes and meets_own(replay, order) < 0:
        rest_on(replay, k, slot, False)
    elif is_post_only:
        drop(replay, k, slot, Code.POST_ONLY_WOULD_TAKE.value)
    else:
        take(replay, k, slot)
