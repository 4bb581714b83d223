"""Stored market data: what there is, and jobs that fetch, import, make up and check it."""

from __future__ import annotations

import asyncio
import math
from pathlib import Path
from typing import Annotated, BinaryIO

from fastapi import APIRouter, Query, Request

from tradewright.api.asking import Serving, Trader, Viewer
from tradewright.api.models.data import (
    CheckDataIn,
    CoverageOut,
    DownloadIn,
    ImportQuery,
    RepairDataIn,
    SeriesList,
    SeriesOut,
    SyntheticIn,
)
from tradewright.api.models.jobs import JobOut
from tradewright.api.models.plain import FrameName, SymbolName, VenueName, maybe_ns, ns_of
from tradewright.api.problems import problems
from tradewright.bootstrap.server import Server
from tradewright.domain.errors import InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.domain.timeframe import Timeframe
from tradewright.ports.candle_store import CandleKey
from tradewright.services.coverage import in_full, spelled
from tradewright.services.jobs.queue import Order

__all__ = ["router"]

router = APIRouter(prefix="/data", tags=["data"])

_DAY_NS = 86_400_000_000_000
_FIRST_NS = 1_704_067_200_000_000_000  # 2024-01-01


@router.get("")
async def list_series(
    server: Serving, _: Viewer, venue: Annotated[VenueName | None, Query()] = None,
    symbol: Annotated[SymbolName | None, Query(description="As people write it.")] = None,
) -> SeriesList:  # fmt: skip
    """List what is stored: from when to when, what is missing in between, what was invented."""
    found = await asyncio.to_thread(server.research.coverage.everything)
    fitting = [one for one in found if venue in (None, one.venue)
               and (symbol is None or spelled(symbol) == spelled(one.symbol))]  # fmt: skip
    return SeriesList(items=[SeriesOut.of(one) for one in fitting])


@router.get("/coverage", responses=problems(404))
async def read_coverage(
    server: Serving, _: Viewer, venue: Annotated[VenueName, Query()],
    symbol: Annotated[SymbolName, Query(description="As people write it.")], timeframe: Annotated[FrameName, Query()],
) -> CoverageOut:  # fmt: skip
    """Tell where in time the candles of a series are, and where there are holes."""
    key = CandleKey(venue, in_full(symbol), Timeframe.parse(timeframe))
    return CoverageOut.of(key, await asyncio.to_thread(server.research.coverage.market_data.coverage, key))


@router.post("/downloads", status_code=202, responses=problems(404))
async def create_download(server: Serving, caller: Trader, wanted: DownloadIn) -> JobOut:
    """Have a venue's history fetched; what is stored already is not fetched again."""
    for frame in wanted.timeframes:
        Timeframe.parse(frame, "timeframes")
    start, end = ns_of(wanted.start_date), maybe_ns(wanted.end_date)
    if end is not None and start >= end:
        raise InvalidValue("start_date", wanted.start_date.isoformat(), "a time before end_date")
    request = {
        "exchange": wanted.exchange,
        "symbols": [in_full(one) for one in dict.fromkeys(wanted.symbols)],
        "timeframes": list(dict.fromkeys(wanted.timeframes)), "start": start, "end": end,
        "kinds": list(dict.fromkeys(wanted.kinds)),
    }  # fmt: skip
    title = f"download of {', '.join(wanted.symbols[:3])}{' …' if wanted.symbols[3:] else ''} from {wanted.exchange}"
    order = Order("download", title, request, caller.name, wanted.priority)
    return JobOut.of((await server.jobs.take(order))[0])


