"""A backtest in detail: trades, curves, bars, report, export; and several side by side."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from tradewright.api.asking import Serving, Trader, Viewer
from tradewright.api.models.backtest_details import (
    ChartOut,
    ChartQuery,
    Compared,
    CurveOut,
    Excursions,
    MarkIn,
    MarkOut,
    Month,
    RunTrade,
    RunTradePage,
    SpreadOut,
    TradeQuery,
)
from tradewright.api.models.backtests import BacktestRow
from tradewright.api.models.plain import ResultId, maybe_ns
from tradewright.api.paging import place_of, written
from tradewright.api.problems import problems
from tradewright.api.routes.backtests import BacktestId
from tradewright.bootstrap.server import Server
from tradewright.domain.errors import InvalidValue
from tradewright.domain.result_mark import MarkChange, ResultMark
from tradewright.services.comparing import compare
from tradewright.services.result_details import Measured, Stretch, TradeWish
from tradewright.services.result_shelf import brief_of

__all__ = ["router"]

router = APIRouter(prefix="/backtests", tags=["backtests"])

_MOST_POINTS = 5_000
_EXCURSIONS = ("id", "mae", "mfe", "pnl", "r_multiple", "bars_held")
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {}}, "description": "The file."}
}
_PAGE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/html": {}}, "description": "The page."}}
# It is one file with its scripts inside; it may run them, and nothing else.
_POLICY = "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; \
style-src 'unsafe-inline'; img-src data: blob:; font-src data:"
MarkedIds = Annotated[list[ResultId], Query(min_length=2, max_length=6, alias="id", description="Two to six results.")]


@router.get("/compare", responses=problems(404))
async def compare_backtests(server: Serving, _: Viewer, ids: MarkedIds) -> Compared:
    """Set two to six results side by side: figures, and in what the runs differ."""
    if len(set(ids)) != len(ids):
        raise InvalidValue("id", ", ".join(ids), "each once")
    load = server.research.details.results.load
    results = await asyncio.to_thread(lambda: [load(one) for one in ids])
    found = compare(results)
    return Compared(
        runs=[BacktestRow.of(brief_of(one), ResultMark()) for one in results], metrics=found.metrics,
        differences=found.differences, same_code=found.same_code, same_data=found.same_data,
        sources=found.sources,
    )  # fmt: skip


@router.get("/{backtest_id}/trades", responses=problems(404))
async def list_backtest_trades(
    server: Serving, _: Viewer, backtest_id: BacktestId, query: Annotated[TradeQuery, Query()]
) -> RunTradePage:
    """List the trades of a result: sorted, filtered, in pages."""
    place = place_of(query.cursor, int)
    skip = max(place[0], 0) if place else 0
    wish = TradeWish(query.sort, query.order == "desc", query.side, query.symbol, query.exit_reason, skip, query.limit)
    total, rows = await asyncio.to_thread(server.research.details.trades, backtest_id, wish)
    after = skip + len(rows)
    return RunTradePage(items=[RunTrade.of(row) for row in rows], total=total,
                     next=written(after) if rows and after < total else None)  # fmt: skip


@router.get("/{backtest_id}/equity", responses=problems(404))
async def read_backtest_equity(
    server: Serving,
    _: Viewer,
    backtest_id: BacktestId,
    max_points: Annotated[int, Query(ge=10, le=100_000, description="About so many.")] = 2_000,
) -> CurveOut:
    """Tell equity and drawdown as columns for a chart."""
    return CurveOut.of(await asyncio.to_thread(server.research.details.curve, backtest_id, max_points))


@router.get("/{backtest_id}/candles", responses=problems(404, 409))
async def read_backtest_candles(
    server: Serving, _: Viewer, backtest_id: BacktestId, query: Annotated[ChartQuery, Query()]
) -> ChartOut:
    """Tell a stretch of bars with the entries and exits of the run in it, and its stops and targets as they stood."""
    stretch = Stretch(query.symbol, maybe_ns(query.start), maybe_ns(query.end), query.limit)
    return ChartOut.of(await asyncio.to_thread(server.research.details.chart, backtest_id, stretch))


@router.get("/{backtest_id}/monthly", responses=problems(404))
async def read_backtest_months(server: Serving, _: Viewer, backtest_id: BacktestId) -> list[Month]:
    """Tell the return of each calendar month, by year."""
    found = await asyncio.to_thread(server.research.details.months, backtest_id)
    return [Month(**year) for year in found]


@router.get("/{backtest_id}/excursions", responses=problems(404))
async def read_backtest_excursions(server: Serving, _: Viewer, backtest_id: BacktestId) -> Excursions:
    """Tell the worst and the best open profit of each trade (MAE, MFE) beside its outcome."""
    columns = await asyncio.to_thread(server.research.details.measured, backtest_id, _EXCURSIONS, _MOST_POINTS)
    return Excursions(**columns)


@router.get("/{backtest_id}/distribution", responses=problems(404))
async def read_backtest_distribution(
    server: Serving,
    _: Viewer,
    backtest_id: BacktestId,
    of: Annotated[Measured, Query(description="Of which figure.")] = "r_multiple",
    bins: Annotated[int, Query(ge=2, le=200)] = 30,
) -> SpreadOut:
    """Tell how often a figure of the closed trades lies where."""
    found = await asyncio.to_thread(server.research.details.spread, backtest_id, of, bins)
    return SpreadOut(edges=list(found.edges), counts=list(found.counts), mean=found.mean, median=found.median,
                     deviation=found.deviation)  # fmt: skip


@router.get("/{backtest_id}/report", response_class=FileResponse, responses={**_PAGE, **problems(404)})
async def read_backtest_report(server: Serving, _: Viewer, backtest_id: BacktestId) -> FileResponse:
    """Give the result's page: one HTML file that needs nothing else."""
    path = await asyncio.to_thread(server.research.details.results.report_path, backtest_id)
    return FileResponse(path, media_type="text/html", headers={"Content-Security-Policy": _POLICY})


