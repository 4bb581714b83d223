"""Fill an order on given terms, with what follows from it: margin on arrival, bracket, one cancels the other."""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import Code, OrderRole, OrderStatus, OrderType, TimeInForce
from tradewright.kernels.bracket import Filled, fit_bracket, move_to_break_even, shrink_bracket
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.margin import initial_margin, set_aside, total_equity
from tradewright.kernels.money import notional
from tradewright.kernels.orders import cancel_closers, cancel_exits, close_order, slot_of
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market, World
from tradewright.kernels.settlement import Terms, settle_fill
from tradewright.kernels.slippage import is_beyond_bound
from tradewright.kernels.team import rules_of
from tradewright.kernels.volume import lots_left, take_volume

__all__ = ["execute", "lots_now", "lots_to_fill"]


@lean_kernel
def lots_against(position: Any, order: Any) -> int:
    """Lots of the position that the order's side closes."""
    return int(max(-position["lots"] * order["side"], 0))


@lean_kernel
def lots_to_fill(position: Any, order: Any) -> int:
    """Lots that an order still asks for: an exit at most the position, a reversal the opposite position on top."""
    rest = order["lots"] - order["filled"]
    against = lots_against(position, order)
    if order["close_position"]:
        return against
    if order["reduce_only"]:
        return int(min(rest, against))
    return int(rest + (against if order["reverses"] else 0))


@lean_kernel
def lots_opened(position: Any, order: Any, lots: int) -> int:
    """Lots of a fill that open a position, or add to one."""
    return 0 if order["reduce_only"] else int(max(lots - lots_against(position, order), 0))


@lean_kernel
def lots_now(world: World, order: Any) -> int:
    """Lots that an order fills if it acts now."""
    position = world.positions[order["instrument"]]
    return int(min(lots_to_fill(position, order), lots_left(position, order["side"])))


@lean_kernel
def is_covered(world: World, market: Market, order: Any, lots: int, terms: Terms) -> bool:
    """Whether the account can carry the position that an entry would leave, at the fill price and after its fee.

    The mark is taken to stand as far from the fill price as it did from the bar's open. What buyers pay above it, and
    sellers get below it, is lost at once (Binance: open loss).
    """
    k, step = order["instrument"], terms.step
    spec = market.specs[k]
    position = world.positions[k]
    ticks = terms.ticks
    after = position["lots"] + order["side"] * lots
    mark = position["mark_ticks"]
    position["mark_ticks"] = ticks + market.mark_open[k, step] - market.open[k, step]
    # An isolated position that grows has its margin already; any other is set aside, as the order closes it first.
    grows = spec["is_isolated"] and position["lots"] != 0 and (position["lots"] > 0) == (order["side"] > 0)
    equity = total_equity(world, market) - set_aside(world, market, -1 if grows else k)
    open_loss = notional(spec, lots, max(order["side"] * (ticks - position["mark_ticks"]), 0))
    position["mark_ticks"] = mark
    fee = notional(spec, lots, ticks) * spec["taker_rate"]
    needed = initial_margin(world, market, k) + notional(spec, lots if grows else after, ticks) / spec["leverage"]
    return bool(needed <= equity - fee - open_loss)


@lean_kernel
def obstacle(world: World, market: Market, order: Any, lots: tuple[int, int], terms: Terms) -> int:
    """Why an order is not filled on these terms, as a Code; `lots` are those it would get, and those it asks for."""
    got, wanted = lots
    k = order["instrument"]
    if wanted == 0:
        return Code.NOTHING_TO_EXIT.value
    if order["type"] != OrderType.LIMIT and is_beyond_bound(
        market, k, terms.step, order["side"], terms.reference_ticks
    ):
        return Code.BEYOND_TAKE_BOUND.value
    if got < wanted and order["time_in_force"] == TimeInForce.FOK:
        return Code.FOK_NOT_WHOLE.value
    if lots_opened(world.positions[k], order, got) > 0 and not is_covered(world, market, order, got, terms):
        return Code.MARGIN_INSUFFICIENT.value
    return Code.OK.value


