"""Candles and features of any market that is stored, for charts."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query

from tradewright.api.asking import Serving, Viewer
from tradewright.api.models.charts import BarsOut
from tradewright.api.models.data import CandleQuery, CandlesOut, FeaturesIn, FeaturesOut, IndicatorOut
from tradewright.api.models.plain import maybe_ns
from tradewright.api.problems import problems
from tradewright.bootstrap.server import Server
from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import slice_bars

__all__ = ["router"]

router = APIRouter(tags=["charts"])


@router.get("/candles", responses=problems(409))
async def read_candles(server: Serving, _: Viewer, query: Annotated[CandleQuery, Query()]) -> CandlesOut:
    """Tell stored bars of a market, the last ones of the stretch; shorter stored bars are joined where need be."""
    return await asyncio.to_thread(_candles, server, query)


def _candles(server: Server, query: CandleQuery) -> CandlesOut:
    coverage, length = server.research.coverage, Timeframe.parse(query.timeframe)
    venue, symbol = coverage.find(query.symbol, query.venue, str(length))
    start, end = maybe_ns(query.start), maybe_ns(query.end)
    stored = coverage.limits(venue, symbol, length)
    early = start
    if stored is not None:
        # A long series is not read whole for the few bars at its end.
        until = stored[1] if end is None else min(end, stored[1])
        early = max(stored[0] if start is None else start, until - (query.limit + 1) * length.ns * _SLACK)
    bars = coverage.market_data.load(venue, symbol, length, early, end).bars
    size = bars.ts_open.size
    first = max(size - query.limit, 0)
    shown = BarsOut.of(symbol, str(length), slice_bars(bars, first, size))
    is_first = stored is None or int(bars.ts_open[first]) <= max(stored[0], start or 0)
    return CandlesOut(**shown.model_dump(), venue=venue, earlier=first > 0 or not is_first)


_SLACK = 3
"""So many times the stretch is read, for what is missing in it."""


@router.post("/features", responses=problems(404, 409))
async def read_features(server: Serving, _: Viewer, wanted: FeaturesIn) -> FeaturesOut:
    """Reckon indicators, smart-money zones, patterns and levels over a stretch of a stored market."""
    length = Timeframe.parse(wanted.timeframe)
    venue, symbol = await asyncio.to_thread(server.research.coverage.find, wanted.symbol, wanted.venue, str(length))
    request: dict[str, Any] = {
        "venue": venue, "symbol": symbol, "timeframe": str(length), "start": maybe_ns(wanted.start),
        "end": maybe_ns(wanted.end), "most": wanted.limit,
        "indicators": [one.model_dump() for one in wanted.indicators], "drawn": list(dict.fromkeys(wanted.drawings)),
    }  # fmt: skip
    return FeaturesOut(**await server.research.clerk.ask("features", request))


@router.get("/features")
async def list_features(_: Viewer) -> list[IndicatorOut]:
    """List the indicators that can be asked for, with their parameters."""
    return await asyncio.to_thread(_indicators)


def _indicators() -> list[IndicatorOut]:
    from tradewright.services.market_features import indicator_cards  # noqa: PLC0415 - it loads what reckons

    return [IndicatorOut(**card) for card in indicator_cards()]
