"""Operations on keys, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict
from urllib.parse import quote

from tradewright.client.sender import Sender

__all__ = ["Keys"]


class KeyAnswer(TypedDict):
    """A secret that is kept."""

    name: str


class KeysAnswer(TypedDict):
    """Which secrets are kept."""

    is_there: bool
    kept: list[str]
    known: list[str]
    opens_by_itself: bool


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


class SecretRequest(TypedDict):
    """A secret to be kept."""

    secret: str


class Keys:
    """Operations on keys."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list_keys(self) -> KeysAnswer:
        """List which secrets are kept, and none of them."""
        found: KeysAnswer = self._sender.send("GET", "/api/v1/keys")
        return found

    def set_key(self, name: str, body: SecretRequest) -> KeyAnswer:
        """Keep a secret, in the place of the one before. What uses it takes it up when it starts again."""
        found: KeyAnswer = self._sender.send("PUT", f"/api/v1/keys/{quote(str(name), safe='')}", body=body)
        return found

    def remove_key(self, name: str) -> None:
        """Take a secret out."""
        self._sender.send("DELETE", f"/api/v1/keys/{quote(str(name), safe='')}")
