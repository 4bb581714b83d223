"""Orders of a session that is matched here, which wait until somebody confirms them.

What opens a position is held back from the moment it is decided. Once confirmed, it reaches the market at the first
open after that; what nobody confirmed in time is withdrawn when the next bar has closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tradewright.domain.enums import OrderStatus
from tradewright.domain.errors import DataError, InvalidValue
from tradewright.domain.intents import Cancel
from tradewright.engine.session import Session
from tradewright.services.pending import Confirming, Pending, is_opening, waiting_one

__all__ = ["Waiting", "check_waits", "confirming_of"]

_NS = 1_000_000_000


def confirming_of(record: Mapping[str, Any]) -> Confirming:
    """How orders are confirmed, as the first record of a session says.

    Raises:
        DataError: it makes no sense.
    """
    try:
        return Confirming(**record.get("holding", {}))
    except TypeError as error:
        raise DataError(f"the first record of the session cannot be read ({error})") from error


@dataclass
class Waiting:
    """Orders that wait, and what became of those that did.

    Args:
        confirming: how they are confirmed.
        pending: by the number of the order.
    """

    confirming: Confirming
    pending: dict[int, Pending] = field(default_factory=dict)

    def before(self, session: Session, ts_close: int) -> None:
        """A bar has closed, and is about to be played: what nobody confirmed by then is withdrawn."""
        for own in self.pending.values():
            if own.state == "waiting" and own.until <= ts_close:
                own.state = "expired"
                _withdraw(session, own)

    def after(self, session: Session, ts_close: int) -> None:
        """A bar has been played: what was confirmed may reach the next open, and what is new waits."""
        if not (self.confirming.is_on or self.pending):
            return
        known = {int(order["id"]): order for order in session.open_orders()}
        for own in self.pending.values():
            if own.state == "confirmed":
                session.held.discard(own.order_id)
            elif own.state == "waiting" and own.order_id not in known:
                own.state = "replaced"
        session.held &= set(known)
        if not self.confirming.is_on:
            return
        for number, order in known.items():
            k = int(order["instrument"])
            is_new = number not in self.pending and order["status"] == OrderStatus.PENDING
            if is_new and is_opening(order, session.held_lots(k)):
                price = session.instruments[k].from_ticks(session.last_ticks(k))
                self.pending[number] = Pending(number, price, ts_close, ts_close + round(self.confirming.ttl_s * _NS))
                session.held.add(number)

    def decide(self, session: Session, record: Mapping[str, Any], ts: int) -> None:
        """Let one go, or drop it, as a record says; where price has moved against it, it is shown anew.

        Raises:
            InvalidValue: it does not wait any more.
        """
        own = waiting_one(self.pending, record)
        if record["kind"] == "reject":
            own.state, own.by = "rejected", str(record.get("by", "somebody"))
            _withdraw(session, own)
            return
        order = next(one for one in session.open_orders() if int(one["id"]) == own.order_id)
        k = int(order["instrument"])
        price = session.instruments[k].from_ticks(session.last_ticks(k))
        own.confirm((price, int(order["side"])), str(record.get("by", "somebody")), ts, self.confirming)

    def withdraw(self, session: Session, by: str) -> None:
        """Cancel what may open a position, whether it waits or rests; what closes or protects one stays.

        Args:
            session: whose orders they are.
            by: who says so.
        """
        for order in session.open_orders():
            if not is_opening(order, session.held_lots(int(order["instrument"]))):
                continue
            own = self.pending.get(int(order["id"]))
            if own is not None and own.state == "waiting":
                own.state, own.by = "rejected", by
            _cancel(session, order)


def _withdraw(session: Session, own: Pending) -> None:
    if (order := session.open_order(own.order_id)) is not None:
        _cancel(session, order)


def _cancel(session: Session, order: np.void) -> None:
    session.ask_by_hand(session.instruments[int(order["instrument"])].symbol, Cancel(order_id=int(order["id"])))


def check_waits(waiting: Waiting, record: Mapping[str, Any]) -> None:
    """See that a decision is about an order that waits.

    Raises:
        InvalidValue: it is not.
    """
    try:
        waiting_one(waiting.pending, record)
    except (TypeError, ValueError) as error:
        raise InvalidValue("order", record.get("order_id"), "the number of an order") from error
