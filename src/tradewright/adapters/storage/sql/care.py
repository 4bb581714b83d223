"""Looking after a database: how it stands, whether all of it is as it was written, and throwing away what is old."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Table,
    and_,
    cast,
    delete,
    exists,
    func,
    inspect,
    not_,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from tradewright.adapters.storage.sql.address import file_of
from tradewright.adapters.storage.sql.audit import audit_verdict
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.schema import REVISIONS, version_of
from tradewright.adapters.storage.sql.sessions import records_of
from tradewright.adapters.storage.sql.tables import COMMON, LIVE_TABLES, METADATA, SIM_TABLES, Tables
from tradewright.domain.enums import OrderStatus
from tradewright.domain.errors import InvalidValue, StoreError
from tradewright.domain.orders import OPEN_STATUSES
from tradewright.ports.database_care import FAMILIES, DatabaseFindings, DatabaseStatus

__all__ = ["look_over", "prune", "status_of"]

_DAY = 86_400_000_000_000
_OPEN = [OrderStatus(status).name.lower() for status in OPEN_STATUSES]
_MODES: tuple[Tables[Any], ...] = (LIVE_TABLES, SIM_TABLES)


async def status_of(database: Database) -> DatabaseStatus:
    """How a database stands; its tables may be of any version.

    Raises:
        StoreError: it cannot be read.
    """
    async with database.reading() as connection:
        version = await version_of(connection)
        there = set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))
        rows = {
            table.name: int(await connection.scalar(select(func.count()).select_from(table)) or 0)
            for table in sorted(METADATA.tables.values(), key=lambda table: table.name)
            if table.name in there
        }
        snapshots = COMMON.snapshots
        oldest = await connection.scalar(select(func.min(snapshots.c.ts))) if snapshots.name in there else None
        if database.is_server:
            size = int(await connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
        else:
            size = sum(_size(database, end) for end in ("", "-wal"))
    kind = "postgresql" if database.is_server else "sqlite"
    return DatabaseStatus(database.place, kind, version or "", REVISIONS[-1], size, rows, oldest)


async def look_over(database: Database) -> DatabaseFindings:
    """Look at all of a database: its pages, its references, and every chain of journals and of the audit log.

    Raises:
        StoreError: it cannot be read.
    """
    checked, damage = ["references between tables"], list[str]()
    async with database.reading() as connection:
        if not database.is_server:
            checked.insert(0, "pages of the file")
            damage += [row for row in await connection.scalars(text("PRAGMA integrity_check")) if row != "ok"]
            broken = (await connection.execute(text("PRAGMA foreign_key_check"))).all()
            damage += [f"table {row[0]}: row {row[1]} names one of {row[2]} that is not there" for row in broken]
        for tables in _MODES:
            names = list(await connection.scalars(select(tables.sessions.c.name).order_by(tables.sessions.c.name)))
            checked.append(f"{len(names)} journals in {tables.records.name}")
            damage += await _journals(connection, tables, names)
        verdict = await audit_verdict(connection)
        checked.append(f"{verdict.lines} lines of the audit log")
        damage += [f"audit log: {verdict.damage}"] if verdict.damage else []
    return DatabaseFindings(tuple(checked), tuple(damage))


async def prune(database: Database, keep: Mapping[str, int], now: int, *, dry: bool) -> dict[str, int]:
    """Throw away what is older than its days, live and simulated; gives how many rows of each table.

    Args:
        database: open.
        keep: days by family: see `FAMILIES`.
        now: UTC ns.
        dry: only count.

    Raises:
        InvalidValue: there is no such family, or the days are none.
        StoreError: the database refuses; nothing was thrown away.
    """
    for family, days in keep.items():
        if family not in FAMILIES:
            raise InvalidValue("--keep", family, f"one of {', '.join(FAMILIES)}")
        if days < 1:
            raise InvalidValue("--keep", f"{family}={days}", "a whole number of days above 0")
    old = [one for family, days in keep.items() for one in _old(family, now - days * _DAY)]

    def work(own: Connection) -> dict[str, int]:
        gone = {}
        for one in old:
            wanted = select(func.count()).select_from(one.table).where(one.which)
            gone[one.table.name] = int(own.scalar(wanted) or 0)
            if not dry:
                own.execute(delete(one.table).where(one.which))
        return gone

    return await database.write(work)


class _Old(NamedTuple):
    table: Table
    which: ColumnElement[bool]


def _old(family: str, before: int) -> list[_Old]:
    # What goes of a family. What is still open never does.
    if family == "snapshots":
        return [_Old(COMMON.snapshots, COMMON.snapshots.c.ts < before)]
    return [old for tables in _MODES for old in _old_of(tables, family, before)]


def _old_of(tables: Tables[Any], family: str, before: int) -> list[_Old]:
    table: Table = getattr(tables, family)
    own = table.c
    if family == "trades":
        which = and_(own.ts_exit.is_not(None), own.ts_exit < before)
        parts = [(part, exists().where(which, own.deployment == part.c.deployment, own.number == part.c.trade))
                 for part in (tables.exits, tables.notes)]  # fmt: skip
        return [*(_Old(part, of_it) for part, of_it in parts), _Old(table, which)]
    if family == "orders":
        return [_Old(table, and_(not_(own.status.in_(_OPEN)), own.updated < before))]
    if family == "positions":
        return [_Old(table, and_(cast(own.quantity, Float) == 0.0, own.updated < before))]
    if family == "pending":
        return [_Old(table, and_(not_(own.status.in_(("waiting", "confirmed"))), own.created < before))]
    return [_Old(table, own.ts < before)]


async def _journals(connection: AsyncConnection, tables: Tables[Any], names: list[str]) -> list[str]:
    damage = []
    for name in names:
        try:
            await records_of(connection, tables, name)
        except StoreError as error:
            damage.append(str(error))
    return damage


def _size(database: Database, end: str) -> int:
    file = file_of(database.url)
    if file is None:
        return 0
    part = file.with_name(file.name + end)
    return part.stat().st_size if part.exists() else 0
