"""Backups: of either database into either, all or nothing, and never from a damaged file."""

from __future__ import annotations

import asyncio
import gzip
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from tradewright.adapters.storage.sql.address import address_of
from tradewright.adapters.storage.sql.audit import SqlAudit
from tradewright.adapters.storage.sql.backup import back_up, restore
from tradewright.adapters.storage.sql.backup_file import backup_facts
from tradewright.adapters.storage.sql.books import SqlBooks
from tradewright.adapters.storage.sql.care import look_over, prune, status_of
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.schema import REVISIONS
from tradewright.adapters.storage.sql.sessions import SqlSessions
from tradewright.adapters.storage.sql.tables import LIVE_TABLES, SIM_TABLES
from tradewright.domain.books import EquityPoint, ExitEntry, OrderEntry, PositionEntry, TradeEntry, TradeNote
from tradewright.domain.errors import InvalidValue, StoreError
from tradewright.ports.audit_log import Deed
from tradewright.testing.databases import run_sql, still_database

NAME = "20261121-101530-3f9a"
ODD = Decimal("0.100000000000000000001")
DAY = 86_400_000_000_000


def on(address: str, act: Callable[[Database], Awaitable[None]]) -> None:
    """Do something with a database that has its tables."""

    async def whole() -> None:
        async with still_database(address) as database:
            await act(database)

    asyncio.run(asyncio.wait_for(whole(), 60))


async def fill(database: Database) -> None:
    """Something of everything that hangs on something."""
    sessions = SqlSessions(database, SIM_TABLES, lambda: 1)
    async with sessions.begin(NAME) as journal:
        await journal.append_all([{"n": n, "x": 0.1} for n in range(2_500)])
    await sessions.ask(NAME, {"kind": "pause"})
    await SqlBooks(database, LIVE_TABLES).equity.put([EquityPoint("d", 1, ODD, ODD)])
    await SqlBooks(database, SIM_TABLES).notes.put([TradeNote("d", 1, 1, "me", "why?")])
    await SqlAudit(database).add([Deed(1, "me", "a", "b", {})])


async def check(database: Database) -> None:
    """All that `fill` wrote is there, and more may be written."""
    sessions = SqlSessions(database, SIM_TABLES, lambda: 1)
    async with sessions.open(NAME) as journal:
        assert 2_500 == len(journal.records)
        await journal.append({"n": -1})
    await sessions.ask(NAME, {"kind": "resume"})
    assert ["pause", "resume"] == [record["kind"] for _, record in await sessions.asked(NAME)]
    assert [ODD] == [point.equity for point in await SqlBooks(database, LIVE_TABLES).equity.find()]
    assert "" == (await SqlAudit(database).verify()).damage
    await SqlAudit(database).add([Deed(2, "me", "a", "b", {})])
    await SqlBooks(database, SIM_TABLES).notes.put([TradeNote("d", 1, 2, "me", "so!")])
    assert () == (await look_over(database)).damage


def test_backup_of_one_is_restored_into_the_other(database_address: str, tmp_path: Path) -> None:
    """Into an empty SQLite and from there back: every row, every digit, every chain; numbers are counted on."""
    file, again, other = tmp_path / "one.twb", tmp_path / "two.twb", f"sqlite:///{tmp_path}/other.db"

    async def save(database: Database) -> None:
        await fill(database)
        facts = await back_up(database, file, 7)
        assert facts == backup_facts(file)
        assert 2_500 == facts.rows["session_records_sim"]
        with pytest.raises(StoreError, match="not overwritten"):
            await back_up(database, file, 7)

    async def put_back(database: Database) -> None:
        await restore(database, file, force=False)
        await back_up(database, again, 7)
        await check(database)

    async def replaced(database: Database) -> None:
        with pytest.raises(StoreError, match="--force"):
            await restore(database, again, force=False)
        await restore(database, again, force=True)
        await check(database)

    on(database_address, save)
    on(other, put_back)
    on(database_address, replaced)


