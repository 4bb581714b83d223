"""Connections to a database server: as many as the configuration says."""

from __future__ import annotations

import asyncio

from sqlalchemy.pool import QueuePool

from tradewright.adapters.storage.sql.database import Database
from tradewright.bootstrap.config.reading import Sources, read
from tradewright.bootstrap.database import database_of
from tradewright.bootstrap.settings import settings_of


def pool_of(database: Database) -> QueuePool:
    """Of a database; nothing is connected to."""

    async def act() -> QueuePool:
        async with database:
            assert database._engine is not None
            pool = database._engine.sync_engine.pool
            assert isinstance(pool, QueuePool)
            return pool

    return asyncio.run(act())


def configured(**environment: str) -> Database:
    """The database of a configuration."""
    address = {"TRADEWRIGHT_DATABASE_URL": "postgresql://somebody@127.0.0.1:9/nothing"}
    return database_of(settings_of(read(Sources(address | environment))[0]))


def test_pool_is_as_large_as_the_configuration_says() -> None:
    """So many are kept open, and so many beyond them are lent out, no more."""
    pool = pool_of(configured(TRADEWRIGHT_STORAGE_POOL_SIZE="3", TRADEWRIGHT_STORAGE_MAX_OVERFLOW="2"))
    assert (3, 2) == (pool.size(), pool._max_overflow)


def test_sessions_have_as_many_connections_as_they_need_where_nothing_is_said() -> None:
    """Each holds one: a limit that nobody asked for would stop the next one from trading."""
    pool = pool_of(configured())
    assert (10, -1) == (pool.size(), pool._max_overflow)