@router.get("/{backtest_id}/export", response_class=FileResponse, responses={**_FILE, **problems(404)})
async def export_backtest(
    server: Serving,
    _: Viewer,
    backtest_id: BacktestId,
    format: Literal["csv", "json"] = "csv",  # noqa: A002 - its name in the address
) -> FileResponse:
    """Give a result with all its tables: a ZIP of CSV files, or one JSON file."""
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp))
    try:
        path = await asyncio.to_thread(_exported, server, backtest_id, format, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return FileResponse(path, media_type="application/octet-stream", filename=path.name,
                        background=BackgroundTask(shutil.rmtree, folder, ignore_errors=True))  # fmt: skip


def _exported(server: Server, backtest_id: str, form: Literal["csv", "json"], folder: Path) -> Path:
    files = server.research.details.results.export(backtest_id, form, folder)
    if form == "json":
        return files[0]
    path = folder / f"{backtest_id}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in files:
            packed.write(file, file.name)
    return path


@router.get("/{backtest_id}/mark", responses=problems(404))
async def read_backtest_mark(server: Serving, _: Viewer, backtest_id: BacktestId) -> MarkOut:
    """Tell tags, note and star of a result."""
    await _known(server, backtest_id)
    mark = await server.research.marks.get(backtest_id)
    return MarkOut(tags=list(mark.tags), note=mark.note, starred=mark.is_starred)


@router.patch("/{backtest_id}", responses=problems(404))
async def mark_backtest(server: Serving, _: Trader, backtest_id: BacktestId, wanted: MarkIn) -> MarkOut:
    """Put tags, a note or a star on a result; what is left out stays as it is."""
    await _known(server, backtest_id)
    tags = None if wanted.tags is None else tuple(dict.fromkeys(wanted.tags))
    change = MarkChange(tags, wanted.note, wanted.starred)
    mark = await server.research.marks.change(backtest_id, change, server.clock.now_ns())
    server.news.tell("backtest.marked", {"id": backtest_id})
    return MarkOut(tags=list(mark.tags), note=mark.note, starred=mark.is_starred)


async def _known(server: Server, backtest_id: str) -> None:
    # A mark on what there is not would be found by nobody.
    await asyncio.to_thread(server.research.details.results.report_path, backtest_id)
