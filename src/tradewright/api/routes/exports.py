"""Exports of the books: as JSON, or as CSV for a spreadsheet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from tradewright.api.asking import Serving, Viewer
from tradewright.api.models.asking_for import Whose
from tradewright.api.models.trading import EquityView, FillView, OrderView, SignalView, TradeView
from tradewright.api.problems import problems
from tradewright.api.tables import csv_line
from tradewright.bootstrap.server import Server
from tradewright.services.desk.overview import Book, Wish

__all__ = ["router"]

router = APIRouter(prefix="/exports", tags=["exports"], responses=problems(404))
_VIEWS: dict[str, type[BaseModel]] = {
    "trades": TradeView,
    "orders": OrderView,
    "fills": FillView,
    "signals": SignalView,
    "equity": EquityView,
}
_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
_PAGE = 500
Form = Literal["csv", "json"]


@router.get(
    "/{book}.{form}",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}},
                                 "application/json": {"schema": {"type": "array", "items": {"type": "object"}}}},
                     "description": "every entry, newest first"}},
)  # fmt: skip
async def export_book(
    server: Serving,
    _: Viewer,
    wish: Whose,
    book: Annotated[Book, Path(description="Which book.", examples=["trades"])],
    form: Annotated[Form, Path(description="In which form.", examples=["csv"])],
) -> StreamingResponse:
    """Write a whole book as a file. Text that a spreadsheet would take for a formula gets an apostrophe before it."""
    if wish.name is not None:
        await server.desk.deployments.get(wish.name)
    rows = _rows(server, book, wish)
    lines = _csv(rows, list(_VIEWS[book].model_fields)) if form == "csv" else _json(rows)
    headers = {"Content-Disposition": f'attachment; filename="{book}.{form}"'}
    return StreamingResponse(lines, media_type=_TYPES[form], headers=headers)


async def _rows(server: Server, book: Book, wish: Wish) -> AsyncIterator[BaseModel]:
    place = None
    while True:
        page = await server.overview.page(book, wish, None, place, _PAGE)
        for one in page.entries:
            yield _VIEWS[book].of(one)  # type: ignore[attr-defined]  # each has it
        if (place := page.next) is None:
            return


async def _json(rows: AsyncIterator[BaseModel]) -> AsyncIterator[str]:
    before = "["
    async for row in rows:
        yield f"{before}\n{row.model_dump_json()}"
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


async def _csv(rows: AsyncIterator[BaseModel], names: list[str]) -> AsyncIterator[str]:
    yield csv_line(names)
    async for row in rows:
        plain = row.model_dump(mode="json")
        yield csv_line(plain[name] for name in names)
