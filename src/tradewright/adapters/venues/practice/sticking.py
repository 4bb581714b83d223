"""Conditional orders that stay TRIGGERING: their trigger was reached, and nothing came of it."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from tradewright.adapters.venues.practice.orders import WireOrder
from tradewright.adapters.venues.practice.seat import Seat
from tradewright.domain.enums import OrderType
from tradewright.engine.venue_account import Happened

__all__ = ["Snag", "play_unless_stuck"]


class Snag(Protocol):
    """What may hold an order up."""

    def may_stick(self) -> bool:
        """Whether any may be held up now."""

    def sticks(self) -> bool:
        """Whether this one is."""


def play_unless_stuck(snag: Snag, seat: Seat, now: int) -> Happened:
    """Play the step that has begun; an order that sticks in it has never been there. `now` is UTC ms."""
    account = seat.account
    if not any(order.waits for order in seat.ledger.open.values()) or not snag.may_stick():
        return account.play()
    before = account.remember()
    happened = account.play()
    stuck = [order for order in _triggered(seat, happened) if snag.sticks()]
    if not stuck:
        return happened
    account.recall(before)
    for order in stuck:
        account.withdraw(order.k, order.leg, order.id)
    happened = account.play()
    for order in stuck:
        seat.ledger.stick(order, now)
    return happened


def _triggered(seat: Seat, happened: Happened) -> list[WireOrder]:
    """Conditional orders that acted in a step."""
    acted = set(happened.fills["order_id"].tolist())
    for k in {order.k for order in seat.ledger.open.values()}:
        rows = seat.account.open_orders(k)
        acted |= set(rows["id"][np.logical_or(rows["triggered"], rows["type"] == OrderType.LIMIT)].tolist())
    return [order for order in seat.ledger.open.values() if order.waits and order.id in acted]
