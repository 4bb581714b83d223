"""Make the world of a run, and give its logs room."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import Code
from tradewright.engine.room import room_for
from tradewright.kernels.records import (
    ACCOUNT,
    DAYS_KEPT,
    FILL,
    ORDER,
    PAYMENT,
    POSITION,
    REFUSAL,
    RESULTS_KEPT,
    Market,
    World,
)

__all__ = ["enlarge", "grown", "new_world", "ready_for", "widen"]

_ORDERS_PER_INSTRUMENT = 16
_LINES_PER_ORDER = 4


def new_world(market: Market, balance: float, expected_signals: int) -> World:
    """A flat account with `balance` in quote currency, and logs that suit the number of signals."""
    count, steps = market.open.shape
    account = np.zeros(1 + market.team.size, ACCOUNT)
    account["next_order_id"] = 1
    account["wallet"][0] = balance
    account["last_equity"] = account["peak"] = (balance, *market.team["capital"])
    exits = int(market.signals["has_stop"].sum() + market.signals["has_target"].sum())
    spare = _LINES_PER_ORDER * count * _ORDERS_PER_INSTRUMENT
    return World(
        account=account,
        positions=np.zeros(count, POSITION),
        orders=np.zeros((count, _ORDERS_PER_INSTRUMENT), ORDER),
        fills=np.zeros(spare + 2 * expected_signals, FILL),
        closed=np.zeros(spare + expected_signals + exits, ORDER),
        payments=np.zeros(market.funding.size + count, PAYMENT),
        refusals=np.zeros(expected_signals + count, REFUSAL),
        equity=np.zeros(steps, np.float64),
        kept_account=np.zeros(1, ACCOUNT),
        kept_positions=np.zeros(count, POSITION),
        kept_orders=np.zeros((count, _ORDERS_PER_INSTRUMENT), ORDER),
        turnover=np.zeros(DAYS_KEPT),
        kept_turnover=np.zeros(DAYS_KEPT),
        shares=np.zeros((market.team.size, steps)),
        results=np.zeros((account.size, RESULTS_KEPT)),
    )


def enlarge(world: World) -> World:
    """The same world with twice the room in its logs; the account, positions and orders are the same arrays."""
    return world._replace(
        fills=_wider(world, "fills", 2 * world.fills.size),
        closed=_wider(world, "closed", 2 * world.closed.size),
        payments=_wider(world, "payments", 2 * world.payments.size),
        refusals=_wider(world, "refusals", 2 * world.refusals.size),
    )


def ready_for(world: World, market: Market) -> World:
    """The same world with room for every payment of another market that follows; other logs are left as they are."""
    needed = int(world.account[0]["n_payments"]) + market.funding.size + world.positions.size
    if needed <= world.payments.size:
        return world
    return world._replace(payments=_wider(world, "payments", max(needed, 2 * world.payments.size)))


def _wider(world: World, name: str, size: int) -> NDArray[np.void]:
    # One log asks for room and all get it: of those that are nearly empty the rest is not touched.
    log, count = getattr(world, name), int(world.account[0][f"n_{name}"])
    wider: NDArray[np.void] = room_for(size, log.dtype)
    wider[:count] = log[:count]
    return wider


def widen(world: World) -> World:
    """The same world with twice the places for open orders of each instrument, and logs that suit them."""
    count, width = world.orders.shape
    orders = np.zeros((count, 2 * width), ORDER)
    orders[:, :width] = world.orders
    return enlarge(world._replace(orders=orders, kept_orders=np.zeros_like(orders)))


def grown(world: World, code: int) -> World:
    """The world with the room that a kernel asked for.

    Args:
        world: that is too small.
        code: Code.NEED_ROOM or Code.NEED_ORDER_ROOM.
    """
    return widen(world) if code == Code.NEED_ORDER_ROOM else enlarge(world)
