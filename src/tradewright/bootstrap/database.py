"""The database, and what is kept in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from tradewright.bootstrap.settings import DATABASE_URL
from tradewright.bootstrap.wiring import now_ns

if TYPE_CHECKING:
    from tradewright.adapters.storage.sql.database import Database
    from tradewright.bootstrap.settings import Settings
    from tradewright.ports.session_store import LiveSessionStore, SimSessionStore

__all__ = ["database_of", "live_sessions", "opened", "sim_sessions"]


def database_of(settings: Settings) -> Database:
    """The database that the settings name, not yet open.

    Raises:
        InvalidValue: its address is none.
    """
    from tradewright.adapters.storage.sql.address import address_of, file_address
    from tradewright.adapters.storage.sql.database import Database, Pool

    if settings.database_url is None:
        return Database(file_address(settings.data_dir / "tradewright.db"))
    return Database(address_of(settings.database_url, DATABASE_URL), Pool(settings.pool_size, settings.max_overflow))


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """The database, with today's tables; a new one is given them.

    Raises:
        InvalidValue: its address is none.
        StoreError: it cannot be reached, or its tables are older or newer.
    """
    from tradewright.adapters.storage.sql.schema import ready

    async with database_of(settings) as database:
        await ready(database)
        yield database


@asynccontextmanager
async def sim_sessions(settings: Settings) -> AsyncIterator[SimSessionStore]:
    """Journals of paper sessions.

    Raises:
        StoreError: the database cannot be used.
    """
    from tradewright.adapters.storage.sql.sessions import SqlSessions
    from tradewright.adapters.storage.sql.tables import SIM_TABLES

    async with opened(settings) as database:
        yield SqlSessions(database, SIM_TABLES, now_ns)


@asynccontextmanager
async def live_sessions(settings: Settings) -> AsyncIterator[LiveSessionStore]:
    """Journals of live sessions.

    Raises:
        StoreError: the database cannot be used.
    """
    from tradewright.adapters.storage.sql.sessions import SqlSessions
    from tradewright.adapters.storage.sql.tables import LIVE_TABLES

    async with opened(settings) as database:
        yield SqlSessions(database, LIVE_TABLES, now_ns)