def test_damaged_backup_is_refused_by_name(tmp_path: Path) -> None:
    """Cut, changed, another file: the name is told, and the database is as before."""
    file, address = tmp_path / "one.twb", f"sqlite:///{tmp_path}/tradewright.db"

    async def save(database: Database) -> None:
        await fill(database)
        await back_up(database, file, 7)

    on(address, save)
    packed, plain = file.read_bytes(), gzip.decompress(file.read_bytes())
    lines = plain.splitlines(keepends=True)
    wrong = {
        "cut": packed[:-20],
        "turned": packed[:200] + bytes([packed[200] ^ 1]) + packed[201:],
        "without its end": gzip.compress(b"".join(lines[:-1])),
        "without a row": gzip.compress(b"".join([*lines[:5], *lines[6:]])),
        "with another digit": gzip.compress(plain.replace(b"0.100000000000000000001", b"0.100000000000000000002")),
        "of other tables": gzip.compress(b'{"format":"another"}\n'),
        "no lines": gzip.compress(b"7\n"),
        "no backup": b"hello",
    }

    async def put_back(database: Database) -> None:
        for name, content in wrong.items():
            damaged = tmp_path / f"{name}.twb"
            damaged.write_bytes(content)
            with pytest.raises(StoreError, match=f"{name}.twb: .*nothing was restored"):
                await restore(database, damaged, force=True)
        with pytest.raises(StoreError, match="no such file"):
            await restore(database, tmp_path / "nowhere", force=True)
        await check(database)

    on(address, put_back)


def test_newer_tables_and_older_ones_are_refused(tmp_path: Path) -> None:
    """With what to do about it; of an unknown version nothing is upgraded."""
    path = tmp_path / "tradewright.db"

    async def look(database: Database) -> None:
        assert REVISIONS[-1] == (await status_of(database)).version

    on(f"sqlite:///{path}", look)
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match=r"9999.*upgrade the program"):
        on(f"sqlite:///{path}", look)


def test_old_rows_go_and_open_ones_stay(database_address: str) -> None:
    """An open order, a position that is held, a trade that has not ended: all stay. Counting is not doing."""

    async def act(database: Database) -> None:
        now, zero = 100 * DAY, Decimal("0.00")
        for tables in (SIM_TABLES, LIVE_TABLES):
            books = SqlBooks(database, tables)
            await books.orders.put(
                [OrderEntry("d", f"{status}{ts}", "s", "", "buy", "limit", status, ODD, zero, 1, ts)
                 for status in ("open", "filled") for ts in (1, now)]
            )  # fmt: skip
            await books.positions.put([PositionEntry("d", s, "", q, 1) for s, q in (("flat", zero), ("held", ODD))])
            await books.trades.put([TradeEntry("d", 1, "s", "long", 1, ODD, ODD, ts_exit=2),
                                    TradeEntry("d", 2, "s", "long", 1, ODD, ODD)])  # fmt: skip
            await books.exits.put([ExitEntry("d", n, 1, 1, ODD, ODD, ODD, "half") for n in (1, 2)])
            await books.notes.put([TradeNote("d", n, 1, "me", "x") for n in (1, 2)])
            await books.equity.put([EquityPoint("d", ts, ODD, ODD) for ts in (1, now)])
        keep = {"orders": 30, "positions": 30, "trades": 30, "equity": 30, "snapshots": 1, "pending": 1, "fills": 1}
        counted = await prune(database, keep, now, dry=True)
        assert counted == await prune(database, keep, now, dry=False)
        for tables in (SIM_TABLES, LIVE_TABLES):
            books = SqlBooks(database, tables)
            assert {"open1", f"open{now}", f"filled{now}"} == {one.client_id for one in await books.orders.find()}
            assert ["held"] == [one.symbol for one in await books.positions.find()]
            assert [[2]] * 3 == [
                [one.number for one in await books.trades.find()],
                [one.trade for one in await books.exits.find()],
                [one.trade for one in await books.notes.find()],
            ]
            assert [now] == [one.ts for one in await books.equity.find()]
        assert sum(counted.values()) == 2 * (1 + 1 + 1 + 1 + 1 + 1)
        for wrong in ({"audit": 1}, {"orders": 0}):
            with pytest.raises(InvalidValue, match="--keep"):
                await prune(database, wrong, now, dry=True)

    on(database_address, act)


