"""A database that is open: transactions on it, and its failures in words."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, closing, nullcontext
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, event, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from tradewright.adapters.storage.sql.address import file_of, shown
from tradewright.adapters.storage.sql.failures import told_plainly
from tradewright.adapters.storage.sql.one_trip import READS, SENT_WHOLE, WRITES, OneTrip, reset_only_what_is_open
from tradewright.domain.errors import StoreError

__all__ = ["Database"]

_LOCK_WAIT_S = 10
_LOOKS = 200
_KEPT = 20
_CONNECT_WAIT_S = 10
_BEGINS = "tradewright_begins"
_ONE_STATE = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
_PRAGMAS = (
    # FULL: what was committed survives the loss of power, not only that of the process.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={_LOCK_WAIT_S * 1_000}",
)
# The file of what was written ahead is one for all connections: who waits for it has all before it on the disk too.
_HASTY = "PRAGMA synchronous=NORMAL"
_NO_WAIT = text("SET LOCAL synchronous_commit TO OFF")


class Database:
    """SQLite in a file, or PostgreSQL. Opened with `async with`, in one event loop.

    Args:
        url: see `address_of`.

    Attributes:
        place: where it is, as it may be shown.
        is_server: it is PostgreSQL.
    """

    def __init__(self, url: URL) -> None:
        self.url = url
        self.place = shown(url)
        self.is_server = url.get_backend_name() == "postgresql"
        self._engine: AsyncEngine | None = None
        self._hasty: AsyncEngine | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        if (file := file_of(self.url)) is not None:
            with told_plainly(self.place):
                _found(file)
        self._engine = _server(self.url) if self.is_server else _embedded(self.url)
        self._hasty = self._engine if self.is_server else _embedded(self.url, _HASTY)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for engine in (self._engine, self._hasty):
            if engine is not None:
                with self.waiting():
                    await engine.dispose()
        self._engine = self._hasty = None

    def waiting(self) -> AbstractContextManager[Any]:
        """Entered wherever it waits for the database; where time is simulated, it stands still in it."""
        return nullcontext()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that sees one state of everything, however long it lasts.

        Raises:
            StoreError: the database cannot be read.
        """
        async with self.held() as connection, self.transaction(connection, writes=False):
            yield connection

    @asynccontextmanager
    async def writing(self, *, is_sent_whole: bool = False) -> AsyncIterator[AsyncConnection]:
        """A transaction that is written as a whole when the block ends well, and not at all where it does not.

        Args:
            is_sent_whole: what its statements answer is of no use, so that SQLite is sent all of them together at the
                end, and what else this process does holds nobody up who writes.

        Raises:
            StoreError: the database cannot be written; nothing was.
        """
        async with self._written(self._engine, SENT_WHOLE if is_sent_whole else WRITES) as connection:
            yield connection

    @asynccontextmanager
    async def hastily(self, *, is_one: bool = False) -> AsyncIterator[AsyncConnection]:
        """As `writing`, but it does not wait for the disk: what the next `writing` has put there, this is before it.

        For what may be lost with the power, but not with the process, and never without what was written after it.

        Args:
            is_one: one statement is all there is; SQLite needs no telling where it begins and ends.

        Raises:
            StoreError: the database cannot be written; nothing was.
        """
        async with self._written(self._hasty, None if is_one else WRITES) as connection:
            if self.is_server:
                await connection.execute(_NO_WAIT)
            yield connection

    @asynccontextmanager
    async def _written(self, engine: AsyncEngine | None, begins: str | None) -> AsyncIterator[AsyncConnection]:
        # The turn first: who waits for it needs no connection yet.
        async with self._alone(), self._held(engine) as connection, self._begun(connection, begins):
            yield connection

    @asynccontextmanager
    async def held(self) -> AsyncIterator[AsyncConnection]:
        """A connection for as long as the block lasts, for transactions one after the other.

        Raises:
            StoreError: there is none to be had.
        """
        async with self._held(self._engine) as connection:
            yield connection

    @asynccontextmanager
    async def _held(self, engine: AsyncEngine | None) -> AsyncIterator[AsyncConnection]:
        if engine is None:
            raise AssertionError("the database is not open")
        with told_plainly(self.place), self.waiting():
            connection = await engine.connect()
        try:
            yield connection
        finally:
            with self.waiting():
                await connection.close()

    @asynccontextmanager
    async def transaction(
        self, connection: AsyncConnection, *, writes: bool, is_sent_whole: bool = False
    ) -> AsyncIterator[None]:
        """A transaction on a connection that is held.

        Args:
            connection: from `held`.
            writes: it changes something: SQLite then takes its lock at once, and never in the middle.
            is_sent_whole: see `writing`.

        Raises:
            StoreError: the database refuses; nothing was written.
        """
        if writes:
            async with self._alone(), self._begun(connection, SENT_WHOLE if is_sent_whole else WRITES):
                yield
            return
        async with self._begun(connection, READS):
            yield

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        # SQLite's own way to wait for another writer is to sleep and look again, by which those who came last may be
        # first; within a process they stand in line.
        if self.is_server:
            yield
            return
        with told_plainly(self.place), self.waiting():
            try:
                async with asyncio.timeout(_LOCK_WAIT_S):
                    await self._turn.acquire()
            except TimeoutError:
                raise sqlite3.OperationalError("database is locked") from None
        try:
            yield
        finally:
            self._turn.release()

    @asynccontextmanager
    async def _begun(self, connection: AsyncConnection, begins: str | None) -> AsyncIterator[None]:
        with told_plainly(self.place), self.waiting():
            connection.sync_connection.info[_BEGINS] = begins  # type: ignore[union-attr]  # it is open
            async with connection.begin():
                if self.is_server and begins == READS:
                    await connection.execute(_ONE_STATE)
                yield

    async def alone(self, connection: AsyncConnection, number: int) -> None:
        """Wait until nobody else is in a transaction with this number; SQLite has one writer anyhow.

        Args:
            connection: in a transaction that writes.
            number: of what is changed.
        """
        if self.is_server:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def _found(file: Path) -> None:
    # Make it where there is none, for nobody else to read; what is no database is told before a thread works on it.
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(f"{file.parent}: cannot be written ({error.strerror or error})") from error
    with closing(sqlite3.connect(file, timeout=_LOCK_WAIT_S)) as connection:
        connection.execute("PRAGMA schema_version")
        _write_ahead(connection)


