"""Operations on users, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict
from urllib.parse import quote

from tradewright.client.sender import Sender

__all__ = ["Users"]


class Missing(TypedDict):
    """Candles that are not stored."""

    end: NotRequired[str | None]
    start: NotRequired[str | None]
    symbol: str
    timeframe: str
    venue: str


class NewUser(TypedDict):
    """Somebody new."""

    name: str
    password: str
    role: Literal["viewer", "trader", "admin"]


class Remedy(TypedDict):
    """A request that would mend it."""

    body: dict[str, Any]
    method: str
    path: str
    title: str


class UserAnswer(TypedDict):
    """Somebody who may come in."""

    created: str
    disabled: str | None
    name: str
    recovery_codes: int
    role: str
    totp: bool


class UserChange(TypedDict):
    """What is to change; what is left out stays."""

    disabled: NotRequired[bool | None]
    password: NotRequired[str | None]
    role: NotRequired[Literal["viewer", "trader", "admin"] | None]
    totp: NotRequired[bool | None]


class UsersAnswer(TypedDict):
    """Everybody, by name."""

    items: list[UserAnswer]


class Users:
    """Operations on users."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list_users(self) -> UsersAnswer:
        """List everybody."""
        found: UsersAnswer = self._sender.send("GET", "/api/v1/users")
        return found

    def create_user(self, body: NewUser) -> UserAnswer:
        """Add somebody."""
        found: UserAnswer = self._sender.send("POST", "/api/v1/users", body=body)
        return found

    def read_user(self, name: str) -> UserAnswer:
        """Tell of somebody."""
        found: UserAnswer = self._sender.send("GET", f"/api/v1/users/{quote(str(name), safe='')}")
        return found

    def change_user(self, name: str, body: UserChange) -> UserAnswer:
        """Change role or password, disable or enable; an admin who may come in is always left."""
        found: UserAnswer = self._sender.send("PATCH", f"/api/v1/users/{quote(str(name), safe='')}", body=body)
        return found

    def delete_user(self, name: str) -> None:
        """Forget somebody, with all sessions and tokens; the audit log keeps the name."""
        self._sender.send("DELETE", f"/api/v1/users/{quote(str(name), safe='')}")
