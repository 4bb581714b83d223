"""Orders of ours on both sides of one instrument: they never trade with each other (rule R-6).

Looked at when an order takes, or comes to the book with a limit: one that rests already has been asked by then, and
trades with the market as a maker. On a tape the book says who stands before ours (`book_taking`); of a bar only its
share of the volume is known.
"""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import Code, OrderStatus, OrderType, SelfTrade, TimeInForce
from tradewright.kernels.birth import keep_out
from tradewright.kernels.compiling import lean_kernel, shared_kernel
from tradewright.kernels.execution import lots_to_fill
from tradewright.kernels.orders import NOWHERE, close_order, slot_of
from tradewright.kernels.records import Market, World
from tradewright.kernels.rows import is_within_reach
from tradewright.kernels.touching import is_marketable
from tradewright.kernels.volume import lots_left

__all__ = ["clear_way"]


@lean_kernel
def faces(order: Any, other: Any) -> bool:
    """Whether another order rests on the other side, at a price that this one accepts."""
    if other["type"] != OrderType.LIMIT or other["status"] == OrderStatus.PENDING or other["side"] == order["side"]:
        return False
    return bool(order["type"] != OrderType.LIMIT or is_marketable(order, other["level_ticks"]))


@lean_kernel
def is_served_before(world: World, order: Any, other: Any, ticks: int) -> bool:
    """Whether others fill all of an order before its turn comes to ours: they stand at better prices.

    Nearer to the market's price than ours there is the whole share of the bar's volume; at that price itself, nothing.
    """
    position = world.positions[order["instrument"]]
    takes = order["type"] != OrderType.LIMIT or is_marketable(order, ticks)
    is_farther = (other["level_ticks"] - ticks) * order["side"] > 0
    return bool(takes and is_farther and lots_left(position, order["side"]) >= lots_to_fill(position, order))


@lean_kernel
def own_met(world: World, market: Market, k: int, slot: int, ticks: int) -> tuple[int, int]:
    """Row and slot of the first order of ours that an order would trade with; NOWHERE for none."""
    order = world.orders[k, slot]
    for row in range(world.positions.size):
        if is_within_reach(market, k, row):
            for place in range(world.positions[row]["n_orders"]):
                other = world.orders[row, place]
                if faces(order, other) and not is_served_before(world, order, other, ticks):
                    return row, place
    return NOWHERE, NOWHERE


@shared_kernel
def prevent_self_trade(world: World, market: Market, k: int, slot: int, ticks: int, ts: int) -> int:
    """Expire what would trade with itself, as the account says; returns the slot of the order, NOWHERE if it went."""
    own = world.orders[k, slot]["id"]
    mode = market.specs[k]["self_trade"]
    while True:
        row, place = own_met(world, market, k, slot, ticks)
        if row == NOWHERE:
            return slot
        if world.orders[k, slot]["time_in_force"] == TimeInForce.GTX:
            keep_out(world, world.orders[k, slot], Code.POST_ONLY_WOULD_TAKE.value, ts)
            return NOWHERE
        if mode != SelfTrade.EXPIRE_TAKER:
            close_order(world, row, place, OrderStatus.CANCELED.value, Code.SELF_TRADE.value, ts)
            slot = slot_of(world, k, own)
        if mode != SelfTrade.EXPIRE_MAKER:
            close_order(world, k, slot, OrderStatus.CANCELED.value, Code.SELF_TRADE.value, ts)
            return NOWHERE


@lean_kernel
def clear_way(world: World, market: Market, k: int, slot: int, ticks: int, ts: int) -> int:
    """Let an order that takes, or comes to the book, meet no other of ours.

    Args:
        world: changed in place.
        market: of the run.
        k: row of the order.
        slot: its place there.
        ticks: the market's price now.
        ts: now.

    Returns:
        The slot of the order, which may have moved up; NOWHERE if it is no more.
    """
    if market.specs[k]["self_trade"] == SelfTrade.NONE:
        return slot
    if world.positions[k]["n_orders"] > 1 or market.specs[k]["underlying"] > 0:
        return prevent_self_trade(world, market, k, slot, ticks, ts)
    return slot
