"""Where a session trades, and who is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from tradewright.domain.live_terms import LiveTerms
from tradewright.domain.mode import Mode
from tradewright.ports.clock import Clock
from tradewright.ports.feed import Feed
from tradewright.ports.history import History
from tradewright.ports.session_store import SessionStore
from tradewright.ports.venue import Venue

__all__ = ["TradingPlace", "Watcher"]

ModeT = TypeVar("ModeT", bound=Mode)


@dataclass(frozen=True, slots=True)
class TradingPlace(Generic[ModeT]):
    """Where sessions of one mode trade and are kept: a simulation's store never meets a venue with real money.

    Args:
        sessions: their journals; the mode is theirs.
        venue: the account. That of a simulation is at a practice exchange.
        history: of the same venue.
        clock: to wait by.
        terms: of all sessions.
        account: by which two sessions know that they trade in the same; empty where each has its own.
        stream: of the venue's markets, so that a close is heard of when it happens; None: bars are asked for.
    """

    sessions: SessionStore[ModeT]
    venue: Venue
    history: History
    clock: Clock
    terms: LiveTerms
    account: str = ""
    stream: Feed | None = None


class Watcher(Protocol):
    """Who is told what goes on."""

    def happened(self, live: Any, records: Sequence[Any]) -> None:
        """Records have been played: the session as it stands after them."""
        ...


class Wait(NamedTuple):
    """How long is waited before the next try, seconds."""

    first: float = 0.2
    most: float = 30.0
