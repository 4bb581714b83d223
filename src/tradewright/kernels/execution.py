"""Fill an order on given terms, with what follows from it: margin on arrival, bracket, one cancels the other."""

from __future__ import annotations

from typing import Any

import numpy as np

from tradewright.domain.enums import Code, OrderRole, OrderStatus, OrderType
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.margin import initial_margin, total_equity
from tradewright.kernels.money import notional
from tradewright.kernels.orders import Draft, cancel_exits, close_order, place
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market, World
from tradewright.kernels.settlement import Terms, settle_fill

__all__ = ["execute", "taker_ticks"]


@lean_kernel
def taker_ticks(spec: Any, side: int, ticks: int) -> int:
    """A price after half the spread and slippage: always adverse, in whole ticks, rounded against the taker."""
    cost = int(np.ceil(ticks * spec["cost_rate"] - 1e-9))
    return int(max(ticks + side * cost, 1))


@lean_kernel
def lots_to_fill(position: Any, order: Any) -> int:
    """Lots that an order trades now: an exit at most the position, a reversal the opposite position on top."""
    against = max(-position["lots"] * order["side"], 0)
    if order["reduce_only"]:
        return int(min(order["lots"], against))
    return int(order["lots"] + (against if order["reverses"] else 0))


@lean_kernel
def is_covered(world: World, market: Market, order: Any, lots: int, ticks: int) -> bool:
    """Whether the account can carry the position that an entry would leave, at the fill price and after its fee."""
    k = order["instrument"]
    spec = market.specs[k]
    position = world.positions[k]
    after = position["lots"] + order["side"] * lots
    mark = position["mark_ticks"]
    position["mark_ticks"] = ticks
    equity = total_equity(world, market)
    position["mark_ticks"] = mark
    fee = notional(spec, lots, ticks) * spec["taker_rate"]
    needed = initial_margin(world, market, k) + notional(spec, after, ticks) / spec["leverage"]
    return bool(needed <= equity - fee)


@lean_kernel
def exit_draft(entry: Any, role: int, kind: int, level: int, arrival: int) -> Draft:
    """One exit of a filled entry: reduce-only, in the entry's group, for the lots that the entry left."""
    return Draft(
        group=entry["group"],
        signal=entry["signal"],
        type=kind,
        role=role,
        side=-entry["side"],
        status=OrderStatus.OPEN.value,
        arrival=arrival,
        reduce_only=True,
        reverses=False,
        lots=entry["lots"],
        level_ticks=level,
        valid_steps=0,
    )


@lean_kernel
def attach_bracket(world: World, entry: Any, target_type: int, terms: Terms) -> None:
    """Put the exits of an entry that has filled: they rest at once, and the first to fill cancels the other."""
    k = entry["instrument"]
    if entry["has_stop"]:
        role = OrderRole.STOP_LOSS.value
        draft = exit_draft(entry, role, OrderType.STOP_MARKET.value, entry["stop_ticks"], terms.arrival)
        place(world, k, draft, terms.step, terms.ts)
    if entry["has_target"]:
        draft = exit_draft(entry, OrderRole.TAKE_PROFIT.value, target_type, entry["target_ticks"], terms.arrival)
        place(world, k, draft, terms.step, terms.ts)


@lean_kernel
def execute(world: World, market: Market, rules: Rules, order: Any, terms: Terms) -> None:
    """Fill an open order, or close it unfilled where nothing is left to reduce or margin does not suffice.

    `order` is the record in its place among the open orders of its instrument; it leaves that place.
    """
    k = order["instrument"]
    slot = slot_of(world, k, order["id"])
    lots = lots_to_fill(world.positions[k], order)
    if lots == 0:
        close_order(world, k, slot, OrderStatus.CANCELED.value, Code.NOTHING_TO_EXIT.value, terms.ts)
        return
    if not order["reduce_only"] and not is_covered(world, market, order, lots, terms.ticks):
        close_order(world, k, slot, OrderStatus.REJECTED.value, Code.MARGIN_INSUFFICIENT.value, terms.ts)
        return
    settle_fill(world, market, order, lots, terms)
    close_order(world, k, slot, OrderStatus.FILLED.value, Code.OK.value, terms.ts)
    done = world.closed[world.account[0]["n_closed"] - 1]
    if done["reduce_only"]:
        if world.positions[k]["lots"] == 0:
            cancel_exits(world, k, 0, terms.ts)
        return
    cancel_exits(world, k, done["group"], terms.ts)
    attach_bracket(world, done, rules.target_type, terms)


@lean_kernel
def slot_of(world: World, k: int, order_id: int) -> int:
    """Place of an open order in its instrument's row."""
    slot = 0
    while world.orders[k, slot]["id"] != order_id:
        slot += 1
    return slot
