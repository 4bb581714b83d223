"""Operations on jobs, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict
from urllib.parse import quote

from tradewright.client.sender import Sender

__all__ = ["Jobs"]


class JobError(TypedDict):
    """Why a job failed."""

    allowed: NotRequired[str | None]
    code: str
    detail: str
    field: NotRequired[str | None]
    value: NotRequired[Any]


class JobOut(TypedDict):
    """Work that takes longer than a request."""

    attempts: int
    begun_at: NotRequired[str | None]
    cached: NotRequired[bool]
    created_at: str
    ended_at: NotRequired[str | None]
    error: NotRequired[JobError | None]
    fraction: float
    id: str
    kind: Literal[
        "backtest",
        "sweep",
        "evaluation",
        "strategy_check",
        "drift",
        "download",
        "import",
        "synthetic",
        "data_check",
        "data_repair",
        "features",
    ]
    owner: str
    priority: int
    request: dict[str, Any]
    result: NotRequired[dict[str, Any] | None]
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    step: str
    subject: str
    title: str


class JobPage(TypedDict):
    """A part of the list of jobs."""

    items: list[JobOut]
    next: NotRequired[str | None]


class Missing(TypedDict):
    """Candles that are not stored."""

    end: NotRequired[str | None]
    start: NotRequired[str | None]
    symbol: str
    timeframe: str
    venue: str


class Remedy(TypedDict):
    """A request that would mend it."""

    body: dict[str, Any]
    method: str
    path: str
    title: str


class Jobs:
    """Operations on jobs."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list_jobs(
        self,
        *,
        kind: Literal[
            "backtest",
            "sweep",
            "evaluation",
            "strategy_check",
            "drift",
            "download",
            "import",
            "synthetic",
            "data_check",
            "data_repair",
            "features",
        ]
        | None = None,
        state: list[Literal["queued", "running", "done", "failed", "cancelled"]] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> JobPage:
        """List jobs, newest first, as they stand at this moment."""
        found: JobPage = self._sender.send(
            "GET", "/api/v1/jobs", query={"kind": kind, "state": state, "limit": limit, "cursor": cursor}
        )
        return found

    def read_job(self, job_id: str) -> JobOut:
        """Say how a job stands. Its progress is told as `job.progress` in the stream of events, too."""
        found: JobOut = self._sender.send("GET", f"/api/v1/jobs/{quote(str(job_id), safe='')}")
        return found

    def cancel_job(self, job_id: str) -> JobOut:
        """Cancel a job that waits or runs. One that has ended stays as it is; what it made is not touched."""
        found: JobOut = self._sender.send("DELETE", f"/api/v1/jobs/{quote(str(job_id), safe='')}")
        return found
