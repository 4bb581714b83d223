"""How an order comes to the book: a trigger makes a limit of it, and its time in force may keep it out."""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import Code, OrderStatus, OrderType, TimeInForce
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.orders import close_order, slot_of
from tradewright.kernels.records import World
from tradewright.kernels.volume import has_volume

__all__ = ["becomes_limit", "keep_out", "refuses_book", "rest"]


@lean_kernel
def becomes_limit(order: Any, step: int, arrival: int) -> None:
    """A stop-limit or take-profit-limit that is triggered is a plain limit from now on, as young as this moment."""
    order["type"] = OrderType.LIMIT.value
    order["step"] = step
    order["arrival"] = arrival


@lean_kernel
def refuses_book(position: Any, order: Any, takes: bool) -> int:
    """Why a limit is not placed when it reaches the book, as a Code.

    Post-only must not take, at the market's own price either. What must fill at once finds nobody where it does not
    take, or nothing is left of the bar's volume.
    """
    way = order["time_in_force"]
    if way == TimeInForce.GTX and takes:
        return Code.POST_ONLY_WOULD_TAKE.value
    fills = takes and has_volume(position, order)
    if way == TimeInForce.IOC and not fills:
        return Code.IOC_EXPIRED.value
    if way == TimeInForce.FOK and not fills:
        return Code.FOK_NOT_WHOLE.value
    return Code.OK.value


@lean_kernel
def rest(order: Any) -> None:
    """Let an order wait at the venue."""
    order["status"] = OrderStatus.PARTIALLY_FILLED.value if order["filled"] > 0 else OrderStatus.OPEN.value


@lean_kernel
def keep_out(world: World, order: Any, code: int, ts: int) -> None:
    """Close an order that does not reach the book."""
    k = order["instrument"]
    status = OrderStatus.CANCELED.value if code == Code.IOC_EXPIRED else OrderStatus.REJECTED.value
    close_order(world, k, slot_of(world, k, order["id"]), status, code, ts)
