"""Journals in both databases: what is written stays, one process writes, and nothing is changed unnoticed."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.sessions import SqlSessions
from tradewright.adapters.storage.sql.tables import LIVE_TABLES, SIM_TABLES
from tradewright.domain.errors import InvalidValue, StoreError
from tradewright.domain.mode import Simulation
from tradewright.testing.databases import run_sql, still_database

NAME, OTHER = "20261121-101530-3f9a", "20261121-101530-4000"


def on(address: str, act: Callable[[SqlSessions[Simulation], Database], Awaitable[None]]) -> None:
    """Do something with journals of simulations."""

    async def whole() -> None:
        async with still_database(address) as database:
            await act(SqlSessions(database, SIM_TABLES, lambda: 1), database)

    asyncio.run(asyncio.wait_for(whole(), 60))


def test_the_newest_records_are_read_without_the_rest(database_address: str) -> None:
    """As many as are wanted, with their numbers, after those that are known; the first too for who knows none."""

    async def whole(sessions: SqlSessions[Simulation], _: Database) -> None:
        async with sessions.begin(NAME) as journal:
            await journal.append_all([{"n": n} for n in range(1, 8)])
        assert [(1, {"n": 1}), (6, {"n": 6}), (7, {"n": 7})] == await sessions.newest(NAME, 0, 2)
        assert [1, 2, 3, 4, 5, 6, 7] == [number for number, _ in await sessions.newest(NAME, 0, 100)]
        assert [6, 7] == [number for number, _ in await sessions.newest(NAME, 5, 100)]
        assert [7] == [number for number, _ in await sessions.newest(NAME, 5, 1)]
        assert [] == await sessions.newest(NAME, 7, 100)
        with pytest.raises(StoreError, match="there is none"):
            await sessions.newest(OTHER, 0, 1)

    on(database_address, whole)


def test_what_was_written_is_read_in_its_order(database_address: str) -> None:
    """One by one and several at once, by whoever asks, and by the next who opens it."""

    async def write(sessions: SqlSessions[Simulation], _: Database) -> None:
        async with sessions.begin(NAME) as journal:
            assert ("simulation", []) == (journal.mode, list(journal.records))
            await journal.append({"kind": "begin", "π": 0.1})
            await journal.append_all([{"kind": "step", "n": n} for n in range(3)])
            await journal.append_all([])
            assert 4 == len(await sessions.read(NAME))

    async def go_on(sessions: SqlSessions[Simulation], _: Database) -> None:
        async with sessions.open(NAME) as journal:
            assert {"kind": "begin", "π": 0.1} == journal.records[0]
            await journal.append({"kind": "end"})
            with pytest.raises(StoreError, match="not kept once it has been added to"):
                len(journal.records)
        assert [0, 1, 2] == [record["n"] for record in await sessions.read(NAME) if record["kind"] == "step"]
        assert {"kind": "end"} == (await sessions.read(NAME))[-1]

    on(database_address, write)
    on(database_address, go_on)


def test_tasks_of_one_process_write_in_turn(database_address: str) -> None:
    """Fifty appends at once are fifty records, chained."""

    async def act(sessions: SqlSessions[Simulation], _: Database) -> None:
        async with sessions.begin(NAME) as journal:
            await asyncio.gather(*(journal.append({"n": n}) for n in range(50)))
        assert set(range(50)) == {record["n"] for record in await sessions.read(NAME)}

    on(database_address, act)


def test_second_writer_is_refused_and_the_first_goes_on(database_address: str) -> None:
    """One that is there is not begun again; a name that is none, or nobody's, is refused."""

    async def act(sessions: SqlSessions[Simulation], _: Database) -> None:
        async with sessions.begin(NAME) as journal:
            with pytest.raises(StoreError, match="another process"):
                await sessions.open(NAME).__aenter__()
            await journal.append({"kind": "begin"})
            async with sessions.begin(OTHER):
                pass
        async with sessions.open(NAME):
            pass
        with pytest.raises(StoreError, match="there is one"):
            await sessions.begin(NAME).__aenter__()
        for ask in (sessions.read("20261121-101530-0000"), sessions.ask("20261121-101530-0000", {})):
            with pytest.raises(StoreError, match="there is none"):
                await ask
        with pytest.raises(InvalidValue, match="session"):
            await sessions.read("../passwd")
        assert [NAME, OTHER] == list(await sessions.names())

    on(database_address, act)


_WRITER = """
import asyncio, os, sys
from tradewright.adapters.storage.sql.sessions import SqlSessions
from tradewright.adapters.storage.sql.tables import SIM_TABLES
from tradewright.testing.databases import still_database
async def main():
    async with still_database(sys.argv[1]) as database:
        async with SqlSessions(database, SIM_TABLES, lambda: 1).begin(sys.argv[2]) as journal:
            for n in range(1_000_000):
                await journal.append({"n": n})
                print(n, flush=True)
asyncio.run(main())
"""


