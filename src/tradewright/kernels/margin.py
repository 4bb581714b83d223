"""Maintenance margin by tier, and the price at which a position is liquidated.

In cross margin all of the wallet and every other cross position stand behind a position; in isolated margin only what
was set aside for it (`POSITION.margin`), and nothing of it stands behind others.

Formulas: Binance USDT-M futures, maintenance `N * rate - cum`, liquidation price solved from
`wallet + open profit = maintenance margin` with the other positions held at their marks.
"""

from __future__ import annotations

import numpy as np

from tradewright.kernels.compiling import lean_kernel, shared_kernel
from tradewright.kernels.money import notional
from tradewright.kernels.records import Market, World
from tradewright.kernels.rows import is_beside, moves_with

__all__ = [
    "bankruptcy_ticks",
    "cash_behind",
    "dies_below",
    "initial_margin",
    "liquidation_ticks",
    "maintenance",
    "net_lots",
    "open_profit",
    "others",
    "set_aside",
    "tier_row",
    "total_equity",
]

_MAX_PASSES = 12
_NOISE = 1e-6
_FARTHEST = 1e15


@lean_kernel
def tier_row(market: Market, k: int, value: float) -> int:
    """Row of the tier table that holds for a notional of `value` quote."""
    spec = market.specs[k]
    row = spec["tier_stop"] - 1
    while row > spec["tier_start"] and market.tiers[row, 0] > value:
        row -= 1
    return int(row)


@lean_kernel
def maintenance(market: Market, k: int, value: float) -> float:
    """Maintenance margin of a notional, quote; continuous at tier edges; 0 for spot."""
    if not market.specs[k]["is_perpetual"]:
        return 0.0
    row = tier_row(market, k, value)
    return float(value * market.tiers[row, 1] - market.tiers[row, 2])


@lean_kernel
def open_profit(world: World, market: Market, k: int, ticks: float) -> float:
    """Open profit of a position at a price, quote."""
    position = world.positions[k]
    return float(position["lots"] * (ticks - position["entry_ticks"]) * market.specs[k]["tick_value"])


@lean_kernel
def total_equity(world: World, market: Market) -> float:
    """Wallet plus open profit at the marks, quote."""
    equity = world.account[0]["wallet"]
    for k in range(world.positions.size):
        if world.positions[k]["lots"] != 0:
            equity += open_profit(world, market, k, world.positions[k]["mark_ticks"])
    return float(equity)


@lean_kernel
def initial_margin(world: World, market: Market, skip: int) -> float:
    """Initial margin of every position but `skip`, at the marks, quote; isolated ones have theirs set aside."""
    total = 0.0
    for k in range(world.positions.size):
        position = world.positions[k]
        if k != skip and position["lots"] != 0 and not market.specs[k]["is_isolated"]:
            spec = market.specs[k]
            total += notional(spec, position["lots"], position["mark_ticks"]) / spec["leverage"]
    return total


@lean_kernel
def set_aside(world: World, market: Market, skip: int) -> float:
    """What isolated positions but `skip` keep to themselves, quote: their margin and their open profit."""
    total = 0.0
    for k in range(world.positions.size):
        position = world.positions[k]
        if k != skip and position["lots"] != 0 and market.specs[k]["is_isolated"]:
            total += position["margin"] + open_profit(world, market, k, position["mark_ticks"])
    return total


@lean_kernel
def cash_behind(world: World, market: Market, k: int) -> float:
    """Cash that stands behind position `k`, quote: its own margin, or the wallet without that of isolated positions."""
    if market.specs[k]["is_isolated"]:
        return float(world.positions[k]["margin"])
    cash = world.account[0]["wallet"]
    for other in range(world.positions.size):
        cash -= world.positions[other]["margin"]
    return float(cash)


@lean_kernel
def others(world: World, market: Market, k: int) -> tuple[float, float]:
    """Open profit and maintenance margin of the positions that stand with `k`, at the marks, quote.

    Those that the same price moves are not among them.
    """
    profit = 0.0
    margin = 0.0
    if market.specs[k]["is_isolated"]:
        return profit, margin
    for other in range(world.positions.size):
        position = world.positions[other]
        apart = other == k or is_beside(market, k, other) or market.specs[other]["is_isolated"]
        if position["lots"] != 0 and not apart:
            profit += open_profit(world, market, other, position["mark_ticks"])
            value = notional(market.specs[other], position["lots"], position["mark_ticks"])
            margin += maintenance(market, other, value)
    return profit, margin


