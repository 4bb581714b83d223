"""Jobs in both databases."""

from __future__ import annotations

import asyncio

import pytest

from tradewright.adapters.storage.sql.jobs import SqlJobs
from tradewright.domain.errors import Absent
from tradewright.testing.databases import still_database
from tradewright.testing.memory_jobs import check_jobs


def test_jobs_are_kept(database_address: str) -> None:
    """The contract of stores of jobs, on SQLite and on PostgreSQL."""

    async def act() -> None:
        async with still_database(database_address) as database:
            await check_jobs(SqlJobs(database))
            with pytest.raises(Absent, match="no job"):
                await SqlJobs(database).get("20200101-000000-0000")

    asyncio.run(act())
