"""Databases for tests in simulated time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Any

from tradewright.adapters.storage.sql.address import address_of
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.schema import ready
from tradewright.testing.simulated_time import outside

__all__ = ["StillDatabase", "run_sql", "still_database"]


async def run_sql(database: Database, *statements: str) -> None:
    """Do what no part of the program does, in one transaction.

    Args:
        database: open.
        statements: as the driver takes them.
    """

    def work(connection: Any) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    await database.write(work)


class StillDatabase(Database):
    """See `Database`; while it is waited for, simulated time stands still. In real time it is like any other."""

    def waiting(self) -> AbstractContextManager[Any]:
        """See `Database.waiting`."""
        return outside()


@asynccontextmanager
async def still_database(address: str) -> AsyncIterator[Database]:
    """One that is open, with today's tables.

    Args:
        address: as a person writes it.
    """
    async with StillDatabase(address_of(address, "address")) as database:
        await ready(database)
        yield database
