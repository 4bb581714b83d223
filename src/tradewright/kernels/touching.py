"""Where an order waits, and whether a price range brings it to life. One rule for each type; nothing is changed here.

LIMIT               rests; fills when the price goes through it by at least one tick
STOP_MARKET         buys at or above its trigger, sells at or below it
TAKE_PROFIT_MARKET  buys at or below its trigger, sells at or above it
"""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import OrderType
from tradewright.kernels.compiling import lean_kernel

__all__ = ["is_reached", "is_triggered_at", "trigger_ticks", "waits_below"]


@lean_kernel
def waits_below(order: Any) -> bool:
    """Whether the price must fall to reach the order."""
    sells = order["side"] < 0
    return bool(sells) if order["type"] == OrderType.STOP_MARKET else not sells


@lean_kernel
def trigger_ticks(order: Any) -> int:
    """The first price, coming from the waiting side, at which the order acts."""
    level = int(order["level_ticks"])
    if order["type"] == OrderType.LIMIT:
        return level - 1 if order["side"] > 0 else level + 1
    return level


@lean_kernel
def is_reached(order: Any, low: int, high: int) -> bool:
    """Whether prices from `low` to `high` bring the order to life."""
    trigger = trigger_ticks(order)
    return low <= trigger if waits_below(order) else high >= trigger


@lean_kernel
def is_triggered_at(order: Any, ticks: int) -> bool:
    """Whether one price alone brings the order to life."""
    return is_reached(order, ticks, ticks)
