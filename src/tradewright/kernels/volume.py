"""How much of a bar's volume is left for our orders, and which orders wait for more of it."""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import OrderStatus, OrderType
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.money import whole_lots
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market, World
from tradewright.kernels.rows import is_beside

__all__ = ["has_volume", "lots_left", "may_act", "offer_volume", "take_volume", "use_up", "withdraw_volume"]

_PLENTY = 1 << 61


@lean_kernel
def offer_volume(world: World, market: Market, rules: Rules, k: int, step: int) -> None:
    """Begin a bar: so many lots may be bought in it, and as many sold."""
    lots = whole_lots(rules.participation * market.volume[k, step]) if rules.participation > 0.0 else _PLENTY
    world.positions[k]["buyable"] = lots
    world.positions[k]["sellable"] = lots


@lean_kernel
def withdraw_volume(world: World, k: int) -> None:
    """End a bar."""
    world.positions[k]["buyable"] = 0
    world.positions[k]["sellable"] = 0


@lean_kernel
def lots_left(position: Any, side: int) -> int:
    """Lots that orders of a side may still fill in this bar."""
    return int(position["buyable"] if side > 0 else position["sellable"])


@lean_kernel
def take_volume(world: World, market: Market, k: int, side: int, lots: int) -> None:
    """Use up volume: all orders of a side on an instrument share it, first come, first served."""
    use_up(world.positions[k], side, lots)
    if market.specs[k]["underlying"] > 0:
        for other in range(world.positions.size):
            if is_beside(market, k, other):
                use_up(world.positions[other], side, lots)


@lean_kernel
def use_up(position: Any, side: int, lots: int) -> None:
    """Take lots from what a row may still fill in this bar."""
    if side > 0:
        position["buyable"] -= lots
    else:
        position["sellable"] -= lots


@lean_kernel
def has_volume(position: Any, order: Any) -> bool:
    """Whether acting now changes anything: it fills, or it is triggered and waits for the next open."""
    return lots_left(position, order["side"]) > 0 or (order["type"] != OrderType.LIMIT and not order["triggered"])


@lean_kernel
def may_act(position: Any, order: Any) -> bool:
    """Whether the inside of a bar may bring an order to life; one that is triggered, or still on its way, waits."""
    return order["status"] != OrderStatus.PENDING and not order["triggered"] and has_volume(position, order)