def _write_ahead(connection: sqlite3.Connection) -> None:
    # Once for a file. The change asks for all of it, and SQLite does not wait for others who open it just then.
    for attempt in range(_LOOKS):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or attempt == _LOOKS - 1:
                raise
            time.sleep(_LOCK_WAIT_S / _LOOKS)
        else:
            return


def _embedded(url: URL, *more: str) -> AsyncEngine:
    # Each open journal holds a connection: as many as there are sessions. To make one takes longer than to keep it.
    engine = create_async_engine(
        url, pool_size=_KEPT, max_overflow=-1, module=OneTrip(), pool_reset_on_return=None,
        connect_args={"timeout": _LOCK_WAIT_S, "check_same_thread": False},
    )  # fmt: skip
    reset_only_what_is_open(engine.sync_engine)

    @event.listens_for(engine.sync_engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        # The driver's own way of beginning transactions is too late for what reads before it writes.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (*_PRAGMAS, *more):
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begun(connection: Connection) -> None:
        own: Any = connection.connection.dbapi_connection
        own.begin(connection.info.get(_BEGINS), _LOCK_WAIT_S)

    return engine


def _server(url: URL) -> AsyncEngine:
    return create_async_engine(
        url, max_overflow=-1, pool_pre_ping=True, connect_args={"timeout": _CONNECT_WAIT_S, "command_timeout": 60}
    )
