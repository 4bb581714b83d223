"""Operations on audit, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from tradewright.client.sender import Sender

__all__ = ["Audit"]


class AuditLine(TypedDict):
    """A deed."""

    action: str
    actor: str
    details: dict[str, Any]
    hash: str
    number: int
    run: str
    subject: str
    time: str


class AuditLines(TypedDict):
    """Lines, the last first."""

    items: list[AuditLine]
    next: NotRequired[str | None]


class AuditVerdictAnswer(TypedDict):
    """What came of looking at every line."""

    damage: str
    head: str
    lines: int


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


class Audit:
    """Operations on audit."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list_audit(
        self,
        *,
        actor: str | None = None,
        action: str | None = None,
        since: str | None = None,
        until: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AuditLines:
        """List lines, the last first. `action` takes all that begin so: `order.` is all that was done to orders."""
        found: AuditLines = self._sender.send(
            "GET",
            "/api/v1/audit",
            query={"actor": actor, "action": action, "since": since, "until": until, "limit": limit, "cursor": cursor},
        )
        return found

    def export_audit(self, *, format: Literal["csv", "json"] | None = None) -> Any:
        """Give every line with its hash, oldest first, as a file. That it was exported is entered, too."""
        found: Any = self._sender.send("GET", "/api/v1/audit/export", query={"format": format})
        return found

    def verify_audit(self, *, head: str | None = None) -> AuditVerdictAnswer:
        """Look at every line: one that was changed, taken out or moved is named."""
        found: AuditVerdictAnswer = self._sender.send("GET", "/api/v1/audit/verify", query={"head": head})
        return found
