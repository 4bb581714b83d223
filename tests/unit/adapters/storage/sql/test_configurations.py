"""Versions of the configuration, and what processes tell each other, in both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from tradewright.adapters.storage.sql.address import address_of
from tradewright.adapters.storage.sql.bulletin import SqlBulletin
from tradewright.adapters.storage.sql.configurations import SqlConfigHistory
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.schema import ready
from tradewright.testing.config_history_contract import check_config_history
from tradewright.testing.memory_bulletin import check_bulletin


def _with(address: str, act: Callable[[Database], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with Database(address_of(address, "TRADEWRIGHT_DATABASE_URL")) as database:
            await ready(database)
            await act(database)

    asyncio.run(whole())


def test_the_history_of_configurations_is_kept(database_address: str) -> None:
    """The contract of histories, on SQLite and on PostgreSQL."""
    _with(database_address, lambda database: check_config_history(SqlConfigHistory(database)))


def test_the_bulletin_is_kept(database_address: str) -> None:
    """The contract of bulletins, on SQLite and on PostgreSQL."""
    _with(database_address, lambda database: check_bulletin(SqlBulletin(database)))
