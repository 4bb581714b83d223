"""Operations on signals, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from tradewright.client.sender import Sender

__all__ = ["Signals"]


class Missing(TypedDict):
    """Candles that are not stored."""

    end: NotRequired[str | None]
    start: NotRequired[str | None]
    symbol: str
    timeframe: str
    venue: str


class Remedy(TypedDict):
    """A request that would mend it."""

    body: dict[str, Any]
    method: str
    path: str
    title: str


class SignalPage(TypedDict):
    """Signals, newest first."""

    items: list[SignalView]
    next: NotRequired[str | None]


class SignalView(TypedDict):
    """What a strategy said at a close, and why."""

    confidence: float | None
    entry: str | None
    instrument: str
    reasons: str
    session: str
    side: str
    stop_loss: str | None
    take_profit: str | None
    ts: str


class Signals:
    """Operations on signals."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list_signals(
        self,
        *,
        mode: Literal["simulation", "live"] | None = None,
        deployment: str | None = None,
        symbol: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> SignalPage:
        """List signals, newest first."""
        found: SignalPage = self._sender.send(
            "GET",
            "/api/v1/signals",
            query={"mode": mode, "deployment": deployment, "symbol": symbol, "limit": limit, "cursor": cursor},
        )
        return found