@lean_kernel
def status_after(order: Any, code: int) -> int:
    """How an order ends that is not filled: what was filled in part before, or has nothing to do, is cancelled."""
    is_over = code == Code.NOTHING_TO_EXIT or (order["filled"] > 0 and code != Code.FOK_NOT_WHOLE)
    return OrderStatus.CANCELED.value if is_over else OrderStatus.REJECTED.value


@lean_kernel
def execute(world: World, market: Market, rules: Rules, order: Any, terms: Terms) -> None:
    """Fill an open order as far as the bar's volume goes, or close it where nothing is left to reduce or to pay with.

    `order` is the record in its place among the open orders of its instrument. What is left of it stays there: a limit
    rests on, everything else has been triggered and takes the next open.
    """
    k = order["instrument"]
    slot = slot_of(world, k, order["id"])
    position = world.positions[k]
    wanted = lots_to_fill(position, order)
    lots = min(wanted, lots_left(position, order["side"]))
    code = obstacle(world, market, order, (lots, wanted), terms)
    if code == Code.BEYOND_TAKE_BOUND and order["reduce_only"] and order["role"] != OrderRole.PLACED:
        # What guards a position does not leave it bare: it asks again at the next open.
        lots = 0
    elif code != Code.OK:
        close_order(world, k, slot, status_after(order, code), code, terms.ts)
        return
    opened = lots_opened(position, order, lots)
    own = order["id"]
    at_once = order["time_in_force"] == TimeInForce.IOC
    order["triggered"] = order["type"] != OrderType.LIMIT
    if order["close_position"]:
        order["lots"] = order["filled"] + wanted
    if lots == 0:
        order["status"] = max(order["status"], OrderStatus.OPEN.value)
    else:
        settle_fill(world, market, order, lots, terms)
        take_volume(world, market, k, order["side"], lots)
        follow_up(world, market, rules, order, (lots, opened), terms)
    if at_once and lots < wanted:
        drop_rest(world, k, own, terms.ts)


@lean_kernel
def drop_rest(world: World, k: int, own: int, ts: int) -> None:
    """Cancel what an immediate-or-cancel order could not fill at once, if it is still there."""
    for slot in range(world.positions[k]["n_orders"]):
        if world.orders[k, slot]["id"] == own:
            close_order(world, k, slot, OrderStatus.CANCELED.value, Code.IOC_EXPIRED.value, ts)
            return


@lean_kernel
def follow_up(world: World, market: Market, rules: Rules, order: Any, filled: tuple[int, int], terms: Terms) -> None:
    """What a fill brings about: the bracket grows or shrinks, the order leaves its place where it is done.

    `filled` says how many lots, and how many of them opened a position.
    """
    lots, opened = filled
    k = order["instrument"]
    own, group, role, reduces = order["id"], order["group"], order["role"], order["reduce_only"]
    placed = role == OrderRole.PLACED
    # A fill that closes and opens has turned the position round: what it was protected by has nothing left to protect.
    ended = world.positions[k]["lots"] == 0 or 0 < opened < lots
    if opened > 0 and not placed:
        applied = rules_of(market, rules, market.specs[k]["member"])
        fit_bracket(world, market, applied, order, order["filled"] + opened, terms)
    order["filled"] += opened if order["reverses"] else lots
    is_done = order["filled"] >= order["lots"] or (reduces and world.positions[k]["lots"] == 0)
    done = Filled(own, group, role, lots, 0 if placed and is_done else order["lots"] - order["filled"])
    if is_done:
        close_order(world, k, slot_of(world, k, own), OrderStatus.FILLED.value, Code.OK.value, terms.ts)
    else:
        order["status"] = OrderStatus.PARTIALLY_FILLED.value
    if placed or (reduces and role != OrderRole.EXIT):
        shrink_bracket(world, k, done, terms.ts)
        if role == OrderRole.TAKE_PROFIT:
            move_to_break_even(world, market, done, k, terms)
    if opened > 0 and not placed:
        cancel_exits(world, k, group, terms.ts)
    elif ended:
        cancel_exits(world, k, 0, terms.ts)
    if ended:
        cancel_closers(world, k, terms.ts)
