"""Where an order waits, and whether a price range brings it to life. One rule for each type; nothing is changed here.

LIMIT                           rests; fills when the price goes through it by a tick, or reaches it, as the run assumes
STOP_MARKET, STOP_LIMIT         buy at or above their trigger, sell at or below it
TAKE_PROFIT_MARKET, …_LIMIT     buy at or below their trigger, sell at or above it
TRAILING_STOP                   like STOP_MARKET once it is armed; how it is armed and moves: `trailing`
"""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import OrderType
from tradewright.kernels.compiling import lean_kernel

__all__ = [
    "follows_price",
    "has_two_prices",
    "is_marketable",
    "is_reached",
    "is_triggered_at",
    "own_ticks",
    "trigger_ticks",
    "waits_below",
]


@lean_kernel
def follows_price(order: Any) -> bool:
    """Whether the price moves with the order's side when it acts: it buys what rises, and sells what falls."""
    stops = (OrderType.STOP_MARKET.value, OrderType.STOP_LIMIT.value, OrderType.TRAILING_STOP.value)
    return bool(order["type"] in stops)


@lean_kernel
def waits_below(order: Any) -> bool:
    """Whether the price must fall to reach the order."""
    sells = bool(order["side"] < 0)
    return sells if follows_price(order) else not sells


@lean_kernel
def has_two_prices(order: Any) -> bool:
    """Whether a trigger turns the order into a limit."""
    return bool(order["type"] in (OrderType.STOP_LIMIT.value, OrderType.TAKE_PROFIT_LIMIT.value))


@lean_kernel
def own_ticks(order: Any) -> int:
    """The price at which the order stands."""
    return int(order["trigger_ticks"]) if has_two_prices(order) else int(order["level_ticks"])


@lean_kernel
def trigger_ticks(order: Any) -> int:
    """The first price, coming from the waiting side, at which the order acts."""
    level = own_ticks(order)
    if order["type"] == OrderType.LIMIT and not order["touch"]:
        return level - 1 if order["side"] > 0 else level + 1
    return level


@lean_kernel
def is_reached(order: Any, low: int, high: int) -> bool:
    """Whether prices from `low` to `high` bring the order to life."""
    trigger = trigger_ticks(order)
    if order["type"] == OrderType.TRAILING_STOP and not order["armed"]:
        return False
    return low <= trigger if waits_below(order) else high >= trigger


@lean_kernel
def is_triggered_at(order: Any, ticks: int) -> bool:
    """Whether one price alone brings the order to life."""
    return is_reached(order, ticks, ticks)


@lean_kernel
def is_marketable(order: Any, ticks: int) -> bool:
    """Whether a limit would take at this price; at its own price it does."""
    return bool((order["level_ticks"] - ticks) * order["side"] >= 0)
