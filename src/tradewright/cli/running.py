"""What commands ask of the system that runs, wherever they ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

__all__ = ["Asked", "Fact", "Running"]

Fact = Literal["status", "orders", "positions", "portfolio", "performance", "pending"]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of something that was asked of a session.

    Args:
        state: `done`, `refused`, or `waiting`: nobody has answered yet.
        text: the same for a person, with the reason of a refusal.
    """

    state: Literal["done", "refused", "waiting"]
    text: str


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

    def ask(self, name: str | None, record: Mapping[str, Any]) -> Asked:
        """Let a session do something; gives what became of that, as far as it is known after two seconds.

        Args:
            name: of the session; None where it goes without saying.
            record: a wish; see `services.live.acts`.

        Raises:
            TradewrightError: there is none, or it cannot be asked.
        """
        ...

    def runs(self, name: str) -> bool:
        """Whether a process runs a session now.

        Raises:
            TradewrightError: there is none.
        """
        ...

    def sessions(self) -> list[Row]:
        """Every session on paper: name, strategy, instruments, timeframe, venue, bars, last close."""
        ...
