"""The tables: made the same by migrations and models, in both databases, by whoever comes first."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.command import downgrade
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from tradewright.adapters.storage.sql.address import address_of
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.schema import REVISIONS, alembic_config, ready, upgrade, version_of
from tradewright.adapters.storage.sql.tables import METADATA
from tradewright.domain.errors import StoreError
from tradewright.testing.databases import run_sql


def test_migrations_make_what_the_models_say(database_address: str) -> None:
    """Alembic finds no difference; every step is known by name; all is taken away again."""

    async def act() -> None:
        async with Database(address_of(database_address, "address")) as database:
            assert None is await upgrade(database)
            assert REVISIONS[-1] == await upgrade(database)
            assert [] == await database.write(lambda own: compare_metadata(MigrationContext.configure(own), METADATA))
            script = await database.write(lambda own: ScriptDirectory.from_config(alembic_config(own)))
            assert list(REVISIONS) == [step.revision for step in reversed(list(script.walk_revisions()))]
            await database.write(lambda own: downgrade(alembic_config(own), "base"))
            assert ["alembic_version"] == await database.write(lambda own: inspect(own).get_table_names())

    asyncio.run(act())


def test_many_who_come_first_make_the_tables_once(database_address: str) -> None:
    """Four processes open a new database at once: all of them may use it."""
    code = """
import asyncio, sys
from tradewright.testing.databases import still_database
async def main():
    async with still_database(sys.argv[1]): pass
asyncio.run(main())
"""
    command = [sys.executable, "-c", code, database_address]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    assert [(0, "")] * 4 == [(process.wait(60), process.communicate()[1]) for process in processes]


def test_upgrade_that_fails_changes_nothing(database_address: str) -> None:
    """A table that stands in the way: no other table is there afterwards, and no version."""

    async def act() -> None:
        async with Database(address_of(database_address, "address")) as database:
            # The last one that is made.
            await run_sql(database, "CREATE TABLE audit_log (x INTEGER)", "CREATE VIEW users AS SELECT 1 AS y")
            with pytest.raises(StoreError):
                await ready(database)
            async with database.reading() as connection:
                assert None is await version_of(connection)
                assert ["audit_log"] == await connection.run_sync(lambda sync: inspect(sync).get_table_names())

    asyncio.run(act())


def test_type_checker_refuses_the_other_mode(tmp_path: Path) -> None:
    """A live store for a simulation, tables of the one for the other, books likewise: an error each; none otherwise."""
    head = """
from tradewright.adapters.storage.sql.books import SqlBooks
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.sessions import SqlSessions
from tradewright.adapters.storage.sql.tables import LIVE_TABLES, SIM_TABLES, SimTables
from tradewright.domain.mode import Simulation
from tradewright.ports.books import SimBooks
from tradewright.ports.session_store import LiveSessionStore, SimSessionStore
def now() -> int: return 1
def wants(store: SimSessionStore) -> None: ...
def act(database: Database, real: LiveSessionStore) -> None:
"""
    right = """
    one: SimSessionStore = SqlSessions(database, SIM_TABLES, now)
    two: SimBooks = SqlBooks(database, SIM_TABLES)
"""
    wrong = """
    wants(real)
    a: SimSessionStore = SqlSessions(database, LIVE_TABLES, now)
    b: SimBooks = SqlBooks(database, LIVE_TABLES)
    c: SimTables = LIVE_TABLES
    d: SqlBooks[Simulation] = SqlBooks(database, LIVE_TABLES)
"""
    (tmp_path / "right.py").write_text(head + right)
    (tmp_path / "wrong.py").write_text(head + wrong)
    files = [str(tmp_path / name) for name in ("right.py", "wrong.py")]
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "--no-error-summary", *files]
    root = Path(__file__).resolve().parents[5]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False).stdout.splitlines()
    errors = [line.split(":") for line in done if ": error:" in line]
    begin = len(head.splitlines())
    assert {("wrong.py", begin + n) for n in range(2, 7)} == {
        (Path(name).name, int(number)) for name, number, *_ in errors
    }