@router.post("/synthetic", status_code=202)
async def create_synthetic_market(server: Serving, caller: Trader, wanted: SyntheticIn) -> JobOut:
    """Have a market made up: regimes, clustered volatility, jumps. Same seed, same market."""
    symbol = in_full(wanted.symbol)
    Instrument(symbol, wanted.venue)
    length = Timeframe.parse(wanted.timeframe)
    start = ns_of(wanted.start_date) if wanted.start_date else _FIRST_NS
    days = wanted.days or 30.0
    if wanted.end_date is not None:
        days = math.floor((ns_of(wanted.end_date) - start) / length.ns) * length.ns / _DAY_NS
    if days <= 0:
        raise InvalidValue("end_date", str(wanted.end_date), "a time at least a bar after start_date")
    request = {
        "venue": wanted.venue, "symbol": symbol, "timeframe": str(length), "start": start, "days": days,
        "seed": wanted.seed, "price": wanted.price, "volatility": wanted.volatility, "replace": wanted.replace,
    }  # fmt: skip
    order = Order("synthetic", f"made-up market {symbol} {length}", request, caller.name, wanted.priority)
    return JobOut.of((await server.jobs.take(order))[0])


@router.post("/checks", status_code=202)
async def create_data_check(server: Serving, caller: Trader, wanted: CheckDataIn) -> JobOut:
    """Have stored candles checked: every fault and every missing bar is named; nothing is changed."""
    request, named = _chosen(wanted)
    order = Order("data_check", f"check of {named}", request, caller.name, wanted.priority)
    return JobOut.of((await server.jobs.take(order))[0])


@router.post("/repairs", status_code=202)
async def create_data_repair(server: Serving, caller: Trader, wanted: RepairDataIn) -> JobOut:
    """Have stored candles repaired: rows at fault are mended or dropped; the job's result names everything done.

    No bar is made up without `fill`, and one that is says so for ever.
    """
    request, named = _chosen(wanted)
    plain = request | {"fill": wanted.fill}
    order = Order("data_repair", f"repair of {named}", plain, caller.name, wanted.priority)
    await server.people.deeds.enter(caller.by, "data.repair", named, fill=wanted.fill)
    return JobOut.of((await server.jobs.take(order))[0])


def _chosen(wanted: CheckDataIn) -> tuple[dict[str, str | None], str]:
    # Which series, and how they are called in a title.
    length = None if wanted.timeframe is None else str(Timeframe.parse(wanted.timeframe))
    symbol = None if wanted.symbol is None else in_full(wanted.symbol)
    named = " ".join(part for part in (symbol, length, wanted.venue) if part)
    return {"venue": wanted.venue, "symbol": symbol, "timeframe": length}, named or "all candles"


@router.post(
    "/imports", status_code=202, responses=problems(413),
    openapi_extra={"requestBody": {"required": True, "content": {"application/octet-stream": {
        "schema": {"type": "string", "format": "binary"}}}}},
)  # fmt: skip
async def create_import(
    server: Serving, caller: Trader, request: Request, wanted: Annotated[ImportQuery, Query()]
) -> JobOut:
    """Have a file of candles, marks, spreads or funding rates imported: its bytes are the body, at most 256 MB."""
    Instrument(wanted.symbol, wanted.venue)
    if wanted.kind != "funding" and wanted.timeframe is None:
        raise InvalidValue("timeframe", None, "the length of the bars, such as 1m")
    path = await _received(server, request, wanted.format)
    plain = {
        "path": str(path), "venue": wanted.venue, "symbol": wanted.symbol, "timeframe": wanted.timeframe,
        "kind": wanted.kind, "stamp": wanted.stamp, "volume_unit": wanted.volume_unit, "time_unit": wanted.time_unit,
        "columns": wanted.columns, "is_repair": wanted.repair, "is_replace": wanted.replace,
    }  # fmt: skip
    order = Order("import", f"import of {wanted.kind} of {wanted.symbol}", plain, caller.name)
    return JobOut.of((await server.jobs.take(order))[0])


async def _received(server: Server, request: Request, form: str) -> Path:
    # Written as it comes: a file is never whole in memory.
    folder = server.settings.data_dir / "uploads"
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    now = server.clock.now_ns()
    path = folder.absolute() / f"{now}.{form}"
    try:
        with path.open("xb") as file:
            await _write(request, file)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


async def _write(request: Request, file: BinaryIO) -> None:
    # How long it may be, the guard of bodies knows.
    async for part in request.stream():
        await asyncio.to_thread(file.write, part)
    if not file.tell():
        raise InvalidValue("body", "", "the bytes of a CSV or Parquet file")
