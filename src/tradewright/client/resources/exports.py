"""Operations on exports, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict
from urllib.parse import quote

from tradewright.client.sender import Sender

__all__ = ["Exports"]


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


class Exports:
    """Operations on exports."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def export_book(
        self,
        book: Literal["trades", "orders", "fills", "signals", "equity"],
        form: Literal["csv", "json"],
        *,
        mode: Literal["simulation", "live"] | None = None,
        deployment: str | None = None,
    ) -> list[dict[str, Any]]:
        """Write a whole book as a file. Text that a spreadsheet would take for a formula gets an apostrophe before it."""
        found: list[dict[str, Any]] = self._sender.send(
            "GET",
            f"/api/v1/exports/{quote(str(book), safe='')}.{quote(str(form), safe='')}",
            query={"mode": mode, "deployment": deployment},
        )
        return found
