"""Jobs, as they are answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, Field

from tradewright.api.paging import Page
from tradewright.domain.job import Job, JobKind, JobState
from tradewright.domain.times import iso

__all__ = ["JobError", "JobOut", "JobPage"]


class JobError(BaseModel):
    """Why a job failed."""

    code: str = Field(examples=["strategy"])
    detail: str
    field: str | None = None
    value: Any = None
    allowed: str | None = None


class JobOut(BaseModel):
    """Work that takes longer than a request."""

    id: str = Field(description="What it makes has the same id.", examples=["20261121-101530-3f9a"])
    kind: JobKind
    title: str = Field(examples=["simple_test on BTC/USDT:USDT, 1h"])
    subject: str = Field(
        description="What it is about, in names alone: with `kind`, a title in any language.",
        examples=["simple_test · BTC/USDT:USDT · 1h"],
    )
    state: JobState
    priority: int = Field(description="0 to 9; the highest is done first.", examples=[5])
    fraction: float = Field(description="How much of it is done, from 0 to 1.", examples=[0.4])
    step: str = Field(description="What is being done.", examples=["running"])
    owner: str
    created_at: str = Field(examples=["2026-11-21T10:15:30Z"])
    begun_at: str | None = Field(None, description="The last attempt.")
    ended_at: str | None = None
    attempts: int = Field(description="How often it was begun.", examples=[1])
    request: dict[str, Any] = Field(description="What was asked for, in full.")
    result: dict[str, Any] | None = Field(None, description="What it gave.", examples=[{"result_id": "…"}])
    error: JobError | None = None
    cached: bool = Field(False, description="The same had been asked before: this is that job.")

    @classmethod
    def of(cls, job: Job, *, cached: bool = False) -> Self:
        """A job as an answer."""
        return cls(
            id=job.id, kind=job.kind, title=job.title, subject=job.subject, state=job.state, priority=job.priority,
            fraction=job.headway.fraction, step=job.headway.step, owner=job.owner, created_at=iso(job.created),
            begun_at=None if job.begun is None else iso(job.begun),
            ended_at=None if job.ended is None else iso(job.ended), attempts=job.attempts, request=_shown(job.request),
            result=None if job.result is None else dict(job.result),
            error=None if job.error is None else JobError(**job.error), cached=cached,
        )  # fmt: skip


def _shown(request: Mapping[str, Any]) -> dict[str, Any]:
    # Where a file lies, and a venue's address, are the machine's own business.
    return {name: value for name, value in request.items() if name not in ("path", "url")}


class JobPage(Page[JobOut]):
    """A part of the list of jobs."""
