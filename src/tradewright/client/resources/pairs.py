"""Operations on pairs, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict
from urllib.parse import quote

from tradewright.client.sender import Sender

__all__ = ["Pairs"]


class Missing(TypedDict):
    """Candles that are not stored."""

    end: NotRequired[str | None]
    start: NotRequired[str | None]
    symbol: str
    timeframe: str
    venue: str


class NewPair(TypedDict):
    """An instrument to watch."""

    is_active: NotRequired[bool]
    symbol: str


class PairChange(TypedDict):
    """What is to change of a pair."""

    is_active: bool


class PairList(TypedDict):
    """Pairs, in the order in which they were added."""

    items: list[PairView]


class PairView(TypedDict):
    """An instrument that is watched."""

    added: str
    exchange: str
    id: str
    is_active: bool
    symbol: str


class Remedy(TypedDict):
    """A request that would mend it."""

    body: dict[str, Any]
    method: str
    path: str
    title: str


class Pairs:
    """Operations on pairs."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list_pairs(self) -> PairList:
        """List the pairs of the configured exchange."""
        found: PairList = self._sender.send("GET", "/api/v1/pairs")
        return found

    def create_pair(self, body: NewPair) -> PairView:
        """Watch one more."""
        found: PairView = self._sender.send("POST", "/api/v1/pairs", body=body)
        return found

    def get_pair(self, pair_id: str) -> PairView:
        """Show a pair."""
        found: PairView = self._sender.send("GET", f"/api/v1/pairs/{quote(str(pair_id), safe='')}")
        return found

    def update_pair(self, pair_id: str, body: PairChange) -> PairView:
        """Say whether a pair is active."""
        found: PairView = self._sender.send("PATCH", f"/api/v1/pairs/{quote(str(pair_id), safe='')}", body=body)
        return found

    def delete_pair(self, pair_id: str) -> None:
        """Watch a pair no more; what trades it goes on."""
        self._sender.send("DELETE", f"/api/v1/pairs/{quote(str(pair_id), safe='')}")
