"""SQLite asked in one trip to its thread for each statement.

The driver makes four of each: for a cursor, its statement, its rows and its end. Each wakes two threads, which takes
longer than what SQLite does itself. A transaction that only reads begins and ends without any: neither waits for
anybody, or for the disk. One that writes waits for that of another process by looking often.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from typing import Any, NamedTuple

import aiosqlite
from sqlalchemy import event
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.pool import PoolResetState
from sqlalchemy.util import EMPTY_DICT
from sqlalchemy.util.concurrency import await_

__all__ = ["READS", "SENT_WHOLE", "WRITES", "OneTrip", "reset_only_what_is_open"]

READS, WRITES = "BEGIN", "BEGIN IMMEDIATE"
SENT_WHOLE = "BEGIN IMMEDIATE; …; COMMIT"
"""How a transaction begins whose statements answer nothing: all of them are sent together at its end."""
_LOOK_S = 0.002


class _Found(NamedTuple):
    description: Any = None
    rows: Sequence[Any] = ()
    rowcount: int = -1
    lastrowid: int | None = None


class _Statement(NamedTuple):
    operation: str
    parameters: Any
    is_many: bool


def _done(connection: Any, operation: str, parameters: Any, *, is_many: bool) -> _Found:
    # In the connection's own thread.
    cursor = connection._conn.cursor()  # noqa: SLF001 - the driver offers no way to do several things in one trip
    try:
        if is_many:
            cursor.executemany(operation, parameters)
        else:
            cursor.execute(operation, () if parameters is None else parameters)
        rows = cursor.fetchall() if cursor.description else ()
        return _Found(cursor.description, rows, cursor.rowcount, cursor.lastrowid)
    finally:
        cursor.close()


def _write_locked(connection: Any, patience_s: float) -> _Found:
    # As `_done`. SQLite's own way to wait for another process is to sleep ever longer, up to a tenth of a second.
    raw: sqlite3.Connection = connection._conn  # noqa: SLF001 - as above
    raw.execute("PRAGMA busy_timeout=0")
    try:
        for look in count():
            try:
                raw.execute(WRITES)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or look * _LOOK_S >= patience_s:
                    raise
                time.sleep(_LOOK_S)
            else:
                break
    finally:
        raw.execute(f"PRAGMA busy_timeout={round(patience_s * 1_000)}")
    return _Found()


def _write_whole(connection: Any, statements: Sequence[_Statement], patience_s: float) -> _Found:
    # As `_done`. The lock is held for as long as SQLite needs, and not while whoever sent this does something else.
    raw: sqlite3.Connection = connection._conn  # noqa: SLF001 - as above
    _write_locked(connection, patience_s)
    try:
        for one in statements:
            _done(connection, one.operation, one.parameters, is_many=one.is_many)
        raw.execute("COMMIT")
    except BaseException:
        if raw.in_transaction:
            raw.execute("ROLLBACK")
        raise
    return _Found()


async def _nothing() -> None:
    # SQLAlchemy takes a driver in which nothing is awaited for one that is not asynchronous.
    return


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    __slots__ = ("_found",)

    def __init__(self, adapt_connection: Any) -> None:
        # Not the cursor of the driver that its own `__init__` would open.
        self._adapt_connection, self._connection = adapt_connection, adapt_connection._connection  # noqa: SLF001
        self._rows, self._soft_closed_memoized = deque(), EMPTY_DICT
        self._found = _Found()

    def execute(self, operation: Any, parameters: Any = None) -> None:
        """See PEP 249."""
        self._do(operation, parameters, is_many=False)

    def executemany(self, operation: Any, seq_of_parameters: Any) -> None:
        """See PEP 249."""
        self._do(operation, list(seq_of_parameters), is_many=True)

    def lock(self, patience_s: float) -> None:
        """Begin a transaction that writes, as soon as no other process is in one.

        Args:
            patience_s: how long it waits for that, seconds.
        """
        self._make(partial(_write_locked, self._connection, patience_s))

    def send(self, statements: Sequence[_Statement], patience_s: float) -> None:
        """Do a whole transaction.

        Args:
            statements: of it.
            patience_s: how long it waits for another process that writes, seconds.
        """
        self._make(partial(_write_whole, self._connection, statements, patience_s))

    def _do(self, operation: Any, parameters: Any, *, is_many: bool) -> None:
        own: Any = self._adapt_connection
        if own.unsent is not None:
            own.unsent.append(_Statement(operation, parameters, is_many))
            await_(_nothing())
            return
        self._make(partial(_done, self._connection, operation, parameters, is_many=is_many))

    def _make(self, trip: Callable[[], _Found]) -> None:
        try:
            await_(self._sent(trip))
        except Exception as error:  # noqa: BLE001 - the adapter says of what kind it is, and raises it
            self._adapt_connection._handle_exception(error)  # noqa: SLF001 - as the class that is replaced does

    async def _sent(self, work: Any) -> None:
        async with self._adapt_connection._execute_mutex:  # noqa: SLF001 - likewise
            try:
                self._found = await self._connection._execute(work)  # noqa: SLF001 - likewise
            except asyncio.CancelledError:
                # The thread does it all the same, now or in a moment.
                own: Any = self._adapt_connection
                own.is_cut_off = True
                raise
            self._rows = deque(self._found.rows)

    @property
    def description(self) -> Any:
        """See PEP 249."""
        return self._found.description

    @property
    def rowcount(self) -> int:
        """See PEP 249."""
        return self._found.rowcount

    @property
    def lastrowid(self) -> Any:
        """See PEP 249."""
        return self._found.lastrowid

    async def _async_soft_close(self) -> None:
        return  # the driver's cursor has been closed

    def close(self) -> None:
        """See PEP 249."""
        self._rows.clear()


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ("_only_reads", "_patience_s", "is_cut_off", "unsent")
    _cursor_cls = _Cursor

    def __init__(self, dbapi: Any, connection: Any) -> None:
        super().__init__(dbapi, connection)
        self.is_cut_off = self._only_reads = False
        self._patience_s = 0.0
        self.unsent: list[_Statement] | None = None

    def begin(self, statement: str | None, patience_s: float) -> None:
        """Begin a transaction.

        Args:
            statement: `READS`, `WRITES` or `SENT_WHOLE`; None where the one that follows is all there is.
            patience_s: how long it waits for another process that writes, seconds.
        """
        self._only_reads, self._patience_s = statement == READS and not self.is_cut_off, patience_s
        if statement == SENT_WHOLE:
            self.unsent = []
            return
        if self._only_reads:
            self._at_once(READS)
        elif statement == WRITES:
            _Cursor(self).lock(patience_s)
        elif statement is not None:
            self.cursor().execute(statement)

    def commit(self) -> None:
        """See PEP 249."""
        if self.unsent is not None:
            statements, self.unsent = self.unsent, None
            if statements:
                _Cursor(self).send(statements, self._patience_s)
            return
        if not self._has_ended():
            super().commit()

    def rollback(self) -> None:
        """See PEP 249."""
        self.unsent = None
        if not self._has_ended():
            super().rollback()

    def _has_ended(self) -> bool:
        # Not where the thread may still be at work on it: this would wait, and all who wait for this with it.
        reads, self._only_reads = self._only_reads, False
        if self.is_cut_off:
            return False
        if not self._connection._conn.in_transaction:  # noqa: SLF001 - the driver offers no way around its thread
            return True
        if reads:
            self._at_once("ROLLBACK")
        return reads

    def _at_once(self, statement: str) -> None:
        try:
            self._connection._conn.execute(statement)  # noqa: SLF001 - as above
        except sqlite3.Error as error:
            self._handle_exception(error)


class OneTrip(AsyncAdapt_aiosqlite_dbapi):
    """The driver, for `create_async_engine(module=…)`."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *arg: Any, **kw: Any) -> _Connection:
        """See PEP 249."""
        return _Connection(self, super().connect(*arg, **kw)._connection)  # noqa: SLF001 - of the base class


def reset_only_what_is_open(pool: Any) -> None:
    """Spare a trip for each connection that comes back to a pool without an open transaction.

    Where somebody was cancelled while its thread was at work, nobody here knows whether one is open: the trip is made.
    """

    @event.listens_for(pool, "reset")
    def _reset(connection: Any, _record: Any, state: PoolResetState) -> None:
        is_open = connection.is_cut_off or connection._connection.in_transaction  # noqa: SLF001 - the driver's
        if not state.terminate_only and is_open:
            connection.rollback()
            connection.is_cut_off = False
