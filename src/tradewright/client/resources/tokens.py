"""Operations on tokens, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict
from urllib.parse import quote

from tradewright.client.sender import Sender

__all__ = ["Tokens"]


class MadeToken(TypedDict):
    """A token; it is shown this once."""

    created: str
    expires: str | None
    id: str
    label: str
    revoked: str | None
    scope: str
    token: str
    used: str | None
    user: str


class Missing(TypedDict):
    """Candles that are not stored."""

    end: NotRequired[str | None]
    start: NotRequired[str | None]
    symbol: str
    timeframe: str
    venue: str


class NewToken(TypedDict):
    """A token that is wanted."""

    days: NotRequired[int | None]
    label: str
    scope: Literal["viewer", "trader", "admin"]


class Remedy(TypedDict):
    """A request that would mend it."""

    body: dict[str, Any]
    method: str
    path: str
    title: str


class TokenAnswer(TypedDict):
    """The token of a program, without the token itself."""

    created: str
    expires: str | None
    id: str
    label: str
    revoked: str | None
    scope: str
    used: str | None
    user: str


class TokensAnswer(TypedDict):
    """Tokens, the newest first."""

    items: list[TokenAnswer]


class Tokens:
    """Operations on tokens."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list_tokens(self, *, everybody: bool | None = None) -> TokensAnswer:
        """List tokens: one's own, or everybody's."""
        found: TokensAnswer = self._sender.send("GET", "/api/v1/tokens", query={"everybody": everybody})
        return found

    def create_token(self, body: NewToken) -> MadeToken:
        """Make a token for a program. Only somebody at the page can: a token makes no other."""
        found: MadeToken = self._sender.send("POST", "/api/v1/tokens", body=body)
        return found

    def revoke_token(self, id: str) -> None:
        """Let a token count no more: one's own, or, for an admin, anybody's."""
        self._sender.send("DELETE", f"/api/v1/tokens/{quote(str(id), safe='')}")
