"""Whether the server is well, and what it has done."""

from __future__ import annotations

from importlib.metadata import version
from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from tradewright.api.asking import Serving, Viewer
from tradewright.api.routes.metrics import metrics_of
from tradewright.services.health import State, check_all

__all__ = ["router"]

router = APIRouter(prefix="/status", tags=["status"])

Word = Literal["ok", "warning", "failed"]


class Health(BaseModel):
    """Whether the server is well."""

    status: Literal["ok"] = Field(examples=["ok"])
    version: str = Field(examples=["0.1.0"])


class Part(BaseModel):
    """A part of the system, and how well it is."""

    part: str = Field(examples=["database"])
    status: Word
    reason: str = Field(description="In words, with what to do.", examples=["it answers"])
    value: float | None = Field(description="What was measured.", examples=[0.8])
    unit: str = Field(examples=["ms"])


class DetailedHealth(BaseModel):
    """How well everything is: the worst of its parts."""

    status: Word
    version: str = Field(examples=["0.1.0"])
    parts: list[Part]


class ServerMetrics(BaseModel):
    """Figures of the process that answers, since it began."""

    uptime_s: float = Field(examples=[3_600.5])
    requests: int = Field(examples=[1_200])
    errors: int = Field(description="Requests that ended with a status of 500 or more.", examples=[0])
    mean_ms: float = Field(description="Mean time of a request, milliseconds.", examples=[1.8])
    memory_bytes: int = Field(description="Resident memory.", examples=[120_000_000])
    cpu_s: float = Field(description="Processor time.", examples=[12.5])
    listeners: int = Field(description="Who listen to events now.", examples=[2])
    jobs_waiting: int = Field(description="Jobs that wait.", examples=[0])
    jobs_running: int = Field(description="Jobs that are being done.", examples=[1])
    jobs_oldest_s: float = Field(description="For how long the oldest that waits has waited.", examples=[0.0])
    workers: int = Field(description="Processes that are there to do jobs.", examples=[1])


@router.get("/health")
async def read_health(server: Serving) -> Health:
    """Say whether the server and its database answer. Open to everybody."""
    async with server.database.reading():
        return Health(status="ok", version=version("tradewright"))


@router.get("/health/detailed")
async def read_detailed_health(server: Serving, _: Viewer) -> DetailedHealth:
    """Say how well each part is, and why: database, disk, clock, jobs, and each process with its feed and venue."""
    found = await check_all(server.health)
    worst = max((one.state for one in found), default=State.OK)
    parts = [
        Part.model_validate(
            {"part": one.part, "status": one.state.word, "reason": one.reason, "value": one.value, "unit": one.unit}
        )
        for one in found
    ]
    return DetailedHealth.model_validate({"status": worst.word, "version": version("tradewright"), "parts": parts})


@router.get("/metrics")
async def read_metrics(request: Request, server: Serving, _: Viewer) -> ServerMetrics:
    """Give the most asked-for figures of the server; all of them are at `/metrics`."""
    figures = metrics_of(request).figures()
    now = server.jobs.standing
    return ServerMetrics(
        **figures._asdict(), listeners=server.news.listeners, jobs_waiting=now.waiting, jobs_running=now.running,
        jobs_oldest_s=round(now.oldest_s, 3), workers=now.workers,
    )  # fmt: skip
