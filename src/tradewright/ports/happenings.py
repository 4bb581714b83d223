"""What happened, and how sessions stand: told by the processes that trade and work, heard by those that answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tradewright.domain.mode import Mode

__all__ = ["FactBoard", "Happening", "HappeningLog", "SessionFacts", "Telling"]


@dataclass(frozen=True, slots=True)
class Telling:
    """Something that is to be told.

    Args:
        kind: what, in a word: `signal`, `order.changed`.
        data: plain data for JSON, without secrets.
        ts: UTC ns.
    """

    kind: str
    data: Mapping[str, Any]
    ts: int


@dataclass(frozen=True, slots=True)
class Happening(Telling):
    """Something that was told.

    Args:
        number: by which somebody comes back; one that is later has a higher one.
    """

    number: int


class HappeningLog(Protocol):
    """What happened, in order, as long as it is kept. Each method may raise `StoreError`."""

    async def add(self, tellings: Sequence[Telling]) -> None:
        """Put down what happened, all or none."""
        ...

    async def after(self, number: int, most: int = 1_000) -> Sequence[Happening]:
        """What came after a number, oldest first. Whoever reads on from the last misses none."""
        ...

    async def span(self) -> tuple[int, int]:
        """The numbers of the oldest that is kept and of the newest; (1, 0) where there was none."""
        ...

    async def prune(self, keep: int) -> None:
        """Forget all but the newest."""
        ...


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """How a session stands.

    Args:
        session: its name.
        deployment: whose it is.
        mode: whether with money.
        ts: when it was told, UTC ns.
        told: rows of `services.session_facts`, by their names.
    """

    session: str
    deployment: str
    mode: Mode
    ts: int
    told: Mapping[str, Any]


class FactBoard(Protocol):
    """How sessions stand. Each method may raise `StoreError`."""

    async def put(self, facts: Sequence[SessionFacts], tellings: Sequence[Telling] = ()) -> None:
        """Put down how sessions stand, and what happened to them, both or neither.

        What was put down before of how they stand is forgotten.
        """
        ...

    async def of(self, session: str) -> SessionFacts | None:
        """Of one; None where nothing was put down."""
        ...

    async def since(self, ts: int) -> Sequence[SessionFacts]:
        """Of all that were put down at this time or later, oldest first."""
        ...

    async def forget(self, session: str) -> None:
        """Nothing is known of one any more."""
        ...
