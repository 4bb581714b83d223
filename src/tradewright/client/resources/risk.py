"""Operations on risk, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from tradewright.client.sender import Sender

__all__ = ["Risk"]


class BudgetView(TypedDict):
    """A limit that is set, and how much of it is used."""

    limit: str
    most: float
    used: float


class Calm(TypedDict):
    """What may open positions again."""

    deployment: NotRequired[str | None]


class Kill(TypedDict):
    """What is to be stopped."""

    deployment: NotRequired[str | None]
    flatten: NotRequired[bool]


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


class RiskList(TypedDict):
    """What deployments risk."""

    items: list[RiskView]


class RiskView(TypedDict):
    """What a deployment risks."""

    budgets: list[BudgetView]
    deployment: str
    equity: str
    exposure: str
    halted: str
    heat: float
    leverage: float
    limits: dict[str, Any]
    max_drawdown: float | None
    paused: bool
    unprotected: list[str]
    value_at_risk: float | None


class Told(TypedDict):
    """Who was told; it is done between two bars, or at once at a venue."""

    deployments: list[str]
    wishes: dict[str, list[int]]


class Risk:
    """Operations on risk."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def read_risk(
        self, *, mode: Literal["simulation", "live"] | None = None, deployment: str | None = None
    ) -> RiskList:
        """Say what deployments risk, and what holds them back."""
        found: RiskList = self._sender.send("GET", "/api/v1/risk", query={"mode": mode, "deployment": deployment})
        return found

    def calm_trading(self, body: Calm) -> Told:
        """Let positions be opened again, in one deployment or in all."""
        found: Told = self._sender.send("POST", "/api/v1/risk/calm", body=body)
        return found

    def kill_trading(self, body: Kill) -> Told:
        """Cancel what opens positions and open nothing any more, in one deployment or in all; with `flatten`, close all."""
        found: Told = self._sender.send("POST", "/api/v1/risk/kill", body=body)
        return found