def test_damage_is_found(database_address: str) -> None:
    """A record that was changed is named with its session; the audit log too; status counts every row."""

    async def act(database: Database) -> None:
        await fill(database)
        assert () == (await look_over(database)).damage
        status = await status_of(database)
        assert (2_500, 1) == (status.rows["session_records_sim"], status.rows["audit_log"])
        assert status.bytes > 100_000
        change = "UPDATE session_records_sim SET record = '{}' WHERE number = 77"
        await run_sql(database, change, "UPDATE audit_log SET actor = 'x'")
        damage = (await look_over(database)).damage
        assert [f"session {NAME}: record 77", "audit log: line 1 is"] == [one[: len(w)] for one, w in zip(
            damage, (f"session {NAME}: record 77", "audit log: line 1 is"), strict=True)]  # fmt: skip

    on(database_address, act)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("mysql://me:hunter2@host/db", "mysql"),
        ("nonsense hunter2", "sqlite:///FILE"),
        ("postgresql://me:hunter2@host", "with the database named"),
        ("sqlite://", "with the database named"),
        ("postgresql+psycopg://me:hunter2@host/db", "postgresql"),
    ],
)
def test_bad_address_is_refused_without_its_password(address: str, words: str) -> None:
    """By the setting's name, and with what is allowed."""
    with pytest.raises(InvalidValue, match=words) as refused:
        address_of(address, "TRADEWRIGHT_DATABASE_URL")
    assert "hunter2" not in str(refused.value)
    assert "TRADEWRIGHT_DATABASE_URL" in str(refused.value)


def test_server_that_is_not_there_is_told_without_the_password() -> None:
    """Who, where and which; nothing else."""
    with pytest.raises(StoreError, match="cannot be reached") as refused:
        on("postgresql://me:hunter2@127.0.0.1:1/db", check)
    assert "me@127.0.0.1:1/db" in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    """A folder in its place, and another file."""
    (tmp_path / "other").write_text("hello " * 1_000)
    (tmp_path / "folder").mkdir()
    for name, words in (("other", "no database"), ("folder", "cannot be opened"), ("other/x", "cannot be written")):
        with pytest.raises(StoreError, match=words):
            on(f"sqlite:///{tmp_path}/{name}", check)


def test_backup_while_a_session_writes_has_whole_entries_and_can_be_gone_on_from(
    database_address: str, tmp_path: Path
) -> None:
    """Each of several is the journal as it stood at one moment, chain and all, and can be gone on from."""
    entry, files = 3, [tmp_path / f"{n}.twb" for n in range(4)]
    written: list[dict[str, int]] = []

    async def save(database: Database) -> None:
        sessions, over = SqlSessions(database, SIM_TABLES, lambda: 1), asyncio.Event()

        async def write() -> None:
            async with sessions.begin(NAME) as journal:
                while not over.is_set():
                    rows = [{"n": len(written) + n} for n in range(entry)]
                    await journal.append_all(rows)
                    written.extend(rows)

        writing = asyncio.create_task(write())
        lengths = [len(written)]
        for file in files:
            while len(written) < lengths[-1] + 30:  # noqa: ASYNC110 - the writer does not wait for us
                await asyncio.sleep(0)
            await back_up(database, file, 7)
            lengths.append(len(written))
        over.set()
        await writing
        assert lengths == sorted(set(lengths))

    on(database_address, save)
    sizes = []
    for file in files:

        async def go_on(database: Database, file: Path = file) -> None:
            await restore(database, file, force=False)
            sessions = SqlSessions(database, SIM_TABLES, lambda: 1)
            async with sessions.open(NAME) as journal:
                found = [dict(record) for record in journal.records]
                sizes.append(len(found))
                assert found == written[: len(found)]
                await journal.append({"n": -1})
            assert () == (await look_over(database)).damage

        on(f"sqlite:///{file.with_suffix('.db')}", go_on)
    assert sizes == sorted(sizes)
    assert sizes[0] >= 30
    assert [0] * len(files) == [size % entry for size in sizes]
