"""The audit log: lines are added, and whatever else happens to them is named."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tradewright.adapters.storage.sql.audit import SqlAudit
from tradewright.adapters.storage.sql.database import Database
from tradewright.ports.audit_log import Deed
from tradewright.testing.databases import run_sql, still_database

DEEDS = [Deed(ts, "me", "order.sent", f"o-{ts}", {"n": ts, "π": 0.1}, "run-1") for ts in range(1, 8)]


def on(address: str, act: Callable[[SqlAudit, Database], Awaitable[None]]) -> None:
    """Do something with a log."""

    async def whole() -> None:
        async with still_database(address) as database:
            await act(SqlAudit(database), database)

    asyncio.run(asyncio.wait_for(whole(), 60))


def test_lines_are_read_as_they_were_added(database_address: str) -> None:
    """In order, numbered without a gap, by time and by number of lines."""

    async def act(log: SqlAudit, _: Database) -> None:
        await log.add([])
        assert (0, "") == ((await log.verify()).lines, (await log.verify()).damage)
        await log.add(DEEDS[:3])
        await log.add(DEEDS[3:])
        assert DEEDS == [line.deed for line in await log.read()]
        assert [6, 7] == [line.number for line in await log.read(limit=2)]
        assert [3, 4] == [line.number for line in await log.read(since=3, until=5)]
        verdict = await log.verify()
        assert (7, "") == (verdict.lines, verdict.damage)
        assert (await log.read())[-1].hash == verdict.head

    on(database_address, act)


def test_many_write_at_once_into_one_chain(database_address: str) -> None:
    """Forty writers, one line each: forty lines, none lost, each on the one before."""

    async def act(log: SqlAudit, _: Database) -> None:
        await asyncio.gather(*(log.add([Deed(n, "me", "a", "b", {})]) for n in range(40)))
        verdict = await log.verify()
        assert (40, "") == (verdict.lines, verdict.damage)

    on(database_address, act)


@pytest.mark.parametrize(
    ("change", "damage"),
    [
        ("UPDATE audit_log SET actor = 'you' WHERE number = 3", "line 3 is not as it was written"),
        ("UPDATE audit_log SET details = '{}' WHERE number = 1", "line 1 is not as it was written"),
        ("DELETE FROM audit_log WHERE number = 4", "line 4 is missing"),
        ("DELETE FROM audit_log WHERE number > 5", "line 6 is missing: lines at the end"),
        ("DELETE FROM audit_log", "line 1 is missing: lines at the end"),
        ("UPDATE audit_log SET number = 10 - number WHERE number IN (3, 7)", "line 3 is not as it was written"),
    ],
)
def test_line_that_was_changed_taken_or_moved_is_named(database_address: str, change: str, damage: str) -> None:
    """Every line before it is vouched for."""

    async def act(log: SqlAudit, database: Database) -> None:
        await log.add(DEEDS)
        if "10 - number" in change:
            # Not both at once: SQLite looks at the key after each row.
            first = "UPDATE audit_log SET number = number + 90 WHERE number IN (3, 7)"
            await run_sql(database, first, "UPDATE audit_log SET number = 100 - number WHERE number > 90")
        else:
            await run_sql(database, change)
        verdict = await log.verify()
        assert damage in verdict.damage
        assert f"line {verdict.lines + 1} " in verdict.damage

    on(database_address, act)


def test_hash_that_was_noted_must_still_be_there(database_address: str) -> None:
    """A log that was written anew as a whole, chain and all, is found out by what was kept elsewhere."""

    async def act(log: SqlAudit, database: Database) -> None:
        await log.add(DEEDS)
        noted = (await log.read())[3].hash
        await log.add(DEEDS)
        assert "" == (await log.verify(noted)).damage
        await run_sql(database, "DELETE FROM audit_log", "DELETE FROM audit_head")
        await log.add(DEEDS[1:])
        assert "" == (await log.verify()).damage
        assert noted in (await log.verify(noted)).damage

    on(database_address, act)
