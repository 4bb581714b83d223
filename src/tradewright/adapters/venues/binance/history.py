"""History of Binance USDT-M by REST: candles, mark prices, funding rates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tradewright.adapters.venues.binance.house_rules import FUNDING_POOL, learn_limits
from tradewright.adapters.venues.binance.listings import Listings
from tradewright.adapters.venues.transport.calls import Call
from tradewright.adapters.venues.transport.client import Client
from tradewright.domain.errors import DataError, InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import Bars, empty_bars, make_bars
from tradewright.ports.funding_store import Rates
from tradewright.ports.history import BarKind, BestPrices

__all__ = ["INTERVALS", "BinanceHistory", "bars_of", "measure_clock"]

_MS = 1_000_000
_PAGE = 1_500
_RATES = 1_000
INTERVALS = ("1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "1w")
_WEIGHTS = ((99, 1), (499, 2), (1_000, 5), (1_500, 10))
_PATHS: dict[BarKind, str] = {"candles": "/fapi/v1/klines", "mark": "/fapi/v1/markPriceKlines"}
_SETTLED_MS = 1_000
"""A bar is asked for when it has been closed for so long: its last trades may be entered a moment late."""


class BinanceHistory:
    """See `ports.history.History`.

    Args:
        venue: name under which its data are stored.
        client: asks the venue.
        bulk: whether its requests wait behind others, as those of a download do.
    """

    def __init__(self, venue: str, client: Client, *, bulk: bool = True) -> None:
        self._venue, self._client, self._bulk = venue, client, bulk
        self._listings: Listings | None = None

    @property
    def venue(self) -> str:
        return self._venue

    async def instruments(self) -> Mapping[str, Instrument]:
        """See `History.instruments`; a contract that ends has no symbol here."""
        listings = await self.listings()
        info = await self._client.json(Call("GET", "/fapi/v1/fundingInfo", pool=FUNDING_POOL))
        hours = {listings.name(row["symbol"]): int(row["fundingIntervalHours"]) for row in info}
        return {
            symbol: replace(instrument, funding_hours=hours.get(symbol, instrument.funding_hours))
            for symbol, instrument in listings.instruments.items()
        }

    async def now(self) -> int:
        """See `History.now`; the venue's clock is looked at anew."""
        offset = self._client.door.address.offset
        # One look more is enough where earlier ones are remembered: whoever waits for a close waits for each.
        await measure_clock(self._client, 1 if offset.is_known else 3)
        now = self._client.now_ns()
        return now + offset.offset_ns(now) - (offset.doubt_ns(now) or 0) - _SETTLED_MS * _MS

    async def bars(self, kind: BarKind, symbol: str, timeframe: Timeframe, start: int, end: int) -> Bars:
        """See `History.bars`."""
        if str(timeframe) not in INTERVALS:
            raise InvalidValue("--timeframe", str(timeframe), f"one of {', '.join(INTERVALS)}")
        wanted = min((end - start) // timeframe.ns, _PAGE)
        if wanted < 1:
            return empty_bars()
        params: dict[str, str | int] = {
            "symbol": (await self.listings()).id(symbol), "interval": str(timeframe), "startTime": -(-start // _MS),
            "endTime": (end - timeframe.ns) // _MS, "limit": wanted,
        }  # fmt: skip
        weight = next(weight for most, weight in _WEIGHTS if wanted <= most)
        rows = await self._client.json(Call("GET", _PATHS[kind], params, weight=weight, bulk=self._bulk))
        return bars_of(rows, timeframe, f"{self._venue}: {kind} of {symbol}")

    async def rates(self, symbol: str, start: int, end: int) -> Rates:
        """See `History.rates`."""
        params: dict[str, str | int] = {
            "symbol": (await self.listings()).id(symbol), "startTime": -(-start // _MS), "endTime": end // _MS,
            "limit": _RATES,
        }  # fmt: skip
        call = Call("GET", "/fapi/v1/fundingRate", params, bulk=self._bulk, pool=FUNDING_POOL)
        rows = await self._client.json(call)
        what = f"{self._venue}: funding of {symbol}"
        ts = _columns(rows, [lambda row: float(row["fundingTime"]), lambda row: float(row["fundingRate"])], what)
        return ts[0].astype(np.int64) * _MS, ts[1]

    async def quotes(self) -> Mapping[str, BestPrices]:
        """See `Quotes`."""
        listings = await self.listings()
        rows = await self._client.json(Call("GET", "/fapi/v1/ticker/bookTicker", weight=5))
        what = f"{self._venue}: best prices"
        bids, asks = _columns(rows, [lambda row: float(row["bidPrice"]), lambda row: float(row["askPrice"])], what)
        found = {}
        for row, bid, ask in zip(rows, bids.tolist(), asks.tolist(), strict=True):
            if (symbol := listings.name(str(row.get("symbol")))) is not None and 0.0 < bid <= ask:
                found[symbol] = BestPrices(bid, ask)
        return found

    async def listings(self) -> Listings:
        """What is traded, as it was told when it was first asked for."""
        if self._listings is None:
            info = await self._client.json(Call("GET", "/fapi/v1/exchangeInfo"))
            learn_limits(self._client.door.address, info)
            self._listings = Listings(self._venue, info, ())
        return self._listings


async def measure_clock(client: Client, times: int = 3) -> None:
    """Look at the venue's clock a few times; the best look counts.

    Args:
        client: asks the venue.
        times: how often.
    """
    for _ in range(times):
        reply = await client.ask(Call("GET", "/fapi/v1/time"))
        server_ms = reply.body.get("serverTime") if isinstance(reply.body, dict) else None
        if not isinstance(server_ms, int):
            raise DataError(f"{client.venue}: GET /fapi/v1/time tells no serverTime")
        client.door.address.offset.observe(reply.sent_ns, server_ms * _MS, reply.received_ns)


def bars_of(rows: Any, timeframe: Timeframe, what: str) -> Bars:
    """Klines as bars.

    Args:
        rows: of the venue: open time in ms, open, high, low, close, volume, and more.
        timeframe: of the bars.
        what: they are, for the words of an error.

    Raises:
        DataError: they cannot be read.
    """
    readers: list[Callable[[Any], float]] = [lambda row, i=i: float(row[i]) for i in range(6)]  # type: ignore[misc]
    ts, o, high, low, close, volume = _columns(rows, readers, what)
    return make_bars(ts.astype(np.int64) * _MS, (o, high, low, close), volume, timeframe)


def _columns(rows: Any, readers: Sequence[Callable[[Any], float]], what: str) -> Any:
    if not isinstance(rows, list):
        raise DataError(f"{what}: the answer is no list but {str(rows)[:80]!r}")
    try:
        return np.array([[read(row) for read in readers] for row in rows], np.float64).reshape(-1, len(readers)).T
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise DataError(f"{what}: a row cannot be read ({error!r})") from error
