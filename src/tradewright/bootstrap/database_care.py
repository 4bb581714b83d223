"""Looking after the database, and reading its books, from where nothing waits."""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tradewright.bootstrap.database import database_of, opened
from tradewright.bootstrap.wiring import now_ns
from tradewright.ports.audit_log import AuditLog, Deed

if TYPE_CHECKING:
    from tradewright.adapters.storage.sql.database import Database
    from tradewright.bootstrap.settings import Settings
    from tradewright.ports.books import Books
    from tradewright.ports.database_care import BackupFacts, DatabaseFindings, DatabaseStatus

__all__ = [
    "back_up_database",
    "check_backup",
    "check_database",
    "database_status",
    "enter",
    "on_audit",
    "on_books",
    "prune_database",
    "restore_database",
    "upgrade_database",
    "user_name",
]

T = TypeVar("T")


def database_status(settings: Settings) -> DatabaseStatus:
    """How it stands, of whatever version its tables are.

    Raises:
        StoreError: it cannot be read.
    """
    from tradewright.adapters.storage.sql.care import status_of

    return _on(database_of(settings), status_of)


def upgrade_database(settings: Settings) -> str | None:
    """Bring its tables to those of the program; gives the version before, None for a new one.

    Raises:
        StoreError: they are newer, or it refuses; nothing has changed.
    """
    from tradewright.adapters.storage.sql.schema import REVISIONS, upgrade

    async def act(database: Database) -> str | None:
        before = await upgrade(database)
        if before != REVISIONS[-1]:
            await _note(database, "database.upgraded", {"from": before, "to": REVISIONS[-1]})
        return before

    return _on(database_of(settings), act)


def back_up_database(settings: Settings, path: Path) -> BackupFacts:
    """Write a backup while others go on writing.

    Raises:
        StoreError: the database cannot be read, or the file not written.
    """
    from tradewright.adapters.storage.sql.backup import back_up

    async def act(database: Database) -> BackupFacts:
        facts = await back_up(database, path, now_ns())
        await _note(database, "database.backed-up", {"file": path.name, "sha256": facts.digest})
        return facts

    return _on(opened(settings), act)


def restore_database(settings: Settings, path: Path, *, force: bool) -> BackupFacts:
    """Put a backup in the place of what is there.

    Raises:
        StoreError: it is damaged, there are rows and no `force`, or the database refuses; nothing has changed.
    """
    from tradewright.adapters.storage.sql.backup import restore

    async def act(database: Database) -> BackupFacts:
        facts = await restore(database, path, force=force)
        await _note(database, "database.restored", {"file": path.name, "sha256": facts.digest})
        return facts

    return _on(database_of(settings), act)


def check_backup(path: Path) -> BackupFacts:
    """Look at every byte of a backup.

    Raises:
        StoreError: it is none, or damaged.
    """
    from tradewright.adapters.storage.sql.backup_file import backup_facts

    return backup_facts(path)


def check_database(settings: Settings) -> DatabaseFindings:
    """Look at all of it.

    Raises:
        StoreError: it cannot be read.
    """
    from tradewright.adapters.storage.sql.care import look_over

    return _on(opened(settings), look_over)


def prune_database(settings: Settings, keep: Mapping[str, int], *, dry: bool) -> dict[str, int]:
    """Throw away what is older than its days; gives the rows by table.

    Raises:
        InvalidValue: no such family, or no number of days.
        StoreError: it refuses; nothing was thrown away.
    """
    from tradewright.adapters.storage.sql.care import prune

    async def act(database: Database) -> dict[str, int]:
        gone = await prune(database, keep, now_ns(), dry=dry)
        if not dry:
            await _note(database, "database.pruned", {"keep": dict(keep), "rows": gone})
        return gone

    return _on(opened(settings), act)


def on_audit(settings: Settings, act: Callable[[AuditLog], Awaitable[T]]) -> T:
    """Do something with the audit log.

    Raises:
        StoreError: the database cannot be used.
    """
    from tradewright.adapters.storage.sql.audit import SqlAudit

    async def whole(database: Database) -> T:
        return await act(SqlAudit(database))

    return _on(opened(settings), whole)


def enter(settings: Settings, action: str, subject: str, details: dict[str, Any]) -> None:
    """Write into the audit log what somebody at this machine has done.

    Args:
        settings: that say where it lies.
        action: what was done, such as `keys.set`.
        subject: to what.
        details: plain data; never a secret.

    Raises:
        StoreError: the database cannot be used.
    """
    on_audit(settings, lambda log: log.add([Deed(now_ns(), user_name(), action, subject, details)]))


def on_books(settings: Settings, act: Callable[[Books[Any]], Awaitable[T]], *, is_live: bool) -> T:
    """Do something with the books of live trading, or of simulation.

    Raises:
        StoreError: the database cannot be used.
    """
    from tradewright.adapters.storage.sql.books import SqlBooks
    from tradewright.adapters.storage.sql.tables import LIVE_TABLES, SIM_TABLES

    async def whole(database: Database) -> T:
        return await act(SqlBooks(database, LIVE_TABLES) if is_live else SqlBooks(database, SIM_TABLES))

    return _on(opened(settings), whole)


def _on(door: AbstractAsyncContextManager[Database], act: Callable[[Database], Awaitable[T]]) -> T:
    async def whole() -> T:
        async with door as database:
            return await act(database)

    return asyncio.run(whole())


async def _note(database: Database, action: str, details: dict[str, Any]) -> None:
    from tradewright.adapters.storage.sql.audit import SqlAudit

    await SqlAudit(database).add([Deed(now_ns(), user_name(), action, database.place, details)])


def user_name() -> str:
    """Who sits at this machine, for what is written in his name."""
    return getpass.getuser()
