"""What a live session asks for next: of the venue, of whoever confirms, or of nobody."""

from __future__ import annotations

from dataclasses import dataclass

from tradewright.domain.orders import Amendment, NewOrder, OrderRef

__all__ = ["Amend", "Cancel", "Deny", "Hold", "Place", "Request"]


@dataclass(frozen=True, slots=True)
class Place:
    """Send an order.

    Args:
        order: as it is sent.
        order_id: the session's order that it serves.
        is_opening: it may open a position.
    """

    order: NewOrder
    order_id: int
    is_opening: bool


@dataclass(frozen=True, slots=True)
class Cancel:
    """End an order."""

    ref: OrderRef


@dataclass(frozen=True, slots=True)
class Amend:
    """Change an order in place."""

    ref: OrderRef
    amendment: Amendment


@dataclass(frozen=True, slots=True)
class Hold:
    """Wait for somebody to confirm an order before it is sent."""

    order_id: int
    price: float


@dataclass(frozen=True, slots=True)
class Deny:
    """Do not send an order at all."""

    order_id: int
    text: str


Request = Place | Cancel | Amend | Hold | Deny
