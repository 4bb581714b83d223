"""Operations on pending, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict
from urllib.parse import quote

from tradewright.client.sender import Sender

__all__ = ["Pending"]


class DecisionView(TypedDict):
    """What became of a decision."""

    by: str
    deployment: str
    order: int
    state: Literal["confirmed", "rejected", "asked"]


class Missing(TypedDict):
    """Candles that are not stored."""

    end: NotRequired[str | None]
    start: NotRequired[str | None]
    symbol: str
    timeframe: str
    venue: str


class PendingList(TypedDict):
    """Orders that wait."""

    items: list[PendingRow]


class PendingRow(TypedDict):
    """An order that waits, as it stands at the moment of the answer."""

    at_risk: NotRequired[str | None]
    deployment: str
    instrument: str
    left_s: float
    order: int
    price: str
    price_now: str | None
    quantity: str
    quotes: int
    share_at_risk: float | None
    side: Literal["buy", "sell"]
    since: str
    stop_loss: NotRequired[str | None]
    take_profit: NotRequired[str | None]
    tolerance: float
    type: str
    until: str
    whole_s: float


class Remedy(TypedDict):
    """A request that would mend it."""

    body: dict[str, Any]
    method: str
    path: str
    title: str


class Pending:
    """Operations on pending."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list_pending(
        self, *, mode: Literal["simulation", "live"] | None = None, deployment: str | None = None
    ) -> PendingList:
        """List orders that wait to be confirmed, each with the seconds that are left by the clock of its venue."""
        found: PendingList = self._sender.send("GET", "/api/v1/pending", query={"mode": mode, "deployment": deployment})
        return found

    def confirm_pending(self, deployment: str, order: int) -> DecisionView:
        """Let an order go. One decision counts: the second is told (409) what became of the order."""
        found: DecisionView = self._sender.send(
            "POST", f"/api/v1/pending/{quote(str(deployment), safe='')}/{quote(str(order), safe='')}/confirm"
        )
        return found

    def reject_pending(self, deployment: str, order: int) -> DecisionView:
        """Drop an order. One decision counts: the second is told (409) what became of the order."""
        found: DecisionView = self._sender.send(
            "POST", f"/api/v1/pending/{quote(str(deployment), safe='')}/{quote(str(order), safe='')}/reject"
        )
        return found
