"""What may be wrong with the machine of a live session that is killed again and again: its database, disk and clock."""

from __future__ import annotations

import asyncio
import random
import resource
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from tradewright.adapters.storage.sql.address import address_of, file_of
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.tables import SIM_TABLES
from tradewright.domain.errors import StoreError
from tradewright.testing.venues import WallClock

__all__ = ["ILLS", "SetClock", "fail_store", "hold_locks", "ills_of"]

ILLS = {
    "locks": "another connection holds the lock without which nothing is written, for up to 0.6 s at a time",
    "fails": "in some lives the disk is full at some moment; with a server, all connections to it are cut",
    "jumps": "the clock of the process is set, by up to a day, twice a second",
    "confirms": "orders that open a position wait for somebody: they are confirmed, twice at once, rejected, or left",
}
"""Every ill, and what it does."""
_TABLES = ", ".join(one.name for one in (SIM_TABLES.sessions, SIM_TABLES.records, SIM_TABLES.wishes))
_LOCK = f"LOCK TABLE {_TABLES} IN ACCESS EXCLUSIVE MODE"
_CUT = ("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid()")  # fmt: skip
_DAY_NS = 86_400_000_000_000
_ROOM = 30_000  # bytes that are left on the disk at most: less than one entry of a journal to some of them


def ills_of(seed: int) -> frozenset[str]:
    """Those of one playing. Over four seeds each ill is there, and one playing has none of the last two."""
    chance = random.Random(f"ills {seed}")  # noqa: S311 - no secret
    drawn = {name for name in ("locks", "fails") if chance.random() < 0.5}  # noqa: PLR2004 - a share
    return frozenset(drawn | {name for bit, name in ((1, "confirms"), (2, "jumps")) if seed & bit})


class SetClock(WallClock):
    """A clock that somebody sets while the process runs; what passes, passes.

    Args:
        seed: by how much.
        is_set: it is; else it goes as it should.
    """

    def __init__(self, seed: int, *, is_set: bool) -> None:
        super().__init__()
        self._seed, self._is_set, self._since = seed, is_set, time.monotonic()

    def now_ns(self) -> int:
        """Its time, UTC ns."""
        ahead = 0
        if self._is_set and (times := int((time.monotonic() - self._since) / 0.5)):
            ahead = random.Random(f"{self._seed} {times}").randint(-_DAY_NS, _DAY_NS)  # noqa: S311 - no secret
        return super().now_ns() + ahead


def hold_locks(seed: int, address: str) -> None:
    """Hold the lock of a database again and again, until the process ends.

    Args:
        seed: for how long.
        address: of the database.
    """
    chance, url = random.Random(f"locks {seed}"), address_of(address, "address")  # noqa: S311 - no secret
    file = file_of(url)
    while True:
        time.sleep(chance.uniform(0.5, 2.5))
        seconds = chance.uniform(0.05, 0.6)
        with suppress(StoreError, sqlite3.OperationalError):
            if file is None:
                asyncio.run(_lock_tables(url, seconds))
            else:
                _lock_file(file, seconds)


def _lock_file(file: Path, seconds: float) -> None:
    with closing(sqlite3.connect(file, timeout=5.0, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        connection.execute("ROLLBACK")


async def _lock_tables(url: Any, seconds: float) -> None:
    def work(own: Any) -> None:
        own.exec_driver_sql(_LOCK)
        own.exec_driver_sql(f"SELECT pg_sleep({seconds})")

    async with Database(url) as database:
        await database.write(work)


async def fail_store(database: Database, after_s: float, room: float) -> None:
    """Let what is stored fail once: the disk is full for this process, or its server throws everybody out.

    Args:
        database: open.
        after_s: when.
        room: that is left on the disk, a share of what is too little for a session.
    """
    await asyncio.sleep(after_s)
    if (file := file_of(database.url)) is None:
        async with database.held() as connection, database.reading_by(connection):
            await connection.exec_driver_sql(_CUT)
        return
    _leave_room(Path(f"{file}-wal"), round(room * _ROOM))


def _leave_room(file: Path, room: int) -> None:
    # A write beyond it fails, in part or as a whole, as it does on a disk that is full.
    most = (file.stat().st_size if file.exists() else 0) + room
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
