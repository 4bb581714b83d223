"""Operations on notifications, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict
from urllib.parse import quote

from tradewright.client.sender import Sender

__all__ = ["Notifications"]


class Cell(TypedDict):
    """Whether a channel tells of a kind of event."""

    channel: str
    is_on: bool
    kind: str


class ChannelAnswer(TypedDict):
    """A way by which people are told. Addresses are in the configuration, and are never shown."""

    language: Literal["en", "uk"]
    name: str


class ChannelRequest(TypedDict):
    """Which channel to try."""

    channel: str


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


class RuleAnswer(TypedDict):
    """A rule, with its id."""

    cooldown_s: NotRequired[float]
    figure: str
    id: str
    is_on: NotRequired[bool]
    kind: str
    limit: float
    name: str
    sign: Literal[">", ">=", "<", "<=", "==", "!="]


class RuleRequest(TypedDict):
    """A rule of the user's own: when a figure of an event is so, every channel tells it."""

    cooldown_s: NotRequired[float]
    figure: str
    is_on: NotRequired[bool]
    kind: str
    limit: float
    name: str
    sign: Literal[">", ">=", "<", "<=", "==", "!="]


class SendingAnswer(TypedDict):
    """A message to a channel."""

    at: str
    channel: str
    error: str
    id: str
    kind: str
    state: Literal["waiting", "sent", "given_up"]
    text: str
    title: str
    tries: int


class SentAnswer(TypedDict):
    """That a message was handed over."""

    channel: str
    sent: Literal[True]


class Notifications:
    """Operations on notifications."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list_notifications(self, *, limit: int | None = None) -> list[SendingAnswer]:
        """List the newest messages, newest first, with what became of them."""
        found: list[SendingAnswer] = self._sender.send("GET", "/api/v1/notifications", query={"limit": limit})
        return found

    def list_notification_channels(self) -> list[ChannelAnswer]:
        """List the channels that the configuration names."""
        found: list[ChannelAnswer] = self._sender.send("GET", "/api/v1/notifications/channels")
        return found

    def read_notification_matrix(self) -> list[Cell]:
        """Read which channel tells of which kind of event."""
        found: list[Cell] = self._sender.send("GET", "/api/v1/notifications/matrix")
        return found

    def change_notification_matrix(self, body: list[Cell]) -> list[Cell]:
        """Set cells of the matrix; those that are not named stay as they are."""
        found: list[Cell] = self._sender.send("PUT", "/api/v1/notifications/matrix", body=body)
        return found

    def list_alert_rules(self) -> list[RuleAnswer]:
        """List the rules, by name."""
        found: list[RuleAnswer] = self._sender.send("GET", "/api/v1/notifications/rules")
        return found

    def create_alert_rule(self, body: RuleRequest) -> RuleAnswer:
        """Add a rule."""
        found: RuleAnswer = self._sender.send("POST", "/api/v1/notifications/rules", body=body)
        return found

    def change_alert_rule(self, rule_id: str, body: RuleRequest) -> RuleAnswer:
        """Change a rule."""
        found: RuleAnswer = self._sender.send(
            "PUT", f"/api/v1/notifications/rules/{quote(str(rule_id), safe='')}", body=body
        )
        return found

    def delete_alert_rule(self, rule_id: str) -> None:
        """Take a rule away."""
        self._sender.send("DELETE", f"/api/v1/notifications/rules/{quote(str(rule_id), safe='')}")

    def try_channel(self, body: ChannelRequest) -> SentAnswer:
        """Send a test message to a channel, at once."""
        found: SentAnswer = self._sender.send("POST", "/api/v1/notifications/test", body=body)
        return found
