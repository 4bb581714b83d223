"""Operations on orders, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict
from urllib.parse import quote

from tradewright.client.sender import Sender

__all__ = ["Orders"]


class Asked(TypedDict):
    """A wish was left for a session. GET /deployments/{name}/answer tells what became of it."""

    asked: str
    deployment: str
    session: str
    wishes: list[int]


class Missing(TypedDict):
    """Candles that are not stored."""

    end: NotRequired[str | None]
    start: NotRequired[str | None]
    symbol: str
    timeframe: str
    venue: str


class NewOrder(TypedDict):
    """An order by hand. Risk may refuse it, as it may those of the strategy."""

    deployment: NotRequired[str]
    instrument: str
    position_side: NotRequired[Literal["long", "short"] | None]
    price: NotRequired[float | str | None]
    quantity: float | str
    reduce_only: NotRequired[bool]
    side: Literal["buy", "sell"]
    trigger: NotRequired[float | str | None]
    type: NotRequired[Literal["market", "limit", "stop", "take_profit"]]


class OpenOrderList(TypedDict):
    """Orders that are open."""

    items: list[OpenOrderView]


class OpenOrderView(TypedDict):
    """An order that is open."""

    at_venue: NotRequired[list[str]]
    created: NotRequired[str | None]
    deployment: str
    filled: str
    instrument: str
    order: int
    position_side: NotRequired[Literal["long", "short"] | None]
    price: NotRequired[str | None]
    quantity: str
    role: str
    side: Literal["buy", "sell"]
    status: str
    type: str


class OrderPage(TypedDict):
    """Orders, newest first."""

    items: list[OrderView]
    next: NotRequired[str | None]


class OrderView(TypedDict):
    """An order in the books, open or over."""

    created: str
    filled: str
    id: str
    instrument: str
    price: str | None
    quantity: str
    reason: str
    session: str
    side: str
    status: str
    type: str
    updated: str


class Remedy(TypedDict):
    """A request that would mend it."""

    body: dict[str, Any]
    method: str
    path: str
    title: str


class Orders:
    """Operations on orders."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list_orders(
        self,
        *,
        mode: Literal["simulation", "live"] | None = None,
        deployment: str | None = None,
        symbol: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> OrderPage:
        """List orders, open and over, those that changed last first."""
        found: OrderPage = self._sender.send(
            "GET",
            "/api/v1/orders",
            query={"mode": mode, "deployment": deployment, "symbol": symbol, "limit": limit, "cursor": cursor},
        )
        return found

    def create_order(self, body: NewOrder) -> Asked:
        """Place an order by hand, in the account of a deployment that trades. Trading must be enabled."""
        found: Asked = self._sender.send("POST", "/api/v1/orders", body=body)
        return found

    def list_open_orders(
        self, *, mode: Literal["simulation", "live"] | None = None, deployment: str | None = None
    ) -> OpenOrderList:
        """List orders that are open, with their names at the venue."""
        found: OpenOrderList = self._sender.send(
            "GET", "/api/v1/orders/open", query={"mode": mode, "deployment": deployment}
        )
        return found

    def cancel_order(self, deployment: str, order: int) -> Asked:
        """Take an order back."""
        found: Asked = self._sender.send(
            "DELETE", f"/api/v1/orders/{quote(str(deployment), safe='')}/{quote(str(order), safe='')}"
        )
        return found
