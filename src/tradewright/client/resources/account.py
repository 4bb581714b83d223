"""Operations on account, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict
from urllib.parse import quote

from tradewright.client.sender import Sender

__all__ = ["Account"]


class ConfirmRequest(TypedDict):
    """The first code of the authenticator."""

    code: str


class DisableRequest(TypedDict):
    """What it takes to be asked for codes no more, or to be given recovery codes."""

    code: str
    password: str


class EndedAnswer(TypedDict):
    """What has ended."""

    ended: int


class EnrolAnswer(TypedDict):
    """What an authenticator takes; it is shown this once."""

    address: str
    secret: str


class EnrolRequest(TypedDict):
    """The wish to be asked for one-time codes."""

    password: str


class LoginAnswer(TypedDict):
    """A session of the page."""

    address: str
    agent: str
    created: str
    expires: str
    id: str
    is_this: bool
    seen: str


class LoginsAnswer(TypedDict):
    """One's own sessions, the newest first."""

    items: list[LoginAnswer]


class Missing(TypedDict):
    """Candles that are not stored."""

    end: NotRequired[str | None]
    start: NotRequired[str | None]
    symbol: str
    timeframe: str
    venue: str


class PasswordRequest(TypedDict):
    """Another password."""

    password: str
    present: str


class RecoveryAnswer(TypedDict):
    """Codes for when the authenticator is lost; shown this once."""

    codes: list[str]


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


class UserAnswer(TypedDict):
    """Somebody who may come in."""

    created: str
    disabled: str | None
    name: str
    recovery_codes: int
    role: str
    totp: bool


class Account:
    """Operations on account."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def read_account(self) -> UserAnswer:
        """Tell of oneself."""
        found: UserAnswer = self._sender.send("GET", "/api/v1/account")
        return found

    def change_own_password(self, body: PasswordRequest) -> SessionAnswer:
        """Change one's password: every session ends, and this one begins anew."""
        found: SessionAnswer = self._sender.send("PUT", "/api/v1/account/password", body=body)
        return found

    def list_own_sessions(self) -> LoginsAnswer:
        """List where one is logged in."""
        found: LoginsAnswer = self._sender.send("GET", "/api/v1/account/sessions")
        return found

    def end_other_sessions(self) -> EndedAnswer:
        """Log out everywhere but here."""
        found: EndedAnswer = self._sender.send("DELETE", "/api/v1/account/sessions")
        return found

    def end_own_session(self, id: str) -> None:
        """Log out somewhere."""
        self._sender.send("DELETE", f"/api/v1/account/sessions/{quote(str(id), safe='')}")

    def enrol_totp(self, body: EnrolRequest) -> EnrolAnswer:
        """Begin to be asked for one-time codes; nothing changes before the first code is confirmed."""
        found: EnrolAnswer = self._sender.send("POST", "/api/v1/account/totp", body=body)
        return found

    def confirm_totp(self, body: ConfirmRequest) -> None:
        """Confirm the first code: from now on they are asked for, to log in and to act live."""
        self._sender.send("POST", "/api/v1/account/totp/confirm", body=body)

    def disable_totp(self, body: DisableRequest) -> None:
        """Be asked for one-time codes no more."""
        self._sender.send("POST", "/api/v1/account/totp/disable", body=body)

    def make_recovery_codes(self, body: DisableRequest) -> RecoveryAnswer:
        """Make ten recovery codes, each of which stands for a one-time code once; those before count no more."""
        found: RecoveryAnswer = self._sender.send("POST", "/api/v1/account/totp/recovery-codes", body=body)
        return found
