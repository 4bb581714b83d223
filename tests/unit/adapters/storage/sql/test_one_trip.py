"""How often SQLite's thread is woken to read, and that nothing is written so."""

from __future__ import annotations

import asyncio
import tracemalloc

import aiosqlite
import pytest
from sqlalchemy import text

from tradewright.adapters.storage.sql.address import address_of
from tradewright.adapters.storage.sql.database import Database
from tradewright.domain.errors import StoreError
from tradewright.testing.databases import run_sql

_VARIABLE = "TRADEWRIGHT_DATABASE_URL"


def on(address, act):
    """Do something with an open database; gives what that gives."""

    async def whole():
        async with Database(address_of(address, _VARIABLE)) as database:
            return await act(database)

    return asyncio.run(asyncio.wait_for(whole(), 60))


def test_reading_makes_one_trip_for_each_statement(tmp_path, monkeypatch):
    """To begin and to end it makes none; the driver's own way makes nine trips for one statement."""
    trips = []
    done = aiosqlite.Connection._execute

    async def counted(self, fn, *args, **kwargs):
        trips.append(fn)
        return await done(self, fn, *args, **kwargs)

    async def act(database):
        async with database.reading():
            pass  # the connection is made here, and kept
        monkeypatch.setattr(aiosqlite.Connection, "_execute", counted)
        async with database.reading() as connection:
            rows = (await connection.execute(text("SELECT 1, 2 UNION SELECT 3, 4"))).all()
        return rows, len(trips)

    assert ([(1, 2), (3, 4)], 1) == on(f"sqlite:///{tmp_path}/a.db", act)


def test_reading_refuses_to_write(tmp_path):
    """What is written so would be thrown away at the end: SQLite says it at once, and others write all the same."""

    async def act(database):
        await run_sql(database, "CREATE TABLE a (n INTEGER)")
        with pytest.raises(StoreError, match="may only be read"):
            async with database.reading() as connection:
                await connection.execute(text("INSERT INTO a VALUES (1)"))
        await run_sql(database, "INSERT INTO a VALUES (2)")
        async with database.reading() as connection:
            return await connection.scalar(text("SELECT sum(n) FROM a"))

    assert 2 == on(f"sqlite:///{tmp_path}/a.db", act)


def test_what_fails_leaves_a_connection_that_can_be_used(tmp_path):
    """A statement that SQLite refuses ends its transaction, and the next one begins anew."""

    async def act(database):
        with pytest.raises(StoreError, match="a table is missing"):
            async with database.reading() as connection:
                await connection.execute(text("SELECT 1 FROM nowhere"))
        async with database.reading() as connection:
            return await connection.scalar(text("SELECT 7"))

    assert 7 == on(f"sqlite:///{tmp_path}/a.db", act)


@pytest.mark.parametrize("turns", range(12))
def test_what_is_cancelled_leaves_a_connection_that_can_be_used(tmp_path, turns):
    """Somebody who goes away in the middle leaves no transaction open for the next, who sees what is there now."""

    async def reads(database):
        async with database.reading() as connection:
            return await connection.scalar(text("SELECT count(*) FROM a"))

    async def act(database):
        await run_sql(database, "CREATE TABLE a (n INTEGER)")
        for _ in range(3):
            task = asyncio.create_task(reads(database))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await run_sql(database, "INSERT INTO a VALUES (1)")
        return await reads(database)

    assert 1 == on(f"sqlite:///{tmp_path}/a.db", act)


def test_what_was_read_is_let_go(tmp_path):
    """Eight megabytes of text are read; when the reader has forgotten them, nobody else holds them."""

    async def act(database):
        async with database.reading() as connection:
            for _ in range(2):
                tracemalloc.start()
                rows = (await connection.execute(text("SELECT hex(zeroblob(4000000))"))).all()
                size = len(rows[0][0])
                held = tracemalloc.get_traced_memory()[0]
                del rows
                left = tracemalloc.get_traced_memory()[0]
                tracemalloc.stop()
        return size, held > 8_000_000, left < 1_000_000

    assert (8_000_000, True, True) == on(f"sqlite:///{tmp_path}/a.db", act)
