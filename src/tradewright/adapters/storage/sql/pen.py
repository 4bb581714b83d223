"""The one thread of a process that writes a file of SQLite: a transaction after the other, each in one go.

Who asks for one waits in line for it and for nothing else, and nothing that the process does meanwhile makes the
transaction longer: the lock, which other processes wait for, is held for as long as SQLite itself needs it.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

__all__ = ["Pen"]

T = TypeVar("T")
_LOOK_S = 0.002
_CLEAR_AFTER = 200  # transactions; a few thousand pages


class Pen:
    """Writes a file of SQLite, in a thread of its own.

    What was written ahead is brought into the file itself now and then, by another thread: for as long as that takes,
    a few tenths of a second on a slow disk, transactions go on.

    Args:
        url: of the file.
        pragmas: said to the connection once.
        patience_s: how long whoever writes waits, in line and for other processes, seconds.
    """

    def __init__(self, url: URL, pragmas: Sequence[str], patience_s: float) -> None:
        self._engine = _engine(url, (*pragmas, "PRAGMA busy_timeout=0", "PRAGMA wal_autocheckpoint=0"))
        self._broom = _engine(url, ())
        self._patience_s = patience_s
        self._thread, self._sweeper = ThreadPoolExecutor(1, "pen"), ThreadPoolExecutor(1, "broom")
        self._since = 0
        event.listen(self._engine, "begin", self._begin)
        self._until, self._wants_haste = 0.0, False
        self._is_hasty: bool | None = None

    async def write(self, work: Callable[[Connection], T], *, is_hasty: bool) -> T:
        """Do a transaction; gives what the work gives.

        Args:
            work: its statements; it runs in the thread.
            is_hasty: it does not wait for the disk.

        Raises:
            sqlite3.Error: SQLite refuses, or others write for too long; nothing was written.
        """
        until = time.monotonic() + self._patience_s
        whole = partial(self._written, work, until, is_hasty=is_hasty)
        return await asyncio.get_running_loop().run_in_executor(self._thread, whole)

    async def put_away(self) -> None:
        """End what has been begun, and close the file."""
        loop = asyncio.get_running_loop()
        for thread, engine in ((self._sweeper, self._broom), (self._thread, self._engine)):
            await loop.run_in_executor(thread, engine.dispose)
            thread.shutdown(wait=False)

    def _written(self, work: Callable[[Connection], T], until: float, *, is_hasty: bool) -> T:
        self._until, self._wants_haste = until, is_hasty
        with self._engine.begin() as connection:
            given = work(connection)
        self._since += 1
        if self._since >= _CLEAR_AFTER:
            self._since = 0
            self._sweeper.submit(self._clear)
        return given

    def _clear(self) -> None:
        # Most of it here; the little that was written meanwhile, without which nothing is begun anew, by who writes.
        _brought_in(self._broom)
        self._thread.submit(_brought_in, self._engine)

    def _begin(self, connection: Connection) -> None:
        raw: Any = connection.connection.dbapi_connection
        if self._is_hasty is not self._wants_haste:
            # FULL: what was committed survives the loss of power, not only that of the process. The file of what was
            # written ahead is one: what is written in full has all that was written hastily before it on the disk too.
            raw.execute(f"PRAGMA synchronous={'NORMAL' if self._wants_haste else 'FULL'}")
            self._is_hasty = self._wants_haste
        # SQLite's own way to wait for another process is to sleep ever longer, up to a tenth of a second.
        while True:
            try:
                raw.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= self._until:
                    raise
                time.sleep(_LOOK_S)
            else:
                return


def _brought_in(engine: Engine) -> None:
    # Who cannot does it the next time: nothing is lost by it.
    with suppress(SQLAlchemyError, sqlite3.Error), closing(engine.raw_connection()) as connection:
        raw: Any = connection.dbapi_connection
        raw.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def _engine(url: URL, pragmas: Sequence[str]) -> Engine:
    engine = create_engine(
        url.set(drivername="sqlite"), poolclass=StaticPool, pool_reset_on_return=None,
        connect_args={"check_same_thread": False},
    )  # fmt: skip

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(pragma)

    return engine
