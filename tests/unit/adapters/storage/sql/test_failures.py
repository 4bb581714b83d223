"""What a database's failures are called, and that they leave nothing half-written."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from tradewright.adapters.storage.sql import database as database_module
from tradewright.adapters.storage.sql.books import SqlBooks
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.sessions import SqlSessions
from tradewright.adapters.storage.sql.tables import SIM_TABLES
from tradewright.domain.books import EquityPoint
from tradewright.domain.errors import StoreError
from tradewright.testing.databases import still_database
from tradewright.testing.postgres import postgres_cluster, postgres_programs

NAME = "20261121-101530-3f9a"
POINTS = [EquityPoint("d", ts, Decimal(1), Decimal(0)) for ts in range(2_000)]


def on(address: str, act: Callable[[Database], Awaitable[None]]) -> None:
    """Do something with a database that has its tables."""

    async def whole() -> None:
        async with still_database(address) as database:
            await act(database)

    asyncio.run(asyncio.wait_for(whole(), 60))


def test_journal_of_a_locked_database_waits_and_then_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was begun, so that the journal may be written when the other has finished."""
    monkeypatch.setattr(database_module, "_LOCK_WAIT_S", 0.05)

    async def act(database: Database) -> None:
        sessions = SqlSessions(database, SIM_TABLES, lambda: 1)
        async with sessions.begin(NAME) as journal:
            with closing(sqlite3.connect(tmp_path / "tradewright.db", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                with pytest.raises(StoreError, match="locked by another process"):
                    await journal.append({"n": 1})
                other.execute("COMMIT")
            await journal.append({"n": 2})
        assert [{"n": 2}] == list(await sessions.read(NAME))

    on(f"sqlite:///{tmp_path}/tradewright.db", act)


def test_full_disk_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of what was put or none; what was there before is there."""
    address = f"sqlite:///{tmp_path}/tradewright.db"

    async def first(database: Database) -> None:
        await SqlBooks(database, SIM_TABLES).equity.put(POINTS[:1])

    async def second(database: Database) -> None:
        books = SqlBooks(database, SIM_TABLES)
        with pytest.raises(StoreError, match="disk is full; nothing was written"):
            await books.equity.put(POINTS)
        assert 1 == await books.equity.count()

    on(address, first)
    with closing(sqlite3.connect(tmp_path / "tradewright.db")) as file:
        (pages,) = file.execute("PRAGMA page_count").fetchone()
    monkeypatch.setattr(database_module, "_PRAGMAS", (*database_module._PRAGMAS, f"PRAGMA max_page_count={pages + 2}"))
    on(address, second)


def test_database_that_may_only_be_read_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing is refused in words."""
    address = f"sqlite:///{tmp_path}/tradewright.db"

    async def nothing(database: Database) -> None:
        assert 0 == await SqlBooks(database, SIM_TABLES).equity.count()

    async def act(database: Database) -> None:
        await nothing(database)
        with pytest.raises(StoreError, match="may only be read"):
            await SqlBooks(database, SIM_TABLES).equity.put(POINTS)

    on(address, nothing)
    monkeypatch.setattr(database_module, "_PRAGMAS", (*database_module._PRAGMAS, "PRAGMA query_only=ON"))
    on(address, act)


def test_server_that_dies_is_told_and_its_journal_is_gone_on_with() -> None:
    """The append that was under way is refused, the journal takes no more; after a restart every record is there."""
    if (programs := postgres_programs()) is None:
        pytest.skip("no PostgreSQL on this machine; make setup installs it where it may")
    with postgres_cluster(programs) as cluster:

        async def act(database: Database) -> None:
            sessions = SqlSessions(database, SIM_TABLES, lambda: 1)
            async with sessions.begin(NAME) as journal:
                await journal.append({"n": 1})
                cluster.stop()
                with pytest.raises(StoreError, match=r"connection was lost|going down"):
                    await journal.append({"n": 2})
                with pytest.raises(StoreError):
                    await journal.append({"n": 3})
                with pytest.raises(StoreError, match="cannot be reached"):
                    await sessions.names()
                cluster.start()
            async with sessions.open(NAME) as journal:
                assert [{"n": 1}] == list(journal.records)
                await journal.append({"n": 2})

        on(cluster.database("dies"), act)
