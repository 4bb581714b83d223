"""What people and guards ask of a session at a venue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tradewright.domain.enums import OrderStatus
from tradewright.services.live.session import LiveSession
from tradewright.services.pending import Pending, is_opening, waiting_one

__all__ = [
    "calm", "confirm", "deny", "expire", "halt", "hold", "kill", "reject", "remark", "waiting_order",
    "withdraw",
]  # fmt: skip

_NS = 1_000_000_000


def hold(live: LiveSession, record: Mapping[str, Any]) -> None:
    """Let an order wait for somebody."""
    own, since = int(record["order_id"]), int(record["ts"])
    live.pending[own] = Pending(own, float(record["price"]), since, since + round(live.confirming.ttl_s * _NS))


def waiting_order(live: LiveSession, record: Mapping[str, Any]) -> Pending:
    """The order that a record decides on.

    Raises:
        InvalidValue: it does not wait (any more).
    """
    return waiting_one(live.pending, record)


def confirm(live: LiveSession, record: Mapping[str, Any]) -> None:
    """Let an order go on its way; where price has moved against it, it is shown anew at the new one."""
    own = waiting_order(live, record)
    price, order = float(record["price"]), live.order(own.order_id)
    side = 1 if order is None else int(order["side"])
    if not own.confirm((price, side), str(record["by"]), int(record["ts"]), live.confirming):
        live.note(f"order {own.order_id} is not sent yet: price has moved to {price:g}, confirm it anew")


def reject(live: LiveSession, record: Mapping[str, Any]) -> None:
    """Drop an order that waits, as somebody says."""
    own = waiting_order(live, record)
    own.state, own.by = "rejected", str(record["by"])
    live.end(own.order_id, OrderStatus.CANCELED)


def expire(live: LiveSession, record: Mapping[str, Any]) -> None:
    """Drop an order for which nobody came."""
    own = waiting_order(live, record)
    own.state = "expired"
    live.note(f"order {own.order_id} is dropped: nobody has confirmed it")
    live.end(own.order_id, OrderStatus.CANCELED)


def deny(live: LiveSession, record: Mapping[str, Any]) -> None:
    """Drop an order that the gate does not let pass."""
    live.note(f"order {record['order_id']} is not sent: {record['text']}")
    live.end(int(record["order_id"]), OrderStatus.CANCELED)


def halt(live: LiveSession, record: Mapping[str, Any]) -> None:
    """Open nothing any more."""
    live.halt(str(record["text"]))


def calm(live: LiveSession, record: Mapping[str, Any]) -> None:
    """Open again."""
    live.halted = ""
    live.note(f"{record.get('by', 'somebody')} lets positions be opened again")


def kill(live: LiveSession, record: Mapping[str, Any]) -> None:
    """Cancel what opens, open nothing any more; with `flatten` cancel everything and close every position."""
    live.halt(str(record.get("text", "the kill switch")))
    withdraw(live, record)
    if record.get("flatten") and live.own.steps:
        live.own.play({"kind": "flatten"})


def withdraw(live: LiveSession, record: Mapping[str, Any]) -> None:
    """Cancel what may open a position, with `is_sent` only what was sent; what closes or protects one stays."""
    for order in live.session.open_orders():
        own = int(order["id"])
        if record.get("is_sent") and not live.tickets.of_order(own):
            continue  # the gate lets none of it pass, and says so
        if is_opening(order, live.session.held_lots(int(order["instrument"]))):
            live.unwanted.add(own)


def remark(live: LiveSession, record: Mapping[str, Any]) -> None:
    """Keep what a person should know."""
    live.note(str(record["text"]))
