"""Jobs in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.happenings import put_down
from tradewright.adapters.storage.sql.tables import COMMON
from tradewright.domain.errors import Absent
from tradewright.domain.job import ENDED, Headway, Job
from tradewright.ports.happenings import Telling
from tradewright.ports.jobs import JobWish

__all__ = ["SqlJobs"]

_JOBS = COMMON.jobs
_OWN = _JOBS.c
_PLAIN = ("id", "kind", "title", "owner", "created", "priority", "identity", "state", "attempts", "begun", "ended")


class SqlJobs:
    """See `ports.jobs.JobStore`.

    Args:
        database: open.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, job: Job, tellings: Sequence[Telling] = ()) -> None:
        row = {name: getattr(job, name) for name in _PLAIN} | {
            "request": dict(job.request), "fraction": job.headway.fraction, "step": job.headway.step,
            "result": None if job.result is None else dict(job.result),
            "error": None if job.error is None else dict(job.error),
        }  # fmt: skip

        def work(own: Connection) -> None:
            own.execute(delete(_JOBS).where(_OWN.id == job.id))
            own.execute(insert(_JOBS), row)
            put_down(own, tellings)

        await self._database.write(work)

    async def get(self, job_id: str) -> Job:
        async with self._database.reading() as connection:
            row = (await connection.execute(select(_JOBS).where(_OWN.id == job_id))).first()
        if row is None:
            raise Absent(f"there is no job {job_id!r}")
        return _job(row)

    async def jobs(self, wish: JobWish) -> Sequence[Job]:
        wanted = select(_JOBS).order_by(_OWN.created.desc()).limit(wish.most)
        if wish.kind is not None:
            wanted = wanted.where(_OWN.kind == wish.kind)
        if wish.states is not None:
            wanted = wanted.where(_OWN.state.in_(wish.states))
        if wish.owner is not None:
            wanted = wanted.where(_OWN.owner == wish.owner)
        if wish.before is not None:
            wanted = wanted.where(_OWN.created < wish.before)
        return await self._read(wanted)

    async def unfinished(self) -> Sequence[Job]:
        return await self._read(select(_JOBS).where(_OWN.state.not_in(ENDED)).order_by(_OWN.created))

    async def same(self, identity: str) -> Job | None:
        wanted = select(_JOBS).where(_OWN.identity == identity, _OWN.state.not_in(("failed", "cancelled")))
        found = await self._read(wanted.order_by(_OWN.created.desc()).limit(1))
        return found[0] if found else None

    async def forget(self, before: int) -> int:
        return await self._database.write(lambda own: own.execute(delete(_JOBS).where(_OWN.ended < before)).rowcount)

    async def _read(self, wanted: Any) -> list[Job]:
        async with self._database.reading() as connection:
            return [_job(row) for row in (await connection.execute(wanted)).all()]


def _job(row: Row[Any]) -> Job:
    plain = {name: getattr(row, name) for name in _PLAIN}
    headway = Headway(row.fraction, row.step)
    return Job(**plain, request=row.request, headway=headway, result=row.result, error=row.error)
