"""Limits that rest: where each stands in the queue at its price, and what public trades leave for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from tradewright.adapters.venues.practice.course import Print
from tradewright.adapters.venues.practice.orders import WireOrder
from tradewright.adapters.venues.practice.seat import Seat
from tradewright.adapters.venues.practice.taking import Floor
from tradewright.engine.venue_account import Happened

__all__ = ["House", "pass_by", "stand"]


class House(Floor, Protocol):
    """Whose queues they are."""

    seats: dict[str, Seat]

    def absorb(self, seat: Seat, happened: Happened, ts: int) -> None:
        """Let a step's outcome be known, UTC ns."""


def stand(house: Floor, order: WireOrder) -> None:
    """Look where an order stands: behind all who are at its price, and alone where it is better than they."""
    levels = house.market_levels(order.k)[0 if order.side > 0 else 1]
    if (order.ticks - levels[-1][0]) * order.side >= 0:
        order.place.look(dict(levels).get(order.ticks, 0))


def pass_by(house: House, trades: Iterable[tuple[int, Print]]) -> None:
    """Let public trades fill what stands at their price, as far as they reach beyond those before it."""
    for k, trade in trades:
        side = -1 if trade.buys else 1
        for seat in house.seats.values():
            for order in [one for one in seat.ledger.open.values() if _meets(one, k, side, trade.ticks)]:
                stand(house, order)
                lots = order.place.pass_by(trade.lots, order.lots - order.filled) if order.place.ahead >= 0.0 else 0
                if lots:
                    _fill(house, seat, order, lots)


def _meets(order: WireOrder, k: int, side: int, ticks: int) -> bool:
    return order.k == k and order.side == side and order.ticks == ticks and order.kind == "LIMIT" and not order.waits


def _fill(house: House, seat: Seat, order: WireOrder, lots: int) -> None:
    present = house.present
    present.begin(present.ts)
    present.lay_tick(order.k, order.ticks, lots)
    seat.account.touch(order.k, order.leg, order.id, touched=True)
    happened = seat.account.play()
    if seat.account.is_open(order.k, order.leg, order.id):
        seat.account.touch(order.k, order.leg, order.id, touched=False)
    house.absorb(seat, happened, present.ts)
