"""SQLite read in one trip to its thread for each statement.

The driver makes four of each: for a cursor, its statement, its rows and its end. Each wakes two threads, which takes
longer than what SQLite does itself. A transaction begins and ends without any: one that reads waits for nobody, nor for
the disk. What writes is another thread's: see `pen`.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Sequence
from functools import partial
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

__all__ = ["OneTrip", "reset_only_what_is_open"]


class _Found(NamedTuple):
    description: Any = None
    rows: Sequence[Any] = ()
    rowcount: int = -1
    lastrowid: int | None = None


def _done(connection: Any, operation: str, parameters: Any, *, is_many: bool) -> list[_Found]:
    # In the connection's own thread, which remembers what it has given last until it is asked again: of a journal that
    # may be megabytes, for months. So it gives a box, and the box is emptied.
    cursor = connection._conn.cursor()  # noqa: SLF001 - the driver offers no way to do several things in one trip
    try:
        if is_many:
            cursor.executemany(operation, parameters)
        else:
            cursor.execute(operation, () if parameters is None else parameters)
        rows = cursor.fetchall() if cursor.description else ()
        return [_Found(cursor.description, rows, cursor.rowcount, cursor.lastrowid)]
    finally:
        cursor.close()


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

    def _do(self, operation: Any, parameters: Any, *, is_many: bool) -> None:
        try:
            await_(self._sent(partial(_done, self._connection, operation, parameters, is_many=is_many)))
        except Exception as error:  # noqa: BLE001 - the adapter says of what kind it is, and raises it
            self._adapt_connection._handle_exception(error)  # noqa: SLF001 - as the class that is replaced does

    async def _sent(self, work: Any) -> None:
        async with self._adapt_connection._execute_mutex:  # noqa: SLF001 - likewise
            try:
                box = await self._connection._execute(work)  # noqa: SLF001 - likewise
            except asyncio.CancelledError:
                # The thread does it all the same, now or in a moment.
                own: Any = self._adapt_connection
                own.is_cut_off = True
                raise
            self._found = box.pop()
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
    __slots__ = ("is_cut_off",)
    _cursor_cls = _Cursor

    def __init__(self, dbapi: Any, connection: Any) -> None:
        super().__init__(dbapi, connection)
        self.is_cut_off = False

    def begin(self) -> None:
        """Begin a transaction that reads."""
        if self.is_cut_off:
            self.cursor().execute("BEGIN")
        else:
            self._at_once("BEGIN")

    def commit(self) -> None:
        """See PEP 249."""
        self.rollback()  # nothing was written

    def rollback(self) -> None:
        """See PEP 249."""
        if self.is_cut_off:
            # Its thread may still be at work: to do it here would wait for that, and all who wait for this with it.
            super().rollback()
        elif self._connection._conn.in_transaction:  # noqa: SLF001 - the driver offers no way around its thread
            self._at_once("ROLLBACK")

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
