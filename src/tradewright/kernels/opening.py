"""What happens at a bar's open: resting orders that it gapped beyond, then orders that arrive."""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import Arrival, Code, FillFlag, Liquidity, OrderStatus, OrderType
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.execution import execute, taker_ticks
from tradewright.kernels.orders import close_order
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market, World
from tradewright.kernels.settlement import Terms
from tradewright.kernels.touching import is_triggered_at
from tradewright.kernels.volume import has_volume

__all__ = ["meet_open"]


@lean_kernel
def open_terms(market: Market, order: Any, step: int) -> Terms:
    """Terms of an order that acts at the open.

    A limit that has rested fills at its own price as maker, however far beyond it the bar opens. Everything else takes
    the open with its costs; a limit that takes is never filled beyond its price.
    """
    k = order["instrument"]
    reference = market.open[k, step]
    ts = market.ts_open[step]
    arrival = Arrival.AT_OPEN.value
    rested = order["status"] != OrderStatus.PENDING and order["step"] < step and not order["triggered"]
    gap = FillFlag.GAP.value if rested and order["level_ticks"] != reference else 0
    if order["type"] == OrderType.LIMIT and rested:
        level = int(order["level_ticks"])
        return Terms(level, level, Liquidity.MAKER.value, gap, arrival, step, int(ts))
    ticks = taker_ticks(market.specs[k], order["side"], reference)
    if order["type"] == OrderType.LIMIT:
        ticks = min(ticks, order["level_ticks"]) if order["side"] > 0 else max(ticks, order["level_ticks"])
    return Terms(int(ticks), int(reference), Liquidity.TAKER.value, gap, arrival, step, int(ts))


@lean_kernel
def is_marketable(order: Any, ticks: int) -> bool:
    """Whether a limit would take at this price; at its own price it does."""
    return bool((order["level_ticks"] - ticks) * order["side"] >= 0)


@lean_kernel
def takes_open(position: Any, order: Any, ticks: int) -> bool:
    """Whether an arriving limit finds somebody to trade with at the open; without volume it rests."""
    return order["type"] == OrderType.LIMIT and is_marketable(order, ticks) and has_volume(position, order)


@lean_kernel
def trigger_gaps(world: World, market: Market, rules: Rules, k: int, step: int) -> None:
    """Fill every resting order that the open alone brings to life, oldest first."""
    ticks = market.open[k, step]
    slot = 0
    while slot < world.positions[k]["n_orders"]:
        order = world.orders[k, slot]
        acts = order["triggered"] or is_triggered_at(order, ticks)
        if order["status"] != OrderStatus.PENDING and acts and has_volume(world.positions[k], order):
            execute(world, market, rules, order, open_terms(market, order, step))
            slot = 0
        else:
            slot += 1


@lean_kernel
def admit(world: World, market: Market, rules: Rules, k: int, step: int) -> None:
    """Let orders arrive that were decided at an earlier close: fill, rest, or be rejected."""
    ticks = market.open[k, step]
    slot = 0
    while slot < world.positions[k]["n_orders"]:
        order = world.orders[k, slot]
        if order["status"] != OrderStatus.PENDING:
            slot += 1
        elif order["type"] == OrderType.MARKET or takes_open(world.positions[k], order, ticks):
            execute(world, market, rules, order, open_terms(market, order, step))
            slot = 0
        elif order["type"] != OrderType.LIMIT and is_triggered_at(order, ticks):
            close_order(
                world, k, slot, OrderStatus.REJECTED.value, Code.WOULD_TRIGGER_AT_ONCE.value, market.ts_open[step]
            )
        else:
            order["status"] = OrderStatus.OPEN.value
            slot += 1


@lean_kernel
def meet_open(world: World, market: Market, rules: Rules, k: int, step: int) -> None:
    """Play the open of a bar: gaps, arrivals, and exits that the open has already passed.

    The last matters for safety: a stop that is attached beyond the market closes the position at once; a venue would
    refuse such a stop and leave the position bare.
    """
    trigger_gaps(world, market, rules, k, step)
    admit(world, market, rules, k, step)
    trigger_gaps(world, market, rules, k, step)
