"""How near the price must come to a resting limit: through it, to it, or to it where a coin says so."""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import LimitFill
from tradewright.kernels.bar_path import stirred
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market, World

__all__ = ["only_touched", "set_touch", "toss_for_bar", "wait_for_bar"]

_PRIME = 2_147_483_647
_APART = 1_000_003
"""Keeps the coins of orders from those of instruments."""


@lean_kernel
def set_touch(market: Market, rules: Rules, order: Any, step: int) -> None:
    """Decide whether a price that only reaches the order fills it in this bar."""
    touch = rules.limit_fill == LimitFill.TOUCH
    if rules.limit_fill == LimitFill.PROB:
        touch = stirred(rules.seed, market.ts_open[step], _APART + order["id"]) < rules.fill_chance * _PRIME
    order["touch"] = touch


@lean_kernel
def toss_for_bar(world: World, market: Market, rules: Rules, k: int, step: int) -> None:
    """Toss the coins of a bar, one for each order."""
    if rules.limit_fill == LimitFill.PROB:
        for slot in range(world.positions[k]["n_orders"]):
            set_touch(market, rules, world.orders[k, slot], step)


@lean_kernel
def wait_for_bar(world: World, rules: Rules, k: int) -> None:
    """Between bars a touch may fill an order: whether it does, the next bar's coin says."""
    if rules.limit_fill == LimitFill.PROB:
        for slot in range(world.positions[k]["n_orders"]):
            world.orders[k, slot]["touch"] = True


@lean_kernel
def only_touched(market: Market, order: Any, step: int) -> bool:
    """Whether the bar reached the price of a resting limit and did not go through it."""
    k = order["instrument"]
    level = order["level_ticks"]
    return bool(market.low[k, step] >= level if order["side"] > 0 else market.high[k, step] <= level)