@shared_kernel
def fellows(world: World, market: Market, k: int, ticks: float) -> tuple[float, float]:
    """What the rows that move with `k` add to the solution for its liquidation price, their tiers those at a price.

    Quote that stands beside the price, and quote per tick by which what is asked of the account grows with it.
    """
    beside = 0.0
    growth = 0.0
    if market.specs[k]["underlying"] == 0:
        return beside, growth
    for other in range(world.positions.size):
        position = world.positions[other]
        if position["lots"] != 0 and moves_with(market, k, other):
            size = abs(position["lots"]) * market.specs[other]["tick_value"]
            side = 1.0 if position["lots"] > 0 else -1.0
            row = tier_row(market, other, size * ticks)
            beside += market.tiers[row, 2] - side * size * position["entry_ticks"]
            growth += size * (market.tiers[row, 1] - side)
    return beside, growth


@lean_kernel
def dies_below(world: World, market: Market, k: int) -> bool:
    """Whether falling marks, rather than rising ones, liquidate position `k` and those that move with it."""
    position = world.positions[k]
    if market.specs[k]["underlying"] == 0:
        return bool(position["lots"] > 0)
    size = abs(position["lots"]) * market.specs[k]["tick_value"]
    rate = market.tiers[tier_row(market, k, size * position["mark_ticks"]), 1]
    growth = fellows(world, market, k, position["mark_ticks"])[1]
    return bool(size * (rate - (1.0 if position["lots"] > 0 else -1.0)) + growth < 0.0)


@lean_kernel
def liquidation_ticks(world: World, market: Market, k: int) -> int:
    """Price at which position `k` is liquidated; 0 where there is none (flat, spot, or covered down to zero).

    Rounded towards the position's side, so that liquidation never comes later than the formula says (but for a
    millionth of a tick, which is noise). The tier is the one that holds at the answer itself, found by iteration. A
    short that no price can save is liquidated at any price. Rows that the same price moves have one liquidation price.
    """
    position = world.positions[k]
    spec = market.specs[k]
    if position["lots"] == 0 or not spec["is_perpetual"]:
        return 0
    side = 1.0 if position["lots"] > 0 else -1.0
    size = abs(position["lots"]) * spec["tick_value"]
    profit, margin = others(world, market, k)
    free = cash_behind(world, market, k) + profit - margin - side * size * position["entry_ticks"]
    row = tier_row(market, k, size * position["mark_ticks"])
    ticks = float(position["mark_ticks"])
    for _ in range(_MAX_PASSES):
        before = ticks
        beside, growth = fellows(world, market, k, max(before, 0.0))
        ticks = (free + market.tiers[row, 2] + beside) / (size * (market.tiers[row, 1] - side) + growth)
        found = tier_row(market, k, size * max(ticks, 0.0))
        if found == row and (spec["underlying"] == 0 or ticks == before):
            break
        row = found
    ticks = min(ticks, _FARTHEST)
    if dies_below(world, market, k):
        return max(int(np.ceil(ticks - _NOISE)), 0)
    return max(int(np.floor(ticks + _NOISE)), 1)


@lean_kernel
def bankruptcy_ticks(world: World, market: Market, k: int) -> float:
    """Price at which the margin balance behind a position would be zero, the other positions at their marks.

    Rows that the same price moves have one; what could not be zero by any price has the position's own entry less
    infinity.
    """
    position = world.positions[k]
    profit, _ = others(world, market, k)
    size = position["lots"] * market.specs[k]["tick_value"]
    for other in range(world.positions.size):
        if world.positions[other]["lots"] != 0 and moves_with(market, k, other):
            own = world.positions[other]["lots"] * market.specs[other]["tick_value"]
            profit += own * (position["entry_ticks"] - world.positions[other]["entry_ticks"])
            size += own
    return float(position["entry_ticks"] - (cash_behind(world, market, k) + profit) / size)


@shared_kernel
def net_lots(world: World, market: Market, k: int) -> int:
    """Signed lots of a position and of those that move with it."""
    lots = world.positions[k]["lots"]
    for other in range(world.positions.size):
        if moves_with(market, k, other):
            lots += world.positions[other]["lots"]
    return int(lots)
