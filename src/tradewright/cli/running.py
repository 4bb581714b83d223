"""What commands ask of the system that runs, wherever they ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from tradewright.services.wish_answers import WishAnswer

__all__ = ["Asked", "Fact", "Running", "asked_of"]

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


def asked_of(whom: str, name: str, kind: str, told: WishAnswer) -> Asked:
    """What became of a wish, in the words of the command line.

    Args:
        whom: the session or deployment that was asked, in words.
        name: of it, for commands.
        kind: of the wish.
        told: what it says.
    """
    if told.state == "refused":
        return Asked("refused", f"{whom} refuses {kind}: {told.text}")
    if told.state == "done":
        return Asked("done", f"{whom}: {kind} is done")
    if told.state == "idle":
        return Asked("waiting", f"asked of {whom}: {kind}; no process runs it, it is done when it goes on")
    return Asked("waiting", f"asked of {whom}: {kind}; it has not answered yet, see: tradewright status {name}")


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
