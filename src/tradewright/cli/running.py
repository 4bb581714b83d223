"""What commands ask of the system that runs, wherever they ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Protocol

__all__ = ["Fact", "Running"]

Fact = Literal["status", "orders", "positions", "portfolio", "performance", "pending"]
Row = dict[str, Any]


class Running(Protocol):
    """The system that runs: plain data, by the same names wherever it comes from."""

    def look(self, fact: Fact, name: str | None) -> tuple[str, Row | list[Row]]:
        """A fact about a session, and the session's name.

        Args:
            fact: which.
            name: of the session; None where it goes without saying.

        Raises:
            TradewrightError: there is none, or it cannot be asked.
        """
        ...

    def ask(self, name: str | None, record: Mapping[str, Any]) -> str:
        """Let a session do something; gives what became of that, in words.

        Args:
            name: of the session; None where it goes without saying.
            record: a wish; see `services.live.acts`.

        Raises:
            TradewrightError: there is none, or it is refused.
        """
        ...

    def sessions(self) -> list[Row]:
        """Every session on paper: name, strategy, instruments, timeframe, venue, bars, last close."""
        ...