def test_what_append_returned_from_survives_a_kill(database_address: str) -> None:
    """SIGKILL at whatever moment: every record that was told of is there, chained, and the next process may write."""
    command = [sys.executable, "-c", _WRITER, database_address, NAME]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for _ in range(20):
            writer.stdout.readline()
        writer.kill()
        told = [int(line) for line in writer.stdout.read().splitlines()]
    last = told[-1] if told else 19

    async def act(sessions: SqlSessions[Simulation], _: Database) -> None:
        for _ in range(100):
            try:
                async with sessions.open(NAME) as journal:
                    assert last <= journal.records[-1]["n"] <= last + 1
                    return await journal.append({"n": -1})
            except StoreError:  # the server has not noticed yet
                await asyncio.sleep(0.02)
        raise AssertionError("the lock of a dead process is still held")

    on(database_address, act)


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ("UPDATE session_records_sim SET record = '{\"n\":9}' WHERE number = 2", 2),
        ("DELETE FROM session_records_sim WHERE number = 2", 2),
        ("UPDATE session_records_sim SET number = 9 WHERE number = 3", 3),
        ("UPDATE session_records_sim SET session = '20261121-101530-4000'", 1),
    ],
)
def test_record_that_was_changed_is_named(database_address: str, change: str, number: int) -> None:
    """Another text, one taken out, one moved, all given to another session."""

    async def act(sessions: SqlSessions[Simulation], database: Database) -> None:
        async with sessions.begin(OTHER):
            pass
        async with sessions.begin(NAME) as journal:
            await journal.append_all([{"n": n} for n in range(4)])
        await run_sql(database, change)
        name = OTHER if OTHER in change else NAME
        for door in (sessions.read(name), sessions.open(name).__aenter__()):
            with pytest.raises(StoreError, match=f"record {number} is not as it was written"):
                await door

    on(database_address, act)


def test_wish_is_dealt_with_in_the_moment_of_its_record(database_address: str) -> None:
    """It waits until then, and goes with the record that does it, or when it is refused."""

    async def act(sessions: SqlSessions[Simulation], _: Database) -> None:
        async with sessions.begin(NAME) as journal:
            for kind in ("pause", "resume", "stop"):
                await sessions.ask(NAME, {"kind": kind})
            waiting = await sessions.asked(NAME)
            assert ["pause", "resume", "stop"] == [record["kind"] for _, record in waiting]
            await journal.append({"kind": "pause"}, answers=waiting[0][0])
            await sessions.answered(NAME, waiting[1][0])
            assert ["stop"] == [record["kind"] for _, record in await sessions.asked(NAME)]
            assert ["", "", None] == [await sessions.answer(NAME, number) for number, _ in waiting]

    on(database_address, act)


def test_answers_are_kept_for_whoever_asked(database_address: str) -> None:
    """The reason of a refusal is told by the number of its wish; numbers never come again, and old answers go."""

    async def act(sessions: SqlSessions[Simulation], _: Database) -> None:
        async with sessions.begin(NAME) as journal:
            numbers = []
            for at in range(103):
                numbers.append(await sessions.ask(NAME, {"kind": "swap", "n": at}))
                await sessions.answered(NAME, numbers[-1], f"refused {at}")
            assert len(set(numbers)) == 103
            assert ["", "refused 3", "refused 102"] == [await sessions.answer(NAME, numbers[at]) for at in (2, 3, 102)]
            done = await sessions.ask(NAME, {"kind": "pause"})
            assert None is await sessions.answer(NAME, done)
            await journal.append({"kind": "pause"}, answers=done)
            assert "" == await sessions.answer(NAME, done)

    on(database_address, act)


def test_a_session_is_at_work_while_somebody_writes_it(database_address: str) -> None:
    """From the moment it is opened until it is closed; to ask that keeps nobody from opening it."""

    async def act(sessions: SqlSessions[Simulation], _: Database) -> None:
        async with sessions.begin(NAME):
            assert (True, False) == (await sessions.is_at_work(NAME), await sessions.is_at_work(OTHER))
        assert not await sessions.is_at_work(NAME)
        async with sessions.open(NAME):
            assert await sessions.is_at_work(NAME)

    on(database_address, act)


def test_journal_that_failed_takes_nothing_more(database_address: str) -> None:
    """Nobody knows what is in it; who opens it again reads what is."""

    async def act(sessions: SqlSessions[Simulation], database: Database) -> None:
        async with sessions.begin(NAME) as journal:
            with pytest.raises(TypeError):
                await journal.append({"n": object()})
            await journal.append({"n": 1})
            row = {"session": NAME, "number": 2, "hash": "", "record": "{}"}
            await database.write(lambda own: own.execute(SIM_TABLES.records.insert(), row))
            with pytest.raises(StoreError, match="refuses"):
                await journal.append({"n": 2})
            with pytest.raises(StoreError, match="failed before"):
                await journal.append({"n": 3})
            await run_sql(database, "DELETE FROM session_records_sim WHERE number = 2")
        assert [{"n": 1}] == list(await sessions.read(NAME))

    on(database_address, act)


def test_live_and_simulated_sessions_do_not_meet(database_address: str) -> None:
    """The same name in both is two sessions, written at once, each in its own tables."""

    async def act(sessions: SqlSessions[Simulation], database: Database) -> None:
        live: SqlSessions[Any] = SqlSessions(database, LIVE_TABLES, lambda: 2)
        async with sessions.begin(NAME) as ours, live.begin(NAME) as theirs:
            await ours.append({"n": 1})
            assert ("live", []) == (theirs.mode, list(await live.read(NAME)))

    on(database_address, act)
