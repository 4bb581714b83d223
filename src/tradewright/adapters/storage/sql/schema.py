"""Which tables a database has: none yet, today's, older ones, or those of a newer program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from tradewright.adapters.storage.sql.database import Database, alone
from tradewright.domain.errors import StoreError

if TYPE_CHECKING:
    from alembic.config import Config

__all__ = ["REVISIONS", "alembic_config", "ready", "upgrade", "upgrade_on", "version_of"]

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009")
"""Every step of the tables, oldest first, as in `migrations/versions`: to import those takes a third of a second."""
_MIGRATIONS = Path(__file__).with_name("migrations")
_UPGRADE = 7_301_001
_NEWER = "its tables ({}) are of a newer version of the program than this one, which knows {}; upgrade the program"
_OLDER = "its tables ({}) are older than the program's ({}); back it up, then: tradewright db upgrade"


async def ready(database: Database) -> None:
    """Make the tables of a new database; refuse one whose tables are not today's.

    Raises:
        StoreError: they are older, or newer, or it cannot be read.
    """
    async with database.reading() as connection:
        version = await version_of(connection)
    if version is None:
        await upgrade(database)
    elif version != REVISIONS[-1]:
        words = _OLDER if version in REVISIONS else _NEWER
        raise StoreError(f"database {database.place}: {words.format(version, REVISIONS[-1])}")


async def upgrade(database: Database) -> str | None:
    """Bring the tables to what the program knows, all steps or none; gives the version before, None for a new one.

    Raises:
        StoreError: they are newer than the program, or the database refuses; nothing has changed.
    """
    return await database.write(lambda own: upgrade_on(own, database.place))


def upgrade_on(connection: Connection, place: str) -> str | None:
    """The same in a transaction that writes, as a part of it.

    Args:
        connection: of the transaction.
        place: of the database, as it may be shown.

    Raises:
        StoreError: they are newer than the program.
    """
    alone(connection, _UPGRADE)
    before = version_on(connection)
    if before is not None and before not in REVISIONS:
        raise StoreError(f"database {place}: {_NEWER.format(before, REVISIONS[-1])}")
    if before != REVISIONS[-1]:
        from alembic import command  # noqa: PLC0415 - it takes a third of a second, and is seldom needed

        command.upgrade(alembic_config(connection), "head")
    return before


async def version_of(connection: AsyncConnection) -> str | None:
    """The step at which the tables stand; None where there are none."""
    return await connection.run_sync(version_on)


def version_on(connection: Connection) -> str | None:
    """As `version_of`."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def alembic_config(connection: Connection) -> Config:
    """What Alembic is told, to work on this connection."""
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
