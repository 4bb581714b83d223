"""Liquidation: the venue closes the position, takes its clearance fee, and the wallet ends at zero or above.

Binance's order of events in short: open orders are cancelled, the position is closed at the liquidation price or, after
a gap, at the open, never worse than the bankruptcy price (the insurance fund takes the rest), the fee comes out of what
remains, and what is below zero then is the fund's. An isolated position loses its margin at most.
"""

from __future__ import annotations

import numpy as np

from tradewright.domain.enums import Arrival, FillFlag, Liquidity, OrderRole, OrderStatus, OrderType
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.margin import bankruptcy_ticks
from tradewright.kernels.money import round_cash
from tradewright.kernels.orders import Draft, cancel_entries, cancel_exits, cancel_placed, close_order, place
from tradewright.kernels.records import Market, World
from tradewright.kernels.settlement import Terms, settle_fill
from tradewright.kernels.slippage import taker_ticks

__all__ = ["liquidate"]


@lean_kernel
def liquidation_terms(world: World, market: Market, k: int, step: int, reference: int, flags: int) -> Terms:
    """Price of a forced close: the reference with slippage, both held at bankruptcy, beyond which the fund pays."""
    held = world.positions[k]["lots"]
    side = -1 if held > 0 else 1
    limit = bankruptcy_ticks(world, market, k)
    worst = max(int(np.ceil(limit)) if side < 0 else int(np.floor(limit)), 1)
    ticks = taker_ticks(market, k, step, side, abs(held), reference)
    if side < 0:
        ticks, reference = max(ticks, worst), max(reference, worst)
    else:
        ticks, reference = min(ticks, worst), min(reference, worst)
    ts = market.ts_open[step] if flags == FillFlag.GAP else market.ts_close[step]
    return Terms(int(ticks), int(reference), Liquidity.TAKER.value, flags, Arrival.AT_OPEN.value, step, int(ts))


@lean_kernel
def liquidate(world: World, market: Market, k: int, step: int, reference: int, flags: int) -> None:
    """Close position `k` by force at a reference price (GAP: the open); its orders are cancelled first."""
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
