"""Work that takes longer than a request."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from tradewright.api.asking import Serving, Trader, Viewer
from tradewright.api.models.jobs import JobOut, JobPage
from tradewright.api.models.plain import ResultId
from tradewright.api.paging import Cursor, Limit, place_of, written
from tradewright.api.problems import problems
from tradewright.domain.job import JobKind, JobState
from tradewright.ports.jobs import JobWish

__all__ = ["router"]

router = APIRouter(prefix="/jobs", tags=["jobs"])

JobId = Annotated[ResultId, Path(description="Of the job.")]


@router.get("")
async def list_jobs(
    server: Serving,
    _: Viewer,
    kind: JobKind | None = None,
    state: Annotated[list[JobState] | None, Query(max_length=5, description="In one of these states.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> JobPage:
    """List jobs, newest first, as they stand at this moment."""
    place = place_of(cursor, int)
    before = place[0] if place else None
    found = await server.jobs.jobs(JobWish(kind, state, before=before, most=limit + 1))
    items = [JobOut.of(job) for job in found[:limit]]
    return JobPage(items=items, next=written(found[limit - 1].created) if len(found) > limit else None)


@router.get("/{job_id}", responses=problems(404))
async def read_job(server: Serving, _: Viewer, job_id: JobId) -> JobOut:
    """Say how a job stands. Its progress is told as `job.progress` in the stream of events, too."""
    return JobOut.of(await server.jobs.get(job_id))


@router.delete("/{job_id}", responses=problems(404))
async def cancel_job(server: Serving, _: Trader, job_id: JobId) -> JobOut:
    """Cancel a job that waits or runs. One that has ended stays as it is; what it made is not touched."""
    return JobOut.of(await server.jobs.cancel(job_id))
