"""History of any exchange that CCXT knows, by REST."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tradewright.adapters.venues.ccxt.abilities import abilities_of, markets_of
from tradewright.adapters.venues.ccxt.asking import Asker
from tradewright.adapters.venues.ccxt.markets import instruments_of
from tradewright.adapters.venues.transport.clock_offset import ClockOffset
from tradewright.adapters.venues.transport.steady_time import SteadyTime
from tradewright.domain.errors import DataError, InvalidValue, UnknownName
from tradewright.domain.instrument import Instrument
from tradewright.domain.timeframe import SECOND_NS, Timeframe
from tradewright.market.bars import Bars, empty_bars, make_bars
from tradewright.market.merge import take
from tradewright.ports.funding_store import Rates
from tradewright.ports.history import BarKind, BestPrices

__all__ = ["CcxtHistory"]

_MS = 1_000_000
_PAGE = 500
_RATES = 100
_SETTLED_NS, _UNKNOWN_CLOCK_NS = 2 * SECOND_NS, 60 * SECOND_NS
_DAY = Timeframe.parse("1d")
_QUOTES = (("fetchBidsAsks", "fetch_bids_asks"), ("fetchTickers", "fetch_tickers"))


class CcxtHistory:
    """See `ports.history.History`.

    The library's own paging moves the beginning forward and leaves out what was before it, caps limits without a
    word, and gives the open candle with the rest. So each page is asked for by its beginning, what comes is cut to
    what was asked for, and the next page begins where this one ended, however long it was meant to be.

    Args:
        asker: of the exchange, whose markets need not be loaded.
    """

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._offset, self._steady = ClockOffset(), SteadyTime()

    @property
    def venue(self) -> str:
        return str(self._asker.exchange.id)

    async def instruments(self) -> Mapping[str, Instrument]:
        """See `History.instruments`; linear contracts and spot."""
        exchange = self._asker.exchange
        await self._asker.read(exchange.load_markets)
        found: dict[str, Instrument] = {}
        for kind in reversed(markets_of(exchange)):
            found |= {one.symbol: one for one in instruments_of(exchange, abilities_of(exchange, kind), {})}
        return found

    async def now(self) -> int:
        """See `History.now`; where a venue does not tell its time ours stands for it, a minute behind."""
        exchange, clock = self._asker.exchange, self._asker.clock
        if not exchange.has.get("fetchTime"):
            return clock.now_ns() - _UNKNOWN_CLOCK_NS
        sent = self._steady.now_ns(clock)
        server_ms = await self._asker.read(exchange.fetch_time)
        self._offset.observe(sent, int(server_ms) * _MS, self._steady.now_ns(clock))
        return self.venue_now() - _SETTLED_NS

    def venue_now(self) -> int:
        """The earliest time that it can be at the venue by what it told last, UTC ns."""
        now = self._steady.now_ns(self._asker.clock)
        return now + self._offset.offset_ns(now) - (self._offset.doubt_ns(now) or _UNKNOWN_CLOCK_NS)

    async def bars(self, kind: BarKind, symbol: str, timeframe: Timeframe, start: int, end: int) -> Bars:
        """See `History.bars`; volumes are as the library gives them, at some venues in contracts."""
        exchange = self._asker.exchange
        lengths = exchange.timeframes or {}
        if str(timeframe) not in lengths:
            raise InvalidValue("--timeframe", str(timeframe), f"one of {', '.join(lengths) or 'none: it has no bars'}")
        self._check(symbol, "fetchMarkOHLCV" if kind == "mark" else "fetchOHLCV", f"--kind {kind}")
        page = await self._page(kind, symbol, timeframe, (start, end))
        if not len(page.ts_open) and timeframe != _DAY and str(_DAY) in lengths and end - start > _PAGE * timeframe.ns:
            # Some venues look no further than a page from where they are asked: days say where bars begin.
            days = await self._page(kind, symbol, _DAY, (start, end))
            if len(days.ts_open) and days.ts_open[0] > start:
                page = await self._page(kind, symbol, timeframe, (int(days.ts_open[0]), end))
        return page

    async def rates(self, symbol: str, start: int, end: int) -> Rates:
        """See `History.rates`."""
        exchange = self._asker.exchange
        self._check(symbol, "fetchFundingRateHistory", "--kind funding")
        since = -(-start // _MS)
        rows = await self._asker.read(lambda: exchange.fetch_funding_rate_history(symbol, since, _RATES))
        found = sorted({(int(row["timestamp"]) * _MS, float(row["fundingRate"])) for row in rows})
        inside = [row for row in found if start <= row[0] <= end]
        return np.array([ts for ts, _ in inside], np.int64), np.array([rate for _, rate in inside], np.float64)

    async def quotes(self) -> Mapping[str, BestPrices]:
        """See `Quotes`; nothing where the library cannot ask for all at once."""
        exchange = self._asker.exchange
        ask = next((getattr(exchange, call) for name, call in _QUOTES if exchange.has.get(name)), None)
        if ask is None:
            return {}
        told = await self._asker.read(ask)
        rows = {symbol: (float(row.get("bid") or 0.0), float(row.get("ask") or 0.0)) for symbol, row in told.items()}
        return {symbol: BestPrices(*row) for symbol, row in rows.items() if 0.0 < row[0] <= row[1]}

    def _check(self, symbol: str, ability: str, field: str) -> None:
        exchange = self._asker.exchange
        if symbol not in exchange.markets:
            raise UnknownName("instrument", symbol, exchange.markets)
        if not exchange.has.get(ability):
            raise InvalidValue(field, exchange.id, f"a venue that has it; this one has no {ability}")

    async def _page(self, kind: BarKind, symbol: str, timeframe: Timeframe, span: tuple[int, int]) -> Bars:
        exchange, (start, end) = self._asker.exchange, span
        ask = exchange.fetch_mark_ohlcv if kind == "mark" else exchange.fetch_ohlcv
        limit = max(min((end - start) // timeframe.ns, self._most(symbol)), 1)
        rows = await self._asker.read(lambda: ask(symbol, str(timeframe), -(-start // _MS), limit))
        bars = _bars(rows, timeframe, f"{self.venue}: {kind} of {symbol}")
        return take(bars, (bars.ts_open >= start) & (bars.ts_close <= end))

    def _most(self, symbol: str) -> int:
        """What the library says that a page holds; it errs, so nothing hangs on it but speed."""
        features = getattr(self._asker.exchange, "features", None) or {}
        kind = (features.get("swap") or {}).get("linear") if ":" in symbol else features.get("spot")
        return int(((kind or {}).get("fetchOHLCV") or {}).get("limit") or _PAGE)


def _bars(rows: Any, timeframe: Timeframe, what: str) -> Bars:
    if not rows:
        return empty_bars()
    try:
        table = np.array([[float(cell or 0.0) for cell in row[:6]] for row in rows], np.float64)
        ts, first = np.unique(table[:, 0].astype(np.int64) * _MS, return_index=True)
        o, high, low, close, volume = table[first, 1:].T
    except (TypeError, ValueError, IndexError) as error:
        raise DataError(f"{what}: a row cannot be read ({error!r})") from error
    return make_bars(ts, (o, high, low, close), volume, timeframe)
