"""What sessions make, into the books while they trade, where no process of deployments does it; never in their way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.clock import WallClock
from tradewright.bootstrap.database import opened
from tradewright.domain.errors import StoreError
from tradewright.services.desk.bookkeeping import Bookkeeper
from tradewright.services.desk.telling import facts_of

if TYPE_CHECKING:
    from tradewright.bootstrap.settings import Settings
    from tradewright.domain.mode import Mode
    from tradewright.engine.session import Heard
    from tradewright.market.steps import Step
    from tradewright.ports.books import Books
    from tradewright.ports.clock import Clock
    from tradewright.services.live.session import LiveSession
    from tradewright.services.live.terms import Watcher
    from tradewright.services.paper.sessions import PaperSession
    from tradewright.services.paper.trading import Listener
    from tradewright.services.session_facts import AnySession

__all__ = ["Booker", "booking"]

_EACH_S = 5.0


@dataclass(slots=True)
class _Own:
    # A session: `last` is how it stood when it was entered.
    session: str
    mode: Mode
    last: Mapping[str, Any] = field(default_factory=dict)
    known: AnySession | None = None


class Booker:
    """Hears sessions, and enters what they have made, every few seconds and at the end.

    Args:
        books: by mode.
        clock: to wait by.
    """

    def __init__(self, books: Mapping[Mode, Books[Any]], clock: Clock) -> None:
        self._keeper, self._clock = Bookkeeper(books), clock
        self._sessions: dict[str, _Own] = {}

    def watching(self, name: str, mode: Mode, told: Watcher) -> Watcher:
        """A watcher of a session at a venue that lets it be entered, and tells another."""
        return _Watched(self._own(name, mode), told)

    def hearing(self, name: str, told: Listener) -> Listener:
        """A listener of a session on paper that lets it be entered, and tells another."""
        return _Heard(self._own(name, "simulation"), told)

    async def run(self) -> None:
        """Enter what is new, until cancelled; what cannot be written is tried again."""
        while True:
            await self._clock.sleep(_EACH_S)
            try:
                await self.enter()
            except StoreError:
                continue  # the journals have it all the same

    async def enter(self) -> None:
        """Enter what is new.

        Raises:
            StoreError: it cannot be written.
        """
        for own in list(self._sessions.values()):
            if (known := own.known) is None:
                continue
            own.known, now = None, facts_of(own.session, known)
            try:
                await self._keeper.enter(own, known, own.last, now)
            except StoreError:
                own.known = known
                raise
            own.last = now

    def _own(self, name: str, mode: Mode) -> _Own:
        return self._sessions.setdefault(name, _Own(name, mode))


class _Watched:
    def __init__(self, own: _Own, told: Watcher) -> None:
        self._own, self._told = own, told

    def happened(self, live: LiveSession, records: Sequence[Mapping[str, Any]]) -> None:
        """See `services.live.terms.Watcher`."""
        self._own.known = live
        self._told.happened(live, records)


class _Heard:
    def __init__(self, own: _Own, told: Listener) -> None:
        self._own, self._told = own, told

    def played(self, own: PaperSession, step: Step, heard: Heard) -> None:
        """See `services.paper.trading.Listener`."""
        self._own.known = own
        self._told.played(own, step, heard)

    def asked(self, record: Mapping[str, Any], refusal: str) -> None:
        """See `services.paper.trading.Listener`."""
        self._told.asked(record, refusal)

    def waiting(self, reason: str, seconds: float) -> None:
        """See `services.paper.trading.Listener`."""
        self._told.waiting(reason, seconds)


@asynccontextmanager
async def booking(settings: Settings, *modes: Mode) -> AsyncIterator[Booker]:
    """What fills the books of this process's sessions; what is new is entered when the block ends.

    Args:
        settings: that say where they lie.
        modes: of the sessions; it has no others' books.

    Raises:
        StoreError: the database cannot be used.
    """
    from tradewright.adapters.storage.sql.books import SqlBooks
    from tradewright.adapters.storage.sql.tables import LIVE_TABLES, SIM_TABLES

    async with opened(settings) as database:
        every: dict[Mode, Books[Any]] = {
            "simulation": SqlBooks(database, SIM_TABLES), "live": SqlBooks(database, LIVE_TABLES),
        }  # fmt: skip
        booker = Booker({mode: every[mode] for mode in modes}, WallClock())
        running = asyncio.create_task(booker.run())
        try:
            yield booker
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await booker.enter()
