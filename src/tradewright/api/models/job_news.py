"""What is told of jobs and results while they happen."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from tradewright.api.models.jobs import JobError
from tradewright.domain.job import JobKind, JobState

__all__ = ["HeadwayData", "JobData", "ResultData", "ResultIdData", "ResultIdsData"]


class JobData(BaseModel):
    """A job whose state has changed."""

    id: str = Field(examples=["20261121-101530-3f9a"])
    kind: JobKind
    title: str
    subject: str = Field("", description="What it is about, in names alone.")
    state: JobState
    priority: int
    owner: str
    attempts: int
    fraction: float
    result: dict[str, Any] | None
    error: JobError | None


class HeadwayData(BaseModel):
    """How far a job is; told at most four times a second, and not kept."""

    id: str
    kind: JobKind
    fraction: float = Field(description="From 0 to 1.", examples=[0.4])
    step: Literal["", "loading", "running", "judging", "saving", "checking", "downloading", "importing", "drawing"]


class ResultData(BaseModel):
    """A backtest that has a result now."""

    id: str
    symbol: str
    strategy: str
    total_return: float
    max_drawdown: float
    sharpe_ratio: float | None
    total_trades: int
    win_rate: float
    warnings: list[str] = Field(description="Codes of the reasons to believe it less.")


class ResultIdData(BaseModel):
    """A result on which something was put."""

    id: str


class ResultIdsData(BaseModel):
    """Results that were deleted, or brought back."""

    ids: list[str]
