"""What processes that share a database tell each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from tradewright.domain.heartbeat import Heartbeat
from tradewright.domain.universe import Verdict

__all__ = ["Bulletin"]


class Bulletin(Protocol):
    """Each method may raise `StoreError`: the database cannot be used now, and nothing was changed."""

    async def beat(self, beat: Heartbeat) -> None:
        """Give a sign of life; the one before of the same name is forgotten."""
        ...

    async def beats(self) -> Mapping[str, Heartbeat]:
        """The last sign of life of each process, by its name."""
        ...

    async def judge(self, venue: str, verdicts: Sequence[Verdict]) -> None:
        """Put down what a scan found; what was found before of the same instruments is forgotten."""
        ...

    async def verdicts(self, venue: str) -> Sequence[Verdict]:
        """What was found last of each instrument of a venue, by symbol."""
        ...

    async def measure(self, session: str, at: int, metrics: Mapping[str, Any]) -> None:
        """Put down the metrics of a paper session at a time, UTC ns."""
        ...

    async def measured(self, session: str) -> Sequence[tuple[int, Mapping[str, Any]]]:
        """The metrics of a paper session, oldest first, each with its time."""
        ...
