"""Liquidation: the venue closes the position, takes its clearance fee, and the wallet ends at zero or above.

Binance's order of events in short: open orders are cancelled, the position is closed at the liquidation price or, after
a gap, at the open, never worse than the bankruptcy price (the insurance fund takes the rest), the fee comes out of what
remains, and what is below zero then is the fund's. An isolated position loses its margin at most.

What the account still holds is nobody's gift to the next one: the fund pays when a position is closed, so that no later
bankruptcy price has to earn back a fee, and a position is held at bankruptcy only by what stands behind it. Where the
others have already lost more than the cash, nothing does: it goes at the market, and the debt stays theirs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tradewright.domain.enums import Arrival, FillFlag, Liquidity, OrderRole, OrderStatus, OrderType
from tradewright.kernels.compiling import lean_kernel, shared_kernel
from tradewright.kernels.margin import bankruptcy_ticks, cash_behind, net_lots, others
from tradewright.kernels.money import round_cash
from tradewright.kernels.orders import Draft, cancel_entries, cancel_exits, cancel_placed, close_order, place
from tradewright.kernels.records import Market, World
from tradewright.kernels.rows import is_beside, moves_with
from tradewright.kernels.settlement import Terms, settle_fill
from tradewright.kernels.slippage import taker_ticks

__all__ = ["liquidate"]

_NOISE = 1e-6


class Force(NamedTuple):
    """How a position is taken."""

    reference_ticks: int  # what its bar gives
    flags: int  # FillFlag bits
    held: int  # side that is held at bankruptcy: 1 what is sold, -1 what is bought, 0 neither
    limit_ticks: int  # bankruptcy, in whole ticks


@lean_kernel
def backing(world: World, market: Market, k: int) -> float:
    """What stands behind position `k` and those that move with it: cash, and what the others have won, quote."""
    return round_cash(cash_behind(world, market, k) + others(world, market, k)[0])


@lean_kernel
def forced(world: World, market: Market, k: int, reference: int, flags: int) -> Force:
    """Terms of closing position `k` and those that move with it: a reference price, held at their bankruptcy."""
    net = net_lots(world, market, k)
    if net == 0 or backing(world, market, k) < 0.0:
        return Force(int(reference), int(flags), 0, 0)
    limit = bankruptcy_ticks(world, market, k)
    side = 1 if net > 0 else -1
    ticks = max(int(np.ceil(limit - _NOISE) if side > 0 else np.floor(limit + _NOISE)), 1)
    return Force(max(reference, ticks) if side > 0 else min(reference, ticks), int(flags), side, ticks)


@lean_kernel
def liquidation_terms(world: World, market: Market, k: int, step: int, force: Force) -> Terms:
    """Price of a forced close: the reference with slippage, held at bankruptcy, beyond which the fund pays."""
    lots = world.positions[k]["lots"]
    side = -1 if lots > 0 else 1
    ticks = taker_ticks(market, k, step, side, abs(lots), force.reference_ticks)
    if force.held == -side:
        ticks = max(ticks, force.limit_ticks) if side < 0 else min(ticks, force.limit_ticks)
    ts = market.ts_open[step] if force.flags == FillFlag.GAP else market.ts_close[step]
    at_open = Arrival.AT_OPEN.value
    return Terms(int(ticks), force.reference_ticks, Liquidity.TAKER.value, force.flags, at_open, step, int(ts))


@lean_kernel
def liquidate(world: World, market: Market, k: int, step: int, reference: int, flags: int) -> None:
    """Close position `k`, and those that move with it, by force at a reference price (GAP: the open)."""
    force = forced(world, market, k, reference, flags)
    # The fund answers for these positions alone: what the others have lost beyond the cash is still theirs.
    floor = min(backing(world, market, k), 0.0) if has_others(world, market, k) else 0.0
    left = world.account[0]["wallet"] - world.positions[k]["margin"]
    last = k
    for row in range(world.positions.size):
        if world.positions[row]["lots"] != 0 and (row == k or moves_with(market, k, row)):
            close_by_force(world, market, row, step, force)
            last = row
    if market.specs[k]["is_isolated"]:
        cover_shortfall(world, last, left - world.account[0]["wallet"])
    else:
        cover_shortfall(world, last, floor - backing(world, market, k))


@lean_kernel
def has_others(world: World, market: Market, k: int) -> bool:
    """Whether cross positions are open that do not move with position `k`."""
    for other in range(world.positions.size):
        apart = other == k or is_beside(market, k, other) or market.specs[other]["is_isolated"]
        if world.positions[other]["lots"] != 0 and not apart:
            return True
    return False


@shared_kernel
def close_by_force(world: World, market: Market, k: int, step: int, force: Force) -> None:
    """Close one position; its orders are cancelled first."""
    terms = liquidation_terms(world, market, k, step, force)
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
    settle_fill(world, market, order, abs(held), terms)
    order["filled"] = order["lots"]
    close_order(world, k, 0, OrderStatus.FILLED.value, 0, terms.ts)
    world.account[0]["n_liquidations"] += 1


@lean_kernel
def cover_shortfall(world: World, k: int, lacking: float) -> None:
    """Let the insurance fund pay what is lacking after a forced close, fee and all; it is credited to row `k`."""
    paid = round_cash(lacking)
    if paid > 0.0:
        account = world.account[0]
        account["insurance"] = round_cash(account["insurance"] + paid)
        account["wallet"] = round_cash(account["wallet"] + paid)
        world.positions[k]["earned"] = round_cash(world.positions[k]["earned"] + paid)
