"""A database that is open: transactions on it, and its failures in words."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, closing, nullcontext
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar

from sqlalchemy import Connection, event, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from tradewright.adapters.storage.sql.address import file_of, shown
from tradewright.adapters.storage.sql.failures import told_plainly
from tradewright.adapters.storage.sql.one_trip import OneTrip, reset_only_what_is_open
from tradewright.adapters.storage.sql.pen import Pen
from tradewright.domain.errors import StoreError

__all__ = ["Database", "Pool", "alone"]

T = TypeVar("T")
_LOCK_WAIT_S = 10
_LOOKS = 200
_KEPT = 20
_CONNECT_WAIT_S = 10
_ONE_STATE = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
_PRAGMAS = ("PRAGMA foreign_keys=ON",)
_READ_PRAGMAS = ("PRAGMA query_only=ON", f"PRAGMA busy_timeout={_LOCK_WAIT_S * 1_000}")
_NO_WAIT = text("SET LOCAL synchronous_commit TO OFF")


class Pool(NamedTuple):
    """Connections to a server; each session that trades holds one for as long as it does.

    Attributes:
        size: that are kept open.
        overflow: beyond those, for a while; None for as many as are needed.
    """

    size: int = 10
    overflow: int | None = None


class Database:
    """SQLite in a file, or PostgreSQL. Opened with `async with`, in one event loop.

    Args:
        url: see `address_of`.
        pool: connections to a server; a file has as many as are needed.

    Attributes:
        place: where it is, as it may be shown.
        is_server: it is PostgreSQL.
    """

    def __init__(self, url: URL, pool: Pool = Pool()) -> None:  # noqa: B008 - frozen
        self.url, self._pool = url, pool
        self.place = shown(url)
        self.is_server = url.get_backend_name() == "postgresql"
        self._engine: AsyncEngine | None = None
        self._pen: Pen | None = None

    async def __aenter__(self) -> Self:
        if (file := file_of(self.url)) is not None:
            with told_plainly(self.place):
                _found(file)
        self._engine = _server(self.url, self._pool) if self.is_server else _embedded(self.url)
        self._pen = None if self.is_server else Pen(self.url, _PRAGMAS, _LOCK_WAIT_S)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        engine, pen, self._engine, self._pen = self._engine, self._pen, None, None
        with self.waiting():
            if pen is not None:
                await pen.put_away()
            if engine is not None:
                await engine.dispose()

    def waiting(self) -> AbstractContextManager[Any]:
        """Entered wherever it waits for the database; where time is simulated, it stands still in it."""
        return nullcontext()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that sees one state of everything, however long it lasts.

        Raises:
            StoreError: the database cannot be read.
        """
        async with self.held() as connection, self.reading_by(connection):
            yield connection

    async def write(
        self, work: Callable[[Connection], T], *, is_hasty: bool = False, by: AsyncConnection | None = None
    ) -> T:
        """Do a transaction that is written as a whole, or not at all where it fails; gives what the work gives.

        Args:
            work: its statements, one after the other. With SQLite it runs in the thread that writes: what it uses, no
                other thread changes meanwhile.
            is_hasty: it does not wait for the disk. What the next that is not hasty has put there, this is before it:
                for what may be lost with the power, but not with the process, and never without what was written after
                it.
            by: with a server, over this connection from `held`.

        Raises:
            StoreError: the database cannot be written; nothing was.
        """
        if self._pen is not None:
            with told_plainly(self.place), self.waiting():
                return await self._pen.write(work, is_hasty=is_hasty)
        if by is None:
            async with self.held() as connection:
                return await self.write(work, is_hasty=is_hasty, by=connection)
        async with self._begun(by):
            if is_hasty:
                await by.execute(_NO_WAIT)
            return await by.run_sync(work)

    @asynccontextmanager
    async def held(self) -> AsyncIterator[AsyncConnection]:
        """A connection for as long as the block lasts, for transactions one after the other.

        Raises:
            StoreError: there is none to be had.
        """
        if self._engine is None:
            raise AssertionError("the database is not open")
        with told_plainly(self.place), self.waiting():
            connection = await self._engine.connect()
        try:
            yield connection
        finally:
            with self.waiting():
                await connection.close()

    @asynccontextmanager
    async def reading_by(self, connection: AsyncConnection) -> AsyncIterator[None]:
        """As `reading`, on a connection that is held.

        Args:
            connection: from `held`.

        Raises:
            StoreError: the database cannot be read.
        """
        async with self._begun(connection):
            if self.is_server:
                await connection.execute(_ONE_STATE)
            yield

    @asynccontextmanager
    async def _begun(self, connection: AsyncConnection) -> AsyncIterator[None]:
        with told_plainly(self.place), self.waiting():
            async with connection.begin():
                yield


def alone(connection: Connection, number: int) -> None:
    """Wait until nobody else is in a transaction with this number; SQLite has one writer anyhow.

    Args:
        connection: in a transaction that writes.
        number: of what is changed.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


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


def _embedded(url: URL) -> AsyncEngine:
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
        for pragma in _READ_PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begun(connection: Connection) -> None:
        own: Any = connection.connection.dbapi_connection
        own.begin()

    return engine


def _server(url: URL, pool: Pool) -> AsyncEngine:
    return create_async_engine(
        url, pool_size=pool.size, max_overflow=-1 if pool.overflow is None else pool.overflow, pool_pre_ping=True,
        pool_timeout=_CONNECT_WAIT_S, connect_args={"timeout": _CONNECT_WAIT_S, "command_timeout": 60},
    )  # fmt: skip
