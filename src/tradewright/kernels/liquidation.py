"""Liquidation: the venue closes the position, takes its clearance fee, and the wallet ends at zero or above.

Binance's order of events in short: open orders are cancelled, the position is closed at the liquidation price or, after
a gap, at the open, never worse than the bankruptcy price (the insurance fund takes the rest), the fee comes out of what
remains, and what is below zero then is the fund's. An isolated position loses its margin at most.
"""

from __future__ import annotations

import numpy as np

from tradewright.domain.enums import Arrival, FillFlag, Liquidity, OrderRole, OrderStatus, OrderType
from tradewright.kernels.compiling import lean_kernel, shared_kernel
from tradewright.kernels.margin import bankruptcy_ticks, net_lots
from tradewright.kernels.money import round_cash
from tradewright.kernels.orders import Draft, cancel_entries, cancel_exits, cancel_placed, close_order, place
from tradewright.kernels.records import Market, World
from tradewright.kernels.rows import moves_with
from tradewright.kernels.settlement import Terms, settle_fill
from tradewright.kernels.slippage import taker_ticks

__all__ = ["liquidate"]


@lean_kernel
def held_at_bankruptcy(world: World, market: Market, k: int, ticks: int) -> int:
    """A price, but none beyond that at which nothing is left: below it where more is held long than short."""
    net = net_lots(world, market, k)
    if net == 0:
        return ticks
    limit = bankruptcy_ticks(world, market, k)
    return max(ticks, int(np.ceil(limit)), 1) if net > 0 else min(ticks, max(int(np.floor(limit)), 1))


@lean_kernel
def liquidation_terms(world: World, market: Market, k: int, step: int, reference: int, flags: int) -> Terms:
    """Price of a forced close: the reference with slippage, both held at bankruptcy, beyond which the fund pays."""
    held = world.positions[k]["lots"]
    side = -1 if held > 0 else 1
    ticks = taker_ticks(market, k, step, side, abs(held), reference)
    if (net_lots(world, market, k) > 0) == (held > 0):
        ticks = held_at_bankruptcy(world, market, k, ticks)
        reference = held_at_bankruptcy(world, market, k, reference)
    ts = market.ts_open[step] if flags == FillFlag.GAP else market.ts_close[step]
    return Terms(int(ticks), int(reference), Liquidity.TAKER.value, flags, Arrival.AT_OPEN.value, step, int(ts))


@lean_kernel
def liquidate(world: World, market: Market, k: int, step: int, reference: int, flags: int) -> None:
    """Close position `k`, and those that move with it, by force at a reference price (GAP: the open)."""
    price = held_at_bankruptcy(world, market, k, reference)
    for row in range(world.positions.size):
        if world.positions[row]["lots"] != 0 and (row == k or moves_with(market, k, row)):
            close_by_force(world, market, row, step, price, flags)


@shared_kernel
def close_by_force(world: World, market: Market, k: int, step: int, reference: int, flags: int) -> None:
    """Close one position; its orders are cancelled first."""
    terms = liquidation_terms(world, market, k, step, reference, flags)
    cancel_entries(world, k, terms.ts)
    cancel_exits(world, k, 0, terms.ts)
    cancel_placed(world, k, terms.ts)
    held = world.positions[k]["lots"]
    draft = Draft(
        group=0,
        signal=-1,
        type=OrderType.MARKET.value,
        role=OrderRole.LIQUIDATION.value,
        side=-1 if held > 0 else 1,
        status=OrderStatus.OPEN.value,
        arrival=Arrival.AT_OPEN.value,
        reduce_only=True,
        reverses=False,
        lots=abs(held),
        level_ticks=0,
        valid_steps=0,
    )
    order = place(world, k, draft, step, terms.ts)
    left = world.account[0]["wallet"] - world.positions[k]["margin"]
    settle_fill(world, market, order, abs(held), terms)
    order["filled"] = order["lots"]
    close_order(world, k, 0, OrderStatus.FILLED.value, 0, terms.ts)
    world.account[0]["n_liquidations"] += 1
    cover_shortfall(world, market, left if market.specs[k]["is_isolated"] else 0.0, k)


@lean_kernel
def cover_shortfall(world: World, market: Market, left: float, k: int) -> None:
    """Let the insurance fund pay what position `k` lost beyond all that stood behind it.

    In cross margin that is the wallet without what isolated positions have set aside, once no other cross position is
    left that could make up for it. `left` is what the wallet had beside an isolated position's margin.
    """
    account = world.account[0]
    floor = left
    if not market.specs[k]["is_isolated"]:
        for other in range(world.positions.size):
            if world.positions[other]["lots"] != 0 and not market.specs[other]["is_isolated"]:
                return
            floor += world.positions[other]["margin"]
    if account["wallet"] < floor:
        floor = round_cash(floor)
        paid = floor - account["wallet"]
        account["insurance"] = round_cash(account["insurance"] + floor - account["wallet"])
        account["wallet"] = floor
        world.positions[k]["earned"] = round_cash(world.positions[k]["earned"] + paid)
