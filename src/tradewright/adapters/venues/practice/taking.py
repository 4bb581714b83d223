"""Orders that take more than the best price shows: they walk the book level by level, as ticks for the kernels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from tradewright.adapters.venues.practice.script import Levels
from tradewright.adapters.venues.practice.seat import Seat
from tradewright.domain.enums import CommandKind, OrderType, TimeInForce
from tradewright.engine.present import Present
from tradewright.engine.venue_account import Happened, Wish

__all__ = ["Floor", "send", "sweep"]

_FARTHEST = 0.05
"""A market order takes no price that is further than this from the best one: the venue's `marketTakeBound`."""


class Floor(Protocol):
    """Where orders meet the book."""

    present: Present

    def market_levels(self, k: int) -> tuple[Levels, Levels]:
        """Bids and asks of others."""

    def shown(self, k: int) -> int:
        """Lots that may be traded in a step on each side."""


def send(floor: Floor, seat: Seat, wish: Wish) -> Happened:
    """Let a wish of an account act on the present: one tick, or as many as the book has levels that it takes."""
    present = floor.present
    present.begin(present.ts)
    if wish.kind not in (CommandKind.PLACE, CommandKind.MODIFY):
        return seat.account.send(wish)
    k = wish.instrument
    if wish.type not in (OrderType.MARKET, OrderType.LIMIT):
        present.lay_tick(k, present.last(k), floor.shown(k))
        return seat.account.send(wish)
    levels = floor.market_levels(k)[1 if wish.side > 0 else 0]
    reach = _reach(levels, wish)
    present.lay_tick(k, *levels[0])
    if wish.lots <= levels[0][1] or len(reach) < 2 or _is_refused(wish, reach):  # noqa: PLR2004 - one tick is enough
        return seat.account.send(wish)
    return _walk(floor, seat, wish, reach)


def _reach(levels: Levels, wish: Wish) -> Levels:
    """The levels that an order accepts."""
    best = levels[0][0]
    limit = wish.level_ticks if wish.type == OrderType.LIMIT else round(best * (1 + _FARTHEST * wish.side))
    return [level for level in levels if (limit - level[0]) * wish.side >= 0]


def _is_refused(wish: Wish, reach: Levels) -> bool:
    """Whether the best price says already that it cannot be: post-only would take, all or nothing finds too little."""
    enough = sum(lots for _, lots in reach) >= wish.lots
    return wish.time_in_force == TimeInForce.GTX or (wish.time_in_force == TimeInForce.FOK and not enough)


def _walk(floor: Floor, seat: Seat, wish: Wish, reach: Levels) -> Happened:
    account, k, present = seat.account, wish.instrument, floor.present
    is_new = wish.kind == CommandKind.PLACE
    number = account.next_id if is_new else wish.order_id
    stays = wish.type == OrderType.LIMIT and wish.time_in_force not in (TimeInForce.IOC, TimeInForce.FOK)
    # What is to fill at once, or to go, may not go before it has seen every level.
    parts = [account.send(replace(wish, time_in_force=TimeInForce.GTC) if is_new else wish)]
    if parts[0].refusals.size:
        return parts[0]
    for level in reach[1:]:
        if not account.is_open(k, wish.leg, number):
            break
        if wish.type == OrderType.LIMIT:
            account.come_again(k, wish.leg, number, level[0])
        present.begin(present.ts)
        present.lay_tick(k, *level)
        parts.append(account.play())
    if account.is_open(k, wish.leg, number):
        if stays:
            account.rest(k, wish.leg, number, wish.level_ticks)
        else:
            present.begin(present.ts)
            parts.append(account.send(Wish(k, CommandKind.CANCEL, order_id=number, leg=wish.leg)))
    return _together(parts)


def sweep(floor: Floor, seat: Seat) -> Happened | None:
    """Let orders that a trigger has made market orders, and that the best price did not fill, walk on; None: none."""
    waiting = [
        order for order in seat.ledger.open.values() if order.is_algo and order.type not in ("STOP", "TAKE_PROFIT")
    ]
    parts: list[Happened] = []
    for order in waiting:
        if not seat.account.takes_on(order.k, order.leg, order.id):
            continue
        for level in floor.market_levels(order.k)[1 if order.side > 0 else 0][1:]:
            floor.present.begin(floor.present.ts)
            floor.present.lay_tick(order.k, *level)
            parts.append(seat.account.play())
            if not seat.account.is_open(order.k, order.leg, order.id):
                break
    return _together(parts) if parts else None


def _together(parts: Sequence[Happened]) -> Happened:
    if len(parts) == 1:
        return parts[0]
    return Happened(*(np.concatenate(logs) for logs in zip(*parts, strict=True)))
