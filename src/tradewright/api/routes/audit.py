"""The audit log: who did what, each line chained to the one before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from tradewright.api.asking import Admin, Serving
from tradewright.api.models.plain import Moment, ns_of
from tradewright.api.paging import Cursor, Limit, Page, place_of, written
from tradewright.api.tables import csv_answer
from tradewright.domain.times import iso
from tradewright.ports.audit_log import AuditWish, WrittenDeed

__all__ = ["router"]

router = APIRouter(prefix="/audit", tags=["audit"])

_COLUMNS = ("number", "time", "actor", "action", "subject", "details", "run", "hash")
Text = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00]+$")]


class AuditFilters(BaseModel):
    """Which lines are wanted."""

    actor: Text | None = Field(None, description="Who.", examples=["mary"])
    action: Text | None = Field(None, description="What, or how it begins.", examples=["order."])
    since: Moment | None = Field(None, examples=["2026-11-22T08:00:00Z"])
    until: Moment | None = Field(None, examples=["2026-11-23T08:00:00Z"])

    def wish(self, below: int | None, limit: int) -> AuditWish:
        """What the log is asked for."""
        since, until = (None if one is None else ns_of(one) for one in (self.since, self.until))
        return AuditWish(self.actor, self.action, since, until, below, limit)


class AuditLine(BaseModel):
    """A deed."""

    number: int = Field(examples=[42])
    time: str = Field(examples=["2026-11-22T08:00:00Z"])
    actor: str = Field(examples=["mary"])
    action: str = Field(examples=["settings.changed"])
    subject: str = Field(examples=["version 3"])
    details: dict[str, Any] = Field(examples=[{"keys": ["risk.size"]}])
    run: str = Field(description="Run it belongs to; empty without.", examples=[""])
    hash: str = Field(description="Of the line before and of this one.", examples=["9f86d081…"])


class AuditLines(Page[AuditLine]):
    """Lines, the last first."""


class AuditVerdictAnswer(BaseModel):
    """What came of looking at every line."""

    lines: int = Field(description="As they were written, from the first.", examples=[1_024])
    head: str = Field(description="Hash of the last of them; keep it elsewhere.", examples=["9f86d081…"])
    damage: str = Field(description="The first line that is not; empty where every line is.", examples=[""])


@router.get("")
async def list_audit(
    server: Serving, _: Admin, asked: Annotated[AuditFilters, Query()], limit: Limit = 100, cursor: Cursor = None
) -> AuditLines:
    """List lines, the last first. `action` takes all that begin so: `order.` is all that was done to orders."""
    place = place_of(cursor, int)
    below = None if place is None else place[0]
    found = await server.people.deeds.log.find(asked.wish(below, limit + 1))
    following = written(found[limit - 1].number) if len(found) > limit else None
    return AuditLines(items=[AuditLine(**row) for row in _rows(found[:limit])], next=following)


@router.get("/verify")
async def verify_audit(
    server: Serving,
    _: Admin,
    head: Annotated[
        str, Query(max_length=64, pattern=r"^[0-9a-f]*$", description="A hash that was noted; it must be there.")
    ] = "",
) -> AuditVerdictAnswer:
    """Look at every line: one that was changed, taken out or moved is named."""
    verdict = await server.people.deeds.log.verify(head)
    return AuditVerdictAnswer(lines=verdict.lines, head=verdict.head, damage=verdict.damage)


@router.get("/export", response_class=Response, responses={200: {"content": {"text/csv": {}, "application/json": {}}}})
async def export_audit(server: Serving, caller: Admin, format: Literal["csv", "json"] = "json") -> Response:  # noqa: A002 - its name
    """Give every line with its hash, oldest first, as a file. That it was exported is entered, too."""
    lines = await server.people.deeds.log.read()
    await server.people.deeds.enter(caller.by, "audit.exported", format, lines=len(lines))
    if format == "csv":
        return csv_answer("audit.csv", _COLUMNS, _rows(lines))
    return JSONResponse(_rows(lines), headers={"Content-Disposition": 'attachment; filename="audit.json"'})


def _rows(lines: Sequence[WrittenDeed]) -> list[dict[str, Any]]:
    return [
        {"number": line.number, "time": iso(line.deed.ts), "actor": line.deed.actor, "action": line.deed.action,
         "subject": line.deed.subject, "details": dict(line.deed.details), "run": line.deed.run, "hash": line.hash}
        for line in lines
    ]  # fmt: skip
