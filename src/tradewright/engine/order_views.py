"""Orders of the world as a strategy is shown them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import OrderRole, OrderStatus, OrderType
from tradewright.domain.instrument import Instrument
from tradewright.domain.intents import PositionSide
from tradewright.domain.signal import EntryKind
from tradewright.kernels.records import World
from tradewright.strategy.signals import ORDER_TYPE
from tradewright.strategy.view import OrderView

__all__ = ["open_rows", "order_view", "placed_row"]

_KIND: Mapping[int, EntryKind] = {int(ORDER_TYPE[name]): name for name in get_args(EntryKind)}
_LIMITS = (OrderType.LIMIT, OrderType.STOP_LIMIT, OrderType.TAKE_PROFIT_LIMIT)
_TWO_PRICES = (OrderType.STOP_LIMIT, OrderType.TAKE_PROFIT_LIMIT)
_NEAR = 256


def open_rows(world: World, k: int) -> NDArray[np.void]:
    """ORDER records of an instrument's open orders, oldest first; those on their way are among them."""
    return world.orders[k, : int(world.positions[k]["n_orders"])]


def placed_row(world: World, k: int, order_id: int) -> np.void | None:
    """The ORDER record of an order, open or closed; None where there is none."""
    for row in open_rows(world, k):
        if row["id"] == order_id:
            return row  # type: ignore[no-any-return]  # rows of a record array are records
    count = int(world.account[0]["n_closed"])
    for start in (max(count - _NEAR, 0), 0):
        places = np.flatnonzero(world.closed["id"][start:count] == order_id)
        if places.size:
            return world.closed[start + int(places[0])]  # type: ignore[no-any-return]  # as above
    return None


def order_view(
    row: np.void, instrument: Instrument, text: Callable[[int], str], leg: PositionSide | None = None
) -> OrderView:
    """One open order in market units.

    Args:
        row: ORDER record.
        instrument: by whose steps it counts.
        text: gives the tag of a number.
        leg: of a hedge.
    """
    kind = int(row["type"])
    level, trigger = int(row["level_ticks"]), int(row["trigger_ticks"])
    if kind not in (*_LIMITS, OrderType.MARKET):
        level, trigger = 0, level
    elif kind not in _TWO_PRICES:
        trigger = 0
    return OrderView(
        id=int(row["id"]),
        tag=text(int(row["tag"])),
        parent=text(int(row["parent"])),
        role=OrderRole(int(row["role"])),
        side="buy" if row["side"] > 0 else "sell",
        kind=_KIND[kind],
        price=instrument.from_ticks(level) if level > 0 else None,
        trigger=instrument.from_ticks(trigger) if trigger > 0 else None,
        quantity=instrument.from_lots(int(row["lots"])),
        remaining=instrument.from_lots(int(row["lots"] - row["filled"])),
        status=OrderStatus(int(row["status"])),
        reduce_only=bool(row["reduce_only"]),
        position_side=leg,
    )
