"""How often SQLite's thread is woken, and what waits for the disk."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

import aiosqlite
import pytest
from sqlalchemy import text

from tradewright.adapters.storage.sql.address import address_of
from tradewright.adapters.storage.sql.database import Database
from tradewright.domain.errors import StoreError

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


def test_statements_say_what_they_did(tmp_path):
    """Rows written at once, the number of rows changed, the number of the last row: as the driver's own cursor."""

    async def act(database):
        async with database.writing() as connection:
            await connection.execute(text("CREATE TABLE a (id INTEGER PRIMARY KEY, n INTEGER)"))
            await connection.execute(text("INSERT INTO a (n) VALUES (:n)"), [{"n": 1}, {"n": 2}, {"n": 3}])
            changed = await connection.execute(text("UPDATE a SET n = 9 WHERE n > 1"))
            added = await connection.execute(text("INSERT INTO a (n) VALUES (5)"))
            return changed.rowcount, added.lastrowid, await connection.scalar(text("SELECT sum(n) FROM a"))

    assert (2, 4, 24) == on(f"sqlite:///{tmp_path}/a.db", act)


def test_what_fails_leaves_a_connection_that_can_be_used(tmp_path):
    """A statement that SQLite refuses ends its transaction, and the next one begins anew."""

    async def act(database):
        with pytest.raises(StoreError, match="a table is missing"):
            async with database.writing() as connection:
                await connection.execute(text("INSERT INTO nowhere VALUES (1)"))
        async with database.writing() as connection:
            return await connection.scalar(text("SELECT 7"))

    assert 7 == on(f"sqlite:///{tmp_path}/a.db", act)


def test_what_is_cancelled_leaves_a_connection_that_can_be_used(tmp_path):
    """Somebody who goes away in the middle leaves no transaction open for the next."""

    async def act(database):
        async def stays(begun):
            async with database.writing() as connection:
                await connection.execute(text("CREATE TABLE a (n INTEGER)"))
                begun.set()
                await asyncio.Event().wait()

        for _ in range(3):
            begun = asyncio.Event()
            task = asyncio.create_task(stays(begun))
            await begun.wait()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        async with database.writing() as connection:
            return await connection.scalar(text("SELECT count(*) FROM sqlite_master"))

    assert 0 == on(f"sqlite:///{tmp_path}/a.db", act)


def test_what_is_written_hastily_does_not_wait_for_the_disk(database_address):
    """And what is written otherwise does, on the same database."""

    async def setting(database, writing):
        asked = "SHOW synchronous_commit" if database.is_server else "PRAGMA synchronous"
        async with writing() as connection:
            return str(await connection.scalar(text(asked)))

    async def act(database):
        return await setting(database, database.hastily), await setting(database, database.writing)

    hasty, usual = on(database_address, act)
    assert (hasty, usual) in {("1", "2"), ("off", "on")}


def test_what_is_written_hastily_is_there_for_others(database_address):
    """It is committed like everything else: another connection sees it at once, and a refusal writes nothing."""

    async def fails(database):
        async with database.hastily() as connection:
            await connection.execute(text("INSERT INTO a VALUES (2)"))
            await connection.execute(text("INSERT INTO nowhere VALUES (2)"))

    async def act(database):
        async with database.hastily() as connection:
            await connection.execute(text("CREATE TABLE a (n INTEGER)"))
            await connection.execute(text("INSERT INTO a VALUES (1)"))
        with pytest.raises(StoreError):
            await fails(database)
        async with database.reading() as connection:
            return await connection.scalar(text("SELECT sum(n) FROM a"))

    assert 1 == on(database_address, act)


def test_what_is_sent_whole_makes_one_trip_and_holds_nobody_up(tmp_path, monkeypatch):
    """Until its end others may write; then all of it is there at once."""
    trips = []
    done = aiosqlite.Connection._execute

    async def counted(self, fn, *args, **kwargs):
        trips.append(fn)
        return await done(self, fn, *args, **kwargs)

    async def act(database):
        async with database.writing() as connection:
            await connection.execute(text("CREATE TABLE a (n INTEGER)"))
        monkeypatch.setattr(aiosqlite.Connection, "_execute", counted)
        with closing(sqlite3.connect(tmp_path / "a.db", timeout=0, isolation_level=None)) as other:
            async with database.writing(is_sent_whole=True) as connection:
                await connection.execute(text("INSERT INTO a VALUES (:n)"), [{"n": 1}, {"n": 2}])
                other.execute("INSERT INTO a VALUES (10)")
                await connection.execute(text("UPDATE a SET n = n + 100 WHERE n < 10"))
                before = other.execute("SELECT n FROM a").fetchall()
            return before, other.execute("SELECT n FROM a ORDER BY n").fetchall(), len(trips)

    assert ([(10,)], [(10,), (101,), (102,)], 1) == on(f"sqlite:///{tmp_path}/a.db", act)


def test_of_what_is_sent_whole_all_is_written_or_nothing(database_address):
    """A statement that is refused takes those before it with it; a block that is left early sends nothing."""

    async def fails(database, statement):
        async with database.writing(is_sent_whole=True) as connection:
            await connection.execute(text("INSERT INTO a VALUES (2)"))
            await connection.execute(text(statement))

    async def left(database):
        async with database.writing(is_sent_whole=True) as connection:
            await connection.execute(text("INSERT INTO a VALUES (3)"))
            raise ValueError("left")

    async def act(database):
        async with database.writing(is_sent_whole=True) as connection:
            await connection.execute(text("CREATE TABLE a (n INTEGER)"))
            await connection.execute(text("INSERT INTO a VALUES (1)"))
        with pytest.raises(StoreError, match="a table is missing"):
            await fails(database, "INSERT INTO nowhere VALUES (1)")
        with pytest.raises(ValueError, match="left"):
            await left(database)
        async with database.writing() as connection:
            return await connection.scalar(text("SELECT sum(n) FROM a"))

    assert 1 == on(database_address, act)


def test_writers_of_a_process_stand_in_line(tmp_path):
    """They come in the order in which they asked, and none waits for SQLite to look again."""

    async def act(database):
        done = []

        async def write(n):
            async with database.writing() as connection:
                await connection.execute(text("INSERT INTO a VALUES (:n)"), {"n": n})
                done.append(n)

        async with database.writing() as connection:
            await connection.execute(text("CREATE TABLE a (n INTEGER)"))
        await asyncio.gather(*(write(n) for n in range(40)))
        return done

    assert list(range(40)) == on(f"sqlite:///{tmp_path}/a.db", act)


@pytest.mark.parametrize("turns", range(30))
def test_whoever_is_cancelled_while_it_writes_ends(tmp_path, turns):
    """At whichever turn of the loop it comes, no cancellation is lost, and the next who writes finds all in order."""

    async def write(database):
        async with database.writing() as connection:
            await connection.execute(text("CREATE TABLE IF NOT EXISTS a (n INTEGER)"))

    async def write_on(database):
        while True:
            try:
                await write(database)
            except StoreError:
                continue

    async def act(database):
        await write(database)
        writing = asyncio.ensure_future(write_on(database))
        for _ in range(turns):
            await asyncio.sleep(0)
        writing.cancel()
        done, _ = await asyncio.wait([writing], timeout=5.0)
        is_over = bool(done)
        while not writing.done():  # let the test end, whatever it found
            writing.cancel()
            await asyncio.wait([writing], timeout=0.01)
        await write(database)
        return is_over

    assert on(f"sqlite:///{tmp_path}/a.db", act)
