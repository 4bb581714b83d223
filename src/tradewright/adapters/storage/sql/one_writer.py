"""One process at a time for a thing that has a name; whoever dies lets go of it."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tradewright.adapters.storage.locking import is_locked, writing
from tradewright.adapters.storage.sql.address import file_of
from tradewright.adapters.storage.sql.database import Database
from tradewright.domain.errors import StoreError

__all__ = ["is_written", "only_writer"]


@asynccontextmanager
async def only_writer(
    database: Database, table: str, name: str, what: str | None = None
) -> AsyncIterator[AsyncConnection]:
    """Be the only one who writes it; gives a connection for as long as the block lasts.

    PostgreSQL ties the lock to this very connection: where it is lost, so is the way to write. Beside SQLite's file
    lies one that the system locks for the process.

    Args:
        database: in which it is.
        table: of what kind it is.
        name: of it.
        what: it is, for the words of a refusal; None: a session of the name.

    Raises:
        StoreError: another process writes it, or the database cannot be reached.
    """
    what = what or f"session {name}"
    if (file := file_of(database.url)) is not None:
        with writing(_beside(file, table, name), what):
            async with database.held() as connection:
                yield connection
        return
    async with database.held() as connection:
        number = _number(table, name)
        async with database.reading_by(connection):
            is_ours = await connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": number})
        if not is_ours:
            raise StoreError(f"{what} is being written by another process; try again when it has finished")
        try:
            yield connection
        finally:
            # The connection is not used again, so that the server lets go of the lock with it.
            await connection.invalidate()


async def is_written(database: Database, table: str, name: str) -> bool:
    """Whether somebody is the only one who writes it now; nobody is kept from becoming that by the question.

    Args:
        database: in which it is.
        table: of what kind it is.
        name: of it.

    Raises:
        StoreError: the database cannot be reached.
    """
    if (file := file_of(database.url)) is not None:
        return is_locked(_beside(file, table, name))
    number = _number(table, name) % 2**64
    async with database.reading() as connection:
        found = await connection.scalar(text(_HELD), {"high": number >> 32, "low": number % 2**32})
    return found is not None


_HELD = """SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
WHERE locktype = 'advisory' AND datname = current_database() AND objsubid = 1 AND granted
AND classid::bigint = :high AND objid::bigint = :low LIMIT 1"""


def _number(table: str, name: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{table}/{name}".encode()).digest()[:8], signed=True)


def _beside(file: Path, table: str, name: str) -> Path:
    return file.with_name(f"{file.name}-{table}-{name}")
