"""Whether margin could run out at all: one look at every position, instead of a liquidation price for each.

A liquidation price depends on all other positions, so looking for it in each of K instruments costs K times K. Almost
always the account is so far from it that taking every position at its worst mark at one time does no harm either: then
no instrument can be liquidated, whatever the order in which prices move.
"""

from __future__ import annotations

from typing import NamedTuple

from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.margin import maintenance
from tradewright.kernels.money import notional
from tradewright.kernels.records import Market, World

__all__ = ["Calm", "calm_in", "may_liquidate"]


class Calm(NamedTuple):
    """What was found about a step, and when."""

    version: int  # how often money had moved until then
    holds: bool  # no position can be liquidated inside the step


@lean_kernel
def mark_reach(market: Market, k: int, begin: int, end: int) -> tuple[int, int]:
    """Lowest and highest mark of instrument `k` in some steps, at least one."""
    lows = market.mark_low[k]
    highs = market.mark_high[k]
    low = lows[begin]
    high = highs[begin]
    for step in range(begin + 1, end):
        low = min(low, lows[step])
        high = max(high, highs[step])
    return low, high


@lean_kernel
def may_liquidate(world: World, market: Market, begin: int, end: int) -> bool:
    """Whether margin could run out in the steps from `begin` to `end` (exclusive); errs to yes.

    Every position is taken at its worst price at one time, and a tick beyond: liquidation prices are rounded to ticks.
    """
    equity = world.account[0]["wallet"]
    needed = 0.0
    for k in range(world.positions.size):
        position = world.positions[k]
        if position["lots"] != 0:
            spec = market.specs[k]
            low, high = mark_reach(market, k, begin, end)
            worst = low - 1 if position["lots"] > 0 else high + 1
            profit = position["lots"] * (worst - position["entry_ticks"]) * spec["tick_value"]
            least = maintenance(market, k, notional(spec, position["lots"], high + 1))
            if spec["is_isolated"]:
                if position["margin"] + profit <= least:
                    return True
                equity -= position["margin"]
            else:
                equity += profit
                needed += least
    return bool(equity <= needed)


@lean_kernel
def calm_in(world: World, market: Market, step: int, before: Calm) -> Calm:
    """Whether a step is calm as things stand now; what was found `before` holds until money moves."""
    account = world.account[0]
    version = int(account["n_fills"] + account["n_payments"])
    if version == before.version:
        return before
    return Calm(version, not may_liquidate(world, market, step, step + 1))
