"""Backups while others write, and putting them back, into the same database or the other kind."""

from __future__ import annotations

from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, text

from tradewright.adapters.storage.sql.backup_file import backup_facts, backup_rows, writing_backup
from tradewright.adapters.storage.sql.columns import Exact
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.schema import REVISIONS, upgrade_on, version_of
from tradewright.adapters.storage.sql.tables import METADATA
from tradewright.domain.errors import StoreError
from tradewright.ports.database_care import BackupFacts

__all__ = ["back_up", "restore"]

_BATCH = 1_000


async def back_up(database: Database, path: Path, made: int) -> BackupFacts:
    """Write every row into a file, as all of them stood at one moment; whoever writes meanwhile is not held up.

    Args:
        database: open, with today's tables.
        path: of the file; nothing is there yet.
        made: now, UTC ns.

    Raises:
        StoreError: the database cannot be read, or the file not written; then there is none.
    """
    with writing_backup(path) as file:
        async with database.reading() as connection:
            version = await version_of(connection) or ""
            source = "postgresql" if database.is_server else "sqlite"
            file.begin(version, source, made)
            for table in METADATA.sorted_tables:
                rows = await connection.stream(select(table).order_by(*table.primary_key))
                async for row in rows.mappings():
                    file.row(table.name, {name: _plain(value) for name, value in row.items()})
            digest = file.end()
    return BackupFacts(version, source, made, file.rows, digest)


async def restore(database: Database, path: Path, *, force: bool) -> BackupFacts:
    """Put a backup in the place of what is there, all or nothing.

    Args:
        database: open; it may have no tables yet.
        path: of the file.
        force: what is there may be thrown away.

    Raises:
        StoreError: the file is damaged or of other tables, there are rows and no `force`, or the database refuses;
            nothing has changed.
    """
    facts = backup_facts(path)
    if facts.version != REVISIONS[-1]:
        raise StoreError(
            f"{path}: made with tables {facts.version}, this program has {REVISIONS[-1]}; restore it with the version "
            "that made it, then: tradewright db upgrade"
        )

    def work(own: Connection) -> None:
        upgrade_on(own, database.place)
        _make_room(own, database.place, force=force)
        for table in METADATA.sorted_tables:
            if facts.rows.get(table.name):
                _fill(own, table, path)
            if database.is_server:
                _count_on(own, table)

    await database.write(work)
    return facts


def _make_room(connection: Connection, place: str, *, force: bool) -> None:
    for table in reversed(METADATA.sorted_tables):
        rows = int(connection.scalar(select(func.count()).select_from(table)) or 0)
        if rows and not force:
            raise StoreError(
                f"database {place}: table {table.name} has {rows:,} rows; with --force they are thrown away"
            )
        if rows:
            connection.execute(delete(table))


def _fill(connection: Connection, table: Table, path: Path) -> None:
    rows = (_row(table, values) for name, values in backup_rows(path) if name == table.name)
    while batch := list(islice(rows, _BATCH)):
        connection.execute(insert(table), batch)


def _count_on(connection: Connection, table: Table) -> None:
    # Rows that brought their numbers with them leave PostgreSQL's counter behind.
    column = table.autoincrement_column
    if column is not None:
        last = connection.scalar(select(func.max(column)))
        if last is not None:
            words = text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)")
            connection.execute(words, {"table": table.name, "column": column.name, "last": last})


def _plain(value: Any) -> Any:
    return format(value, "f") if isinstance(value, Decimal) else value


def _row(table: Table, values: dict[str, Any]) -> dict[str, Any]:
    exact = {column.name for column in table.columns if isinstance(column.type, Exact)}
    try:
        return {
            name: Decimal(value) if name in exact and value is not None else value for name, value in values.items()
        }
    except (ArithmeticError, TypeError) as error:
        raise StoreError(f"table {table.name}: a row of the backup cannot be read ({error!r})") from error
