"""Jobs in both databases."""

from __future__ import annotations

import asyncio

import pytest

from tradewright.adapters.storage.sql.happenings import SqlHappenings
from tradewright.adapters.storage.sql.jobs import SqlJobs
from tradewright.domain.errors import Absent, StoreError
from tradewright.ports.happenings import Telling
from tradewright.testing.databases import still_database
from tradewright.testing.memory_jobs import check_jobs, made_job


def test_jobs_are_kept(database_address: str) -> None:
    """The contract of stores of jobs, on SQLite and on PostgreSQL; a job and what is told of it: both, or neither."""

    async def act() -> None:
        async with still_database(database_address) as database:
            await check_jobs(SqlJobs(database))
            with pytest.raises(Absent, match="no job"):
                await SqlJobs(database).get("20200101-000000-0000")
            assert [] == list(await SqlHappenings(database).after(0))
            await SqlJobs(database).put(made_job(9), [Telling("job.changed", {"id": "a"}, 7)])
            with pytest.raises(StoreError):
                await SqlJobs(database).put(made_job(10, title=None), [Telling("job.changed", {"id": "b"}, 8)])
            assert [{"id": "a"}] == [one.data for one in await SqlHappenings(database).after(0)]

    asyncio.run(act())
