"""The trade journal: trades, the last first, with what was thought of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tradewright.domain.books import Find, TradeEntry, TradeNote
from tradewright.domain.errors import Absent
from tradewright.ports.books import Books

__all__ = ["Journal", "NotedTrade", "TradePlace"]

TradePlace = tuple[int, str, int]
"""Time of entry, deployment and number: where a trade stands."""
_EVERY = 1_000_000
_ALIKE = 100


@dataclass(frozen=True, slots=True)
class NotedTrade:
    """A trade and what was thought of it.

    Args:
        trade: as it is in the books.
        notes: the oldest first.
    """

    trade: TradeEntry
    notes: tuple[TradeNote, ...]

    @property
    def place(self) -> TradePlace:
        """Where it stands."""
        return _place(self.trade)


class Journal:
    """The journal of one mode.

    Args:
        books: of the mode.
        now: wall clock, UTC ns.
    """

    def __init__(self, books: Books[Any], now: Callable[[], int]) -> None:
        self._books, self._now = books, now

    async def trades(self, of: str | None, limit: int, after: TradePlace | None = None) -> Sequence[NotedTrade]:
        """Trades, the last first.

        Args:
            of: only of this session or deployment.
            limit: how many at most.
            after: those that come after the one that stands here.
        """
        until = None if after is None else after[0] + 1
        found = await self._books.trades.find(Find(deployment=of, until=until, limit=limit + _ALIKE))
        rest = [one for one in found if after is None or _place(one) < after][:limit]
        notes = await self._notes(of)
        return [NotedTrade(one, tuple(notes.get((one.deployment, one.number), ()))) for one in rest]

    async def every(self, of: str | None) -> Sequence[NotedTrade]:
        """Every trade, the last first."""
        return await self.trades(of, _EVERY)

    async def note(self, by: str, deployment: str, trade: int, text: str) -> TradeNote:
        """Write a note on a trade; a second one stands beside the first.

        Raises:
            Absent: there is no such trade.
        """
        trades = await self._books.trades.find(Find(deployment=deployment, limit=_EVERY))
        if trade not in {one.number for one in trades}:
            raise Absent(f"trade {trade} of {deployment}: there is none")
        note = TradeNote(deployment, trade, self._now(), by, text)
        await self._books.notes.put([note])
        return note

    async def _notes(self, of: str | None) -> dict[tuple[str, int], list[TradeNote]]:
        found: dict[tuple[str, int], list[TradeNote]] = {}
        for note in await self._books.notes.find(Find(deployment=of, limit=_EVERY, newest_first=False)):
            found.setdefault((note.deployment, note.trade), []).append(note)
        return found


def _place(trade: TradeEntry) -> TradePlace:
    return trade.ts_entry, trade.deployment, trade.number
