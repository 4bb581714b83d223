"""Transactions that write: whole, in line, and for no longer than the database needs."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import closing

import pytest
from sqlalchemy import text

from tradewright.adapters.storage.sql import database as database_module
from tradewright.adapters.storage.sql.address import address_of
from tradewright.adapters.storage.sql.database import Database
from tradewright.domain.errors import Busy, StoreError
from tradewright.testing.databases import run_sql

_VARIABLE = "TRADEWRIGHT_DATABASE_URL"


def on(address, act):
    """Do something with an open database; gives what that gives."""

    async def whole():
        async with Database(address_of(address, _VARIABLE)) as database:
            return await act(database)

    return asyncio.run(asyncio.wait_for(whole(), 60))


async def total(database):
    """What the numbers in the table come to."""
    async with database.reading() as connection:
        return await connection.scalar(text("SELECT sum(n) FROM a"))


def test_work_is_told_what_its_statements_did(database_address):
    """How many rows were changed, and what is there by then; and the writer gets what the work gives."""

    def work(connection):
        connection.execute(text("INSERT INTO a (n) VALUES (:n)"), [{"n": 1}, {"n": 2}, {"n": 3}])
        changed = connection.execute(text("UPDATE a SET n = 9 WHERE n > 1")).rowcount
        return changed, connection.scalar(text("SELECT sum(n) FROM a"))

    async def act(database):
        await run_sql(database, "CREATE TABLE a (n INTEGER)")
        return await database.write(work), await total(database)

    assert ((2, 19), 19) == on(database_address, act)


@pytest.mark.parametrize("is_hasty", [False, True])
def test_all_is_written_or_nothing(database_address, is_hasty):
    """A statement that is refused takes those before it with it, and so does a work that gives up."""

    def refused(connection):
        connection.execute(text("INSERT INTO a VALUES (2)"))
        connection.execute(text("INSERT INTO nowhere VALUES (1)"))

    def gives_up(connection):
        connection.execute(text("INSERT INTO a VALUES (3)"))
        raise ValueError("given up")

    async def act(database):
        await run_sql(database, "CREATE TABLE a (n INTEGER)", "INSERT INTO a VALUES (1)")
        with pytest.raises(StoreError, match="a table is missing"):
            await database.write(refused, is_hasty=is_hasty)
        with pytest.raises(ValueError, match="given up"):
            await database.write(gives_up, is_hasty=is_hasty)
        return await total(database)

    assert 1 == on(database_address, act)


def test_only_what_is_written_hastily_does_not_wait_for_the_disk(database_address):
    """And what is written afterwards does, on the same database."""

    async def act(database):
        asked = text("SHOW synchronous_commit" if database.is_server else "PRAGMA synchronous")
        return [
            str(await database.write(lambda own: own.scalar(asked), is_hasty=is_hasty))
            for is_hasty in (False, True, False)
        ]

    assert on(database_address, act) in [["2", "1", "2"], ["on", "off", "on"]]


def test_writers_of_a_process_stand_in_line(tmp_path):
    """They come in the order in which they asked, and the one whose turn it is keeps the loop free for others."""
    done = []

    async def act(database):
        await run_sql(database, "CREATE TABLE a (n INTEGER)")
        goes_on = threading.Event()
        first = asyncio.ensure_future(database.write(lambda _: goes_on.wait(30)))
        others = [asyncio.ensure_future(database.write(lambda _, n=n: done.append(n))) for n in range(40)]
        await asyncio.sleep(0)
        before = list(done)
        goes_on.set()
        await asyncio.gather(first, *others)
        return before

    assert ([], list(range(40))) == (on(f"sqlite:///{tmp_path}/a.db", act), done)


def test_who_waits_for_another_process_writes_when_it_has_ended(tmp_path):
    """And whoever waits for too long is told that nothing was begun; those behind wait no longer than it did."""

    async def act(database):
        await run_sql(database, "CREATE TABLE a (n INTEGER)")
        with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            began = asyncio.get_running_loop().time()
            tries = [run_sql(database, "INSERT INTO a VALUES (1)") for _ in range(20)]
            failed = await asyncio.gather(*tries, return_exceptions=True)
            took = asyncio.get_running_loop().time() - began
            writing = asyncio.ensure_future(run_sql(database, "INSERT INTO a VALUES (100)"))
            await asyncio.sleep(0)
            other.execute("COMMIT")
            await writing
        return {type(one) for one in failed}, took < 20 * patience_s, await total(database)

    patience_s = 0.5
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database_module, "_LOCK_WAIT_S", patience_s)
        assert ({Busy}, True, 100) == on(f"sqlite:///{tmp_path}/a.db", act)


@pytest.mark.parametrize("turns", range(12))
def test_whoever_is_cancelled_while_it_writes_ends(tmp_path, turns):
    """At whichever turn of the loop it comes, no cancellation is lost, and the next who writes finds all in order."""

    async def write_on(database):
        while True:
            await run_sql(database, "INSERT INTO a VALUES (1)")

    async def act(database):
        await run_sql(database, "CREATE TABLE a (n INTEGER)", "INSERT INTO a VALUES (1)")
        writing = asyncio.ensure_future(write_on(database))
        for _ in range(turns):
            await asyncio.sleep(0)
        writing.cancel()
        done, _ = await asyncio.wait([writing], timeout=5.0)
        await run_sql(database, "DELETE FROM a", "INSERT INTO a VALUES (7)")
        return writing.cancelled() and bool(done), await total(database)

    assert (True, 7) == on(f"sqlite:///{tmp_path}/a.db", act)


def test_what_was_written_ahead_does_not_grow_without_end(tmp_path):
    """Ten thousand pages written leave a file of what was written ahead that holds far fewer, with no pause for it."""

    async def act(database):
        await run_sql(database, "CREATE TABLE a (n INTEGER, b BLOB)")
        for n in range(1_000):
            await run_sql(database, "INSERT INTO a VALUES (1, zeroblob(20000))")
            if n % 50 == 0:
                await asyncio.to_thread(database._pen._sweeper.submit(int).result)
        return (tmp_path / "a.db-wal").stat().st_size / 4_096

    assert 3_000 > on(f"sqlite:///{tmp_path}/a.db", act)
