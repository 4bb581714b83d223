"""The trade journal: trades and what was thought of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from tradewright.api.asking import Serving, Trader, Viewer
from tradewright.api.models.people import Given
from tradewright.api.paging import Cursor, Limit, Page, place_of, written
from tradewright.api.problems import problems
from tradewright.api.tables import csv_answer
from tradewright.domain.books import TradeNote
from tradewright.domain.times import iso
from tradewright.services.journal import NotedTrade

__all__ = ["router"]

router = APIRouter(prefix="/journal", tags=["journal"])

_COLUMNS = ("deployment", "number", "symbol", "side", "entered", "left", "quantity", "entry_price", "exit_price", "pnl",
            "exit_reason", "notes")  # fmt: skip
_DEPLOYMENT = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$"
Mode = Literal["simulation", "live"]


class JournalFilters(BaseModel):
    """Which trades are wanted."""

    mode: Mode = "simulation"
    of: str | None = Field(None, pattern=_DEPLOYMENT, description="Only of this session or deployment.")


class NoteAnswer(BaseModel):
    """What somebody thought of a trade."""

    time: str = Field(examples=["2026-11-22T08:00:00Z"])
    author: str = Field(examples=["mary"])
    text: str = Field(examples=["entered too late"])


class JournalTrade(BaseModel):
    """A trade with its notes. Money and quantities are decimal strings."""

    deployment: str = Field(examples=["btc-trend"])
    number: int = Field(examples=[7])
    symbol: str = Field(examples=["BTCUSDT"])
    side: str = Field(examples=["long"])
    entered: str = Field(examples=["2026-11-22T08:00:00Z"])
    left: str | None = Field(examples=["2026-11-22T09:00:00Z"])
    quantity: str = Field(examples=["0.5"])
    entry_price: str = Field(examples=["45000"])
    exit_price: str | None = Field(examples=["45500"])
    pnl: str = Field(examples=["249.1"])
    exit_reason: str = Field(examples=["take_profit"])
    notes: list[NoteAnswer]


class JournalPage(Page[JournalTrade]):
    """Trades, the last first."""


class NewNote(Given):
    """A note on a trade."""

    mode: Mode = "simulation"
    deployment: str = Field(pattern=_DEPLOYMENT, examples=["btc-trend"])
    trade: int = Field(ge=1, le=2**53, examples=[7])
    text: str = Field(min_length=1, max_length=4_000, pattern=r"^[^\x00]*[^\x00\s][^\x00]*$", examples=["too late"])


@router.get("")
async def list_journal(
    server: Serving, _: Viewer, asked: Annotated[JournalFilters, Query()], limit: Limit = 50, cursor: Cursor = None
) -> JournalPage:
    """List trades with their notes, the last first."""
    place = place_of(cursor, int, str, int)
    after = None if place is None else (place[0], place[1], place[2])
    found = await server.journals[asked.mode].trades(asked.of, limit + 1, after)
    following = written(*found[limit - 1].place) if len(found) > limit else None
    return JournalPage(items=[JournalTrade(**row) for row in _rows(found[:limit])], next=following)


@router.post("/notes", status_code=201, responses=problems(404))
async def create_note(body: NewNote, server: Serving, caller: Trader) -> NoteAnswer:
    """Write a note on a trade; a second one stands beside the first."""
    note = await server.journals[body.mode].note(caller.by, body.deployment, body.trade, body.text.strip())
    await server.people.deeds.enter(caller.by, "journal.noted", f"{body.deployment} {body.trade}", mode=body.mode)
    return NoteAnswer(**_note(note))


@router.get("/export", response_class=Response, responses={200: {"content": {"text/csv": {}, "application/json": {}}}})
async def export_journal(
    server: Serving,
    _: Viewer,
    asked: Annotated[JournalFilters, Query()],
    format: Literal["csv", "json"] = "json",  # noqa: A002 - its name
) -> Response:
    """Give every trade with its notes as a file."""
    rows = _rows(await server.journals[asked.mode].every(asked.of))
    if format == "csv":
        return csv_answer("journal.csv", _COLUMNS, rows)
    return JSONResponse(rows, headers={"Content-Disposition": 'attachment; filename="journal.json"'})


def _rows(trades: Sequence[NotedTrade]) -> list[dict[str, Any]]:
    return [
        {"deployment": one.deployment, "number": one.number, "symbol": one.symbol, "side": one.side,
         "entered": iso(one.ts_entry), "left": None if one.ts_exit is None else iso(one.ts_exit),
         "quantity": str(one.quantity), "entry_price": str(one.entry_price),
         "exit_price": None if one.exit_price is None else str(one.exit_price), "pnl": str(one.pnl),
         "exit_reason": one.exit_reason, "notes": [_note(note) for note in noted.notes]}
        for noted in trades
        for one in (noted.trade,)
    ]  # fmt: skip


def _note(note: TradeNote) -> dict[str, str]:
    return {"time": iso(note.ts), "author": note.author, "text": note.text}
