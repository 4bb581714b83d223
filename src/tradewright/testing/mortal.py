"""Death at a counted moment: before or after a journal is written, a request sent, an answer or an event heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from tradewright.domain.user_events import UserEvent

__all__ = ["Fate", "MortalSessions", "MortalVenue"]


class Fate:
    """Counts moments, and strikes at one of them. Whoever comes after has died with it.

    Args:
        at: the number of the moment; 0 is never.
        strike: what happens then; left out, all that come wait for ever.
    """

    def __init__(self, at: int = 0, strike: Callable[[], None] | None = None) -> None:
        self.at, self.count, self.dead = at, 0, asyncio.Event()
        self._strike = strike

    async def moment(self) -> None:
        """One of those at which death may come."""
        self.count += 1
        if self.at and self.count >= self.at:
            self.dead.set()
            if self._strike is not None:
                self._strike()
            await asyncio.Event().wait()


class MortalVenue:
    """A venue whose client may die.

    Args:
        venue: that is asked.
        fate: of the client.
    """

    def __init__(self, venue: Any, fate: Fate) -> None:
        self._venue, self._fate = venue, fate

    def __getattr__(self, name: str) -> Any:
        """Whatever is not told of here is the venue's."""
        found = getattr(self._venue, name)
        return self._around(found) if name in ("place", "modify", "cancel") else found

    def _around(self, send: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def sent(*given: Any) -> Any:
            await self._fate.moment()
            outcome = await send(*given)
            await self._fate.moment()
            return outcome

        return sent

    async def events(self) -> AsyncIterator[UserEvent]:
        """Those of the venue."""
        async for event in self._venue.events():
            await self._fate.moment()
            yield event


class _MortalJournal:
    def __init__(self, journal: Any, fate: Fate, write: Callable[[], None]) -> None:
        self._journal, self._fate, self._write = journal, fate, write

    @property
    def mode(self) -> Any:
        return self._journal.mode

    @property
    def records(self) -> Sequence[Mapping[str, Any]]:
        found: Sequence[Mapping[str, Any]] = self._journal.records
        return found

    async def append(self, record: Mapping[str, Any], *, answers: int | None = None) -> None:
        await self._fate.moment()
        self._write()
        await self._journal.append(record, answers=answers)
        await self._fate.moment()

    async def append_all(self, records: Sequence[Mapping[str, Any]]) -> None:
        await self._fate.moment()
        self._write()
        await self._journal.append_all(records)
        await self._fate.moment()


class MortalSessions:
    """Journals whose writer may die.

    Args:
        sessions: where they lie.
        fate: of the writer.
        write: called before anything is written; it raises where that fails.
    """

    def __init__(self, sessions: Any, fate: Fate, write: Callable[[], None] = lambda: None) -> None:
        self._sessions, self._fate, self._write = sessions, fate, write

    def __getattr__(self, name: str) -> Any:
        """Whatever is not told of here is the store's."""
        return getattr(self._sessions, name)

    @asynccontextmanager
    async def open(self, name: str) -> AsyncIterator[Any]:
        """One that is there."""
        async with self._sessions.open(name) as journal:
            yield _MortalJournal(journal, self._fate, self._write)
