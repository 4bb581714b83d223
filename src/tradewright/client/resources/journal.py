"""Operations on journal, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from tradewright.client.sender import Sender

__all__ = ["Journal"]


class JournalPage(TypedDict):
    """Trades, the last first."""

    items: list[JournalTrade]
    next: NotRequired[str | None]


class JournalTrade(TypedDict):
    """A trade with its notes. Money and quantities are decimal strings."""

    deployment: str
    entered: str
    entry_price: str
    exit_price: str | None
    exit_reason: str
    left: str | None
    notes: list[NoteAnswer]
    number: int
    pnl: str
    quantity: str
    side: str
    symbol: str


class Missing(TypedDict):
    """Candles that are not stored."""

    end: NotRequired[str | None]
    start: NotRequired[str | None]
    symbol: str
    timeframe: str
    venue: str


class NewNote(TypedDict):
    """A note on a trade."""

    deployment: str
    mode: NotRequired[Literal["simulation", "live"]]
    text: str
    trade: int


class NoteAnswer(TypedDict):
    """What somebody thought of a trade."""

    author: str
    text: str
    time: str


class Remedy(TypedDict):
    """A request that would mend it."""

    body: dict[str, Any]
    method: str
    path: str
    title: str


class Journal:
    """Operations on journal."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list_journal(
        self,
        *,
        mode: Literal["simulation", "live"] | None = None,
        of: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> JournalPage:
        """List trades with their notes, the last first."""
        found: JournalPage = self._sender.send(
            "GET", "/api/v1/journal", query={"mode": mode, "of": of, "limit": limit, "cursor": cursor}
        )
        return found

    def export_journal(
        self,
        *,
        mode: Literal["simulation", "live"] | None = None,
        of: str | None = None,
        format: Literal["csv", "json"] | None = None,
    ) -> Any:
        """Give every trade with its notes as a file."""
        found: Any = self._sender.send(
            "GET", "/api/v1/journal/export", query={"mode": mode, "of": of, "format": format}
        )
        return found

    def create_note(self, body: NewNote) -> NoteAnswer:
        """Write a note on a trade; a second one stands beside the first."""
        found: NoteAnswer = self._sender.send("POST", "/api/v1/journal/notes", body=body)
        return found
