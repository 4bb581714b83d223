"""What a database costs while it is full: a record in a journal, and calls of the books with a million rows in each.

Usage: storage.py [--rows 1000000] [--postgres]. Rows are {way, seconds, median, calls}; seconds is the 99th
percentile. SQLite, in a temporary folder; with --postgres also a server of our own, whose disk is flushed as it comes.
"""

from __future__ import annotations

import argparse
import asyncio
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
from tradewright.adapters.storage.sql.books import SqlBooks
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.sessions import SqlSessions
from tradewright.adapters.storage.sql.tables import SIM_TABLES
from tradewright.domain.books import EquityPoint, FillEntry, Find, OrderEntry
from tradewright.ports.audit_log import Deed
from tradewright.testing.databases import still_database
from tradewright.testing.postgres import postgres_cluster, postgres_programs

BTC, NAME, ONE = "BTC/USDT:USDT", "20261121-101530-3f9a", Decimal("1.5")
CALLS, BATCH = 500, 20_000
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


async def filled(database: Database, rows: int) -> None:
    """Put so many rows into each table that is asked afterwards."""
    for table, make in ((SIM_TABLES.orders, order), (SIM_TABLES.fills, fill), (SIM_TABLES.equity, point)):
        names = [column.name for column in table.columns]
        for begin in range(0, rows, BATCH):
            batch = [make(n) for n in range(begin, min(begin + BATCH, rows))]
            values = [{name: getattr(one, name) for name in names} for one in batch]
            await database.write(partial(Connection.execute, statement=insert(table), parameters=values))


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
    say(who="tradewright", way=f"{way}, {kind}", seconds=p99, median=median, calls=CALLS)


async def measure(address: str, rows: int) -> None:
    """Everything, on one database."""
    async with still_database(address) as database:
        await filled(database, rows)
        sessions, books = SqlSessions(database, SIM_TABLES, time.time_ns), SqlBooks(database, SIM_TABLES)
        log = SqlAudit(database)
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
        await timed("audit line added", database, lambda n: log.add([Deed(n, "me", "a", "b", {"n": n})]))


def main() -> None:
    """Measure on SQLite, and where it is wished on PostgreSQL."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--postgres", action="store_true")
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        asyncio.run(measure(f"sqlite:///{folder}/tradewright.db", wish.rows))
    if wish.postgres:
        if (programs := postgres_programs()) is None:
            sys.exit("no PostgreSQL on this machine")
        with postgres_cluster(programs) as cluster:
            asyncio.run(measure(cluster.database("bench"), wish.rows))


if __name__ == "__main__":
    main()
