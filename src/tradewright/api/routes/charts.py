"""Candles and features of any market that is stored, or that a session hears, for charts."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query

from tradewright.api.asking import Serving, Viewer
from tradewright.api.models.charts import BarsOut
from tradewright.api.models.data import CandleQuery, CandlesOut, FeaturesIn, FeaturesOut, HeardOut, IndicatorOut
from tradewright.api.models.plain import maybe_ns
from tradewright.api.problems import problems
from tradewright.bootstrap.server import Server
from tradewright.domain.errors import MissingData
from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import Bars, empty_bars, slice_bars
from tradewright.market.merge import take
from tradewright.services.heard_markets import with_later

__all__ = ["router"]

router = APIRouter(tags=["charts"])


@router.get("/candles", responses=problems(409))
async def read_candles(server: Serving, _: Viewer, query: Annotated[CandleQuery, Query()]) -> CandlesOut:
    """Tell bars of a market, the last ones of the stretch; shorter bars are joined where need be.

    They are those that are stored, and those that sessions have heard, up to the last close.
    """
    length = Timeframe.parse(query.timeframe)
    (venue, symbol), heard = await _place(server, query.symbol, query.venue, length)
    return await asyncio.to_thread(_candles, server, query, (venue, symbol), heard)


async def _place(
    server: Server, symbol: str, venue: str | None, length: Timeframe
) -> tuple[tuple[str, str], Bars | None]:
    """The venue and the symbol that are meant, and the bars that sessions have heard of them."""
    try:
        place = await asyncio.to_thread(server.research.coverage.find, symbol, venue, str(length))
    except MissingData:
        heard = await server.heard.find(symbol, venue, length)
        if heard is None:
            raise
        return (heard.venue, heard.symbol), heard.bars
    heard = await server.heard.find(place[1], place[0], length)
    return place, None if heard is None or heard.symbol != place[1] else heard.bars


def _candles(server: Server, query: CandleQuery, place: tuple[str, str], heard: Bars | None) -> CandlesOut:
    coverage, length = server.research.coverage, Timeframe.parse(query.timeframe)
    start, end = maybe_ns(query.start), maybe_ns(query.end)
    stored = coverage.limits(*place, length)
    early, bars = start, empty_bars()
    if stored is not None:
        # A long series is not read whole for the few bars at its end.
        until = stored[1] if end is None else min(end, stored[1])
        early = max(stored[0] if start is None else start, until - (query.limit + 1) * length.ns * _SLACK)
    if stored is not None or heard is None:
        bars = coverage.market_data.load(*place, length, early, end).bars
    if heard is not None:
        bars = with_later(bars, _between(heard, start, end))
    size = bars.ts_open.size
    first = max(size - query.limit, 0)
    shown = BarsOut.of(place[1], str(length), slice_bars(bars, first, size))
    is_first = stored is None or size == 0 or int(bars.ts_open[first]) <= max(stored[0], start or 0)
    return CandlesOut(**shown.model_dump(), venue=place[0], earlier=first > 0 or not is_first)


def _between(bars: Bars, start: int | None, end: int | None) -> Bars:
    opens, closes = bars.ts_open, bars.ts_close
    return take(bars, (opens >= (start or 0)) & (closes <= (closes.max(initial=0) if end is None else end)))


_SLACK = 3
"""So many times the stretch is read, for what is missing in it."""


@router.get("/candles/heard")
async def list_heard_markets(server: Serving, _: Viewer) -> list[HeardOut]:
    """List the markets that sessions hear: charts of them reach up to the last close, stored or not."""
    return [HeardOut.of(one) for one in await server.heard.markets()]


@router.post("/features", responses=problems(404, 409))
async def read_features(server: Serving, _: Viewer, wanted: FeaturesIn) -> FeaturesOut:
    """Reckon indicators, smart-money zones, patterns and levels over a stretch of a market."""
    length = Timeframe.parse(wanted.timeframe)
    (venue, symbol), heard = await _place(server, wanted.symbol, wanted.venue, length)
    request: dict[str, Any] = {
        "venue": venue, "symbol": symbol, "timeframe": str(length), "start": maybe_ns(wanted.start),
        "end": maybe_ns(wanted.end), "most": wanted.limit,
        "indicators": [one.model_dump() for one in wanted.indicators], "drawn": list(dict.fromkeys(wanted.drawings)),
        "heard": [] if heard is None else [column.tolist() for column in heard],
    }  # fmt: skip
    return FeaturesOut(**await server.research.clerk.ask("features", request))


@router.get("/features")
async def list_features(_: Viewer) -> list[IndicatorOut]:
    """List the indicators that can be asked for, with their parameters."""
    return await asyncio.to_thread(_indicators)


def _indicators() -> list[IndicatorOut]:
    from tradewright.services.market_features import indicator_cards  # noqa: PLC0415 - it loads what reckons

    return [IndicatorOut(**card) for card in indicator_cards()]
