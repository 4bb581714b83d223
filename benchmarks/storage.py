"""What a database costs while it is full: a record in a journal, and calls of the books with a million rows in each.

Usage: storage.py [--rows 1000000] [--postgres | --database postgresql+asyncpg://me@host/empty]. Rows are {way, seconds,
median, calls, load}; seconds is the 99th percentile, load what else waits for the machine's cores. Without a database
SQLite, in a temporary folder; with --postgres also a server of our own, whose disk is flushed as it comes. A database
that is named must be empty: a million rows are put into each of four of its tables, and stay.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
from functools import partial
from pathlib import Path

from jobs import say
from sqlalchemy import Connection, insert

from tradewright.adapters.storage.sql.audit import SqlAudit
from tradewright.adapters.storage.sql.books import SqlBooks, SqlMarkets
from tradewright.adapters.storage.sql.care import status_of
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.sessions import SqlSessions
from tradewright.adapters.storage.sql.tables import COMMON, SIM_TABLES
from tradewright.domain.books import EquityPoint, FillEntry, Find, MarketSnapshot, OrderEntry
from tradewright.ports.audit_log import Deed
from tradewright.testing.databases import still_database
from tradewright.testing.postgres import postgres_cluster, postgres_programs

BTC, NAME, ONE = "BTC/USDT:USDT", "20261121-101530-3f9a", Decimal("1.5")
CALLS, BATCH, SYMBOLS = 500, 20_000, 50
RECORD = {
    "kind": "step", "is_missed": False, "ts_open": 1_700_000_000_000_000_000, "ts_close": 1_700_000_060_000_000_000,
    "bars": {f"A{n}/USDT:USDT": [1.5, 2.5, 0.5, 1.25, 1_000.5] for n in range(10)}, "marks": {}, "funding": [],
}  # fmt: skip


def order(n: int) -> OrderEntry:
    """An order of its own."""
    return OrderEntry(f"d{n % 50}", f"c-{n}", BTC, str(n), "buy", "limit", "filled", ONE, ONE, n, n, ONE)


def fill(n: int) -> FillEntry:
    """A fill of its own."""
    return FillEntry("v", BTC, str(n), f"d{n % 50}", f"c-{n}", "buy", ONE, ONE, ONE, "USDT", False, n)


def point(n: int) -> EquityPoint:
    """A point of equity of its own."""
    return EquityPoint(f"d{n % 50}", n, ONE, ONE)


def symbol(n: int) -> str:
    """One of fifty."""
    return f"S{n % SYMBOLS}/USDT:USDT"


def snapshot(n: int) -> MarketSnapshot:
    """A market of its own, one of fifty, at a time."""
    return MarketSnapshot("v", symbol(n), n // SYMBOLS, ONE, ONE, ONE, ONE, facts={"rsi_14": 50.5})


async def filled(database: Database, rows: int) -> None:
    """Put so many rows into each table that is asked afterwards."""
    if (rest := {name: count for name, count in (await status_of(database)).rows.items() if count}) and rows:
        sys.exit(f"{database.place}: not empty: {rest}")
    for table, make in (
        (SIM_TABLES.orders, order), (SIM_TABLES.fills, fill), (SIM_TABLES.equity, point), (COMMON.snapshots, snapshot),
    ):  # fmt: skip
        names = [column.name for column in table.columns]
        for begin in range(0, rows, BATCH):
            batch = [make(n) for n in range(begin, min(begin + BATCH, rows))]
            values = [{name: getattr(one, name) for name in names} for one in batch]
            await database.write(partial(Connection.execute, statement=insert(table), parameters=values))


def fifty(rows: int, n: int) -> list[MarketSnapshot]:
    """All markets at a time that is not there yet."""
    return [snapshot(rows + SYMBOLS * n + one) for one in range(SYMBOLS)]


async def timed(way: str, database: Database, call: Callable[[int], Awaitable[object]]) -> None:
    """Call it many times, one after the other, and say how long it took."""
    times = []
    for n in range(CALLS):
        begin = time.perf_counter()
        await call(n)
        times.append(time.perf_counter() - begin)
    times.sort()
    kind = "PostgreSQL" if database.is_server else "SQLite"
    p99, median = times[CALLS * 99 // 100], times[CALLS // 2]
    say(who="tradewright", way=f"{way}, {kind}", seconds=p99, median=median, calls=CALLS, load=os.getloadavg()[0])


async def measure(address: str, rows: int) -> None:
    """Everything, on one database."""
    async with still_database(address) as database:
        await filled(database, rows)
        sessions, books = SqlSessions(database, SIM_TABLES, time.time_ns), SqlBooks(database, SIM_TABLES)
        log, markets = SqlAudit(database), SqlMarkets(database)
        async with sessions.begin(NAME) as journal:
            await timed("journal append", database, lambda _: journal.append(RECORD))
            await timed("journal append of ten", database, lambda _: journal.append_all([RECORD] * 10))
        await timed("wishes asked for", database, lambda _: sessions.asked(NAME))
        await timed("order put", database, lambda n: books.orders.put([order(7 * n)]))
        await timed("fill put", database, lambda n: books.fills.put([fill(rows + n)]))
        await timed("equity put", database, lambda n: books.equity.put([point(rows + n)]))
        await timed("last 50 fills found", database, lambda n: books.fills.find(Find(f"d{n % 50}", limit=50)))
        await timed("orders of a status found", database, lambda _: books.orders.find(Find(status="filled", limit=50)))
        await timed("equity of a span found", database, lambda n: books.equity.find(Find(since=n, until=n + 500)))
        await timed("snapshots of 50 markets put", database, lambda n: markets.put(fifty(rows, n)))
        await timed(
            "last 50 snapshots found",
            database,
            lambda n: markets.find(Find(None, f"S{n % SYMBOLS}/USDT:USDT", limit=50)),
        )
        await timed("500 old snapshots thrown away", database, lambda _: markets.forget("v", rows, 500))
        await timed("audit line added", database, lambda n: log.add([Deed(n, "me", "a", "b", {"n": n})]))


def main() -> None:
    """Measure on the database that is named; else on SQLite, and where it is wished on PostgreSQL."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--database", help="address of an empty one, such as postgresql+asyncpg://me@host/empty")
    wish = parser.parse_args()
    if wish.database:
        asyncio.run(measure(wish.database, wish.rows))
        return
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        asyncio.run(measure(f"sqlite:///{folder}/tradewright.db", wish.rows))
    if wish.postgres:
        if (programs := postgres_programs()) is None:
            sys.exit("no PostgreSQL on this machine")
        with postgres_cluster(programs) as cluster:
            asyncio.run(measure(cluster.database("bench"), wish.rows))


if __name__ == "__main__":
    main()
