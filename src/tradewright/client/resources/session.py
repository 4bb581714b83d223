"""Operations on session, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from tradewright.client.sender import Sender

__all__ = ["Session"]


class LoginRequest(TypedDict):
    """What lets somebody in."""

    code: NotRequired[str]
    name: str
    password: str


class Missing(TypedDict):
    """Candles that are not stored."""

    end: NotRequired[str | None]
    start: NotRequired[str | None]
    symbol: str
    timeframe: str
    venue: str


class ProofRequest(TypedDict):
    """A one-time code, so that live actions may be done for a while."""

    code: str


class Remedy(TypedDict):
    """A request that would mend it."""

    body: dict[str, Any]
    method: str
    path: str
    title: str


class SessionAnswer(TypedDict):
    """Who one is; all is empty for somebody who is not logged in."""

    csrf: str | None
    role: str | None
    set_up_needed: bool
    user: str | None


class SetupRequest(TypedDict):
    """What makes the first admin."""

    name: str
    password: str
    token: str


class Session:
    """Operations on session."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def read_session(self) -> SessionAnswer:
        """Say who one is. Open to everybody."""
        found: SessionAnswer = self._sender.send("GET", "/api/v1/session")
        return found

    def log_in(self, body: LoginRequest) -> SessionAnswer:
        """Log in: the answer sets a cookie. Where one-time codes are asked for and none is given: 403, `proof-needed`."""
        found: SessionAnswer = self._sender.send("POST", "/api/v1/session", body=body)
        return found

    def log_out(self) -> None:
        """Log out: the cookie opens nothing any more."""
        self._sender.send("DELETE", "/api/v1/session")

    def prove_session(self, body: ProofRequest) -> None:
        """Give a one-time code: live actions may be done for ten minutes."""
        self._sender.send("POST", "/api/v1/session/proof", body=body)

    def set_up(self, body: SetupRequest) -> SessionAnswer:
        """Make the first admin with the token of the link that `tradewright serve` printed, and log in."""
        found: SessionAnswer = self._sender.send("POST", "/api/v1/session/setup", body=body)
        return found
