"""Operations on bot, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from tradewright.client.sender import Sender

__all__ = ["Bot"]


class BotStart(TypedDict):
    """Which deployments are meant."""

    deployments: NotRequired[list[str] | None]


class BotState(TypedDict):
    """How the whole desk stands."""

    failed: list[str]
    is_trading: bool
    running: list[str]
    status: Literal["running", "stopped"]
    wanted: list[str]


class Missing(TypedDict):
    """Candles that are not stored."""

    end: NotRequired[str | None]
    start: NotRequired[str | None]
    symbol: str
    timeframe: str
    venue: str


class Readiness(TypedDict):
    """Whether trading with money may begin, and what it lacks."""

    exchange: str
    is_permitted: bool
    lacks: list[str]
    led_to: list[str]


class Remedy(TypedDict):
    """A request that would mend it."""

    body: dict[str, Any]
    method: str
    path: str
    title: str


class Bot:
    """Operations on bot."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def read_readiness(self) -> Readiness:
        """Say what trading with money still lacks: mode, approval, switch, keys. Secrets are never told."""
        found: Readiness = self._sender.send("GET", "/api/v1/bot/readiness")
        return found

    def start_bot(self, body: BotStart | None = None) -> BotState:
        """Start deployments; with money, a one-time code is asked for where its user has taken codes up."""
        found: BotState = self._sender.send("POST", "/api/v1/bot/start", body=body)
        return found

    def read_bot_status(self) -> BotState:
        """Say which deployments trade, and whether the process in which they do is alive."""
        found: BotState = self._sender.send("GET", "/api/v1/bot/status")
        return found

    def stop_bot(self, body: BotStart | None = None) -> BotState:
        """Stop deployments; what protects their positions stays at the venue."""
        found: BotState = self._sender.send("POST", "/api/v1/bot/stop", body=body)
        return found
