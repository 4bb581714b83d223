"""Death at a counted moment: around what is written, committed, sent, asked and heard, each a kind of its own."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from tradewright.adapters.storage.sql.database import Database
from tradewright.domain.user_events import UserEvent

__all__ = ["MOMENTS", "Fate", "MortalDatabase", "MortalSessions", "MortalVenue"]

T = TypeVar("T")
MOMENTS = {
    "write": "before or after the journal is written",
    "commit": "before, within or after a COMMIT of the database",
    "send": "before or after a request goes to the venue",
    "hear": "when the venue's stream tells of something",
    "begin": "around what is asked of the venue before its stream is heard: the account is set up, and reconciled",
    "check": "around what is asked of the venue later, to compare our books with it",
    "probe": "around the question what became of an order whose outcome is not known",
}
"""Every kind of moment, and when it comes."""
_ASKS = ("open_orders", "fills", "payments", "positions", "balances", "terms", "is_hedged", "set_hedged",
         "set_leverage", "set_margin_mode")  # fmt: skip
_SENDS = ("place", "modify", "cancel")


class Fate:
    """Counts moments, and strikes at one of them. Whoever comes after has died with it.

    Args:
        at: the number of the moment; 0 is never.
        strike: what happens then, given the kind of the moment; left out, all that come wait for ever.
        kind: only moments of this kind are counted; empty for any.
        latest: number, among all moments, of the one at which it strikes all the same; 0 is never.
    """

    def __init__(
        self, at: int = 0, strike: Callable[[str], None] | None = None, kind: str = "", latest: int = 0
    ) -> None:
        self.at, self.kind, self.latest, self.dead = at, kind, latest, asyncio.Event()
        self.seen: Counter[str] = Counter()
        self._strike = strike

    @property
    def count(self) -> int:
        """Moments that have come, of any kind."""
        return self.seen.total()

    def comes(self, kind: str) -> bool:
        """A moment has come; whether it is the last."""
        self.seen[kind] += 1
        aimed = self.seen[self.kind] if self.kind else self.count
        is_aimed = bool(self.at) and aimed >= self.at and self.kind in ("", kind)
        return self.dead.is_set() or is_aimed or 0 < self.latest <= self.count

    def fall(self, kind: str) -> None:
        """Strike."""
        self.dead.set()
        if self._strike is not None:
            self._strike(kind)

    async def moment(self, kind: str) -> None:
        """One of those at which death may come."""
        if self.comes(kind):
            self.fall(kind)
            await asyncio.Event().wait()


class MortalVenue:
    """A venue whose client may die.

    Args:
        venue: that is asked.
        fate: of the client.
    """

    def __init__(self, venue: Any, fate: Fate) -> None:
        self._venue, self._fate, self._is_heard = venue, fate, False

    def __getattr__(self, name: str) -> Any:
        """Whatever is not told of here is the venue's."""
        found = getattr(self._venue, name)
        if name in _SENDS:
            return self._around(found, "send")
        if name == "find":
            return self._around(found, "probe")
        return self._around(found, "check" if self._is_heard else "begin") if name in _ASKS else found

    def _around(self, send: Callable[..., Awaitable[Any]], kind: str) -> Callable[..., Awaitable[Any]]:
        async def sent(*given: Any, **named: Any) -> Any:
            await self._fate.moment(kind)
            outcome = await send(*given, **named)
            await self._fate.moment(kind)
            return outcome

        return sent

    async def events(self) -> AsyncIterator[UserEvent]:
        """Those of the venue."""
        self._is_heard = True
        async for event in self._venue.events():
            await self._fate.moment("hear")
            yield event


class MortalDatabase(Database):
    """A database whose client may die around a COMMIT, and in the midst of it.

    Args:
        url: see `Database`.
        fate: of the client. Where it strikes in the midst of a COMMIT, it does so from a thread.
        within_s: how long after a COMMIT is begun that is.
    """

    def __init__(self, url: Any, fate: Fate, within_s: float) -> None:
        super().__init__(url)
        self._fate, self._within_s = fate, within_s

    async def write(self, work: Callable[[Any], T], *, is_hasty: bool = False, by: Any = None) -> T:
        """See `Database.write`."""
        if not self.is_server or by is not None:
            given = await super().write(lambda own: self._done(work, own), is_hasty=is_hasty, by=by)
            await self._fate.moment("commit")
            return given
        return await super().write(work, is_hasty=is_hasty)  # comes here again, with a connection

    def _done(self, work: Callable[[Any], T], own: Any) -> T:
        given = work(own)
        if self._fate.comes("commit"):
            self._fate.fall("commit")
        if self._fate.comes("commit"):
            threading.Timer(self._within_s, self._fate.fall, ("commit",)).start()
        return given


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
        await self._fate.moment("write")
        self._write()
        await self._journal.append(record, answers=answers)
        await self._fate.moment("write")

    async def append_all(self, records: Sequence[Mapping[str, Any]]) -> None:
        await self._fate.moment("write")
        self._write()
        await self._journal.append_all(records)
        await self._fate.moment("write")


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
