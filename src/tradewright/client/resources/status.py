"""Operations on status, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from tradewright.client.sender import Sender

__all__ = ["Status"]


class DetailedHealth(TypedDict):
    """How well everything is: the worst of its parts."""

    parts: list[Part]
    status: Literal["ok", "warning", "failed"]
    version: str


class Health(TypedDict):
    """Whether the server is well."""

    status: Literal["ok"]
    version: str


class Missing(TypedDict):
    """Candles that are not stored."""

    end: NotRequired[str | None]
    start: NotRequired[str | None]
    symbol: str
    timeframe: str
    venue: str


class Part(TypedDict):
    """A part of the system, and how well it is."""

    part: str
    reason: str
    status: Literal["ok", "warning", "failed"]
    unit: str
    value: float | None


class Remedy(TypedDict):
    """A request that would mend it."""

    body: dict[str, Any]
    method: str
    path: str
    title: str


class ServerMetrics(TypedDict):
    """Figures of the process that answers, since it began."""

    cpu_s: float
    errors: int
    jobs_oldest_s: float
    jobs_running: int
    jobs_waiting: int
    listeners: int
    mean_ms: float
    memory_bytes: int
    requests: int
    uptime_s: float
    workers: int


class Status:
    """Operations on status."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def read_health(self) -> Health:
        """Say whether the server and its database answer. Open to everybody."""
        found: Health = self._sender.send("GET", "/api/v1/status/health")
        return found

    def read_detailed_health(self) -> DetailedHealth:
        """Say how well each part is, and why: database, disk, clock, jobs, and each process with its feed and venue."""
        found: DetailedHealth = self._sender.send("GET", "/api/v1/status/health/detailed")
        return found

    def read_metrics(self) -> ServerMetrics:
        """Give the most asked-for figures of the server; all of them are at `/metrics`."""
        found: ServerMetrics = self._sender.send("GET", "/api/v1/status/metrics")
        return found

    def scrape_metrics(self) -> bytes:
        """Give every metric in the text format of Prometheus; it sends a token as `Authorization: Bearer`."""
        found: bytes = self._sender.send("GET", "/metrics")
        return found
