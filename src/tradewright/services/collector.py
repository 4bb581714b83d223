"""The collector: candles of what the scanner lets through, and how its market stands, kept for so many days."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np

from tradewright import ta
from tradewright.domain.books import MarketSnapshot
from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import Bars
from tradewright.ports.books import Markets
from tradewright.ports.bulletin import Bulletin
from tradewright.ports.candle_store import CandleKey
from tradewright.ports.clock import Clock
from tradewright.ports.history import BestPrices, History, Quotes
from tradewright.services.downloads import DownloadRequest, Downloads
from tradewright.services.market_data import Shelves

__all__ = ["CollectWish", "Collected", "Collector", "snapshot_of"]

_DAY_NS = 86_400_000_000_000
_HOUR_S = 3_600.0
_BATCH = 500
_BESIDE = 240
"""Returns over which the correlation with bitcoin is taken."""
_DIGITS = 10


@dataclass(frozen=True, slots=True)
class CollectWish:
    """What is collected.

    Args:
        timeframe: of the candles.
        every_s: seconds from one snapshot of a market to the next, in the venue's time.
        days: that snapshots are kept.
    """

    timeframe: Timeframe
    every_s: float
    days: int


@dataclass(frozen=True, slots=True)
class Collected:
    """What a round brought.

    Args:
        symbols: whose candles are stored.
        snapshots: that were put down.
        gone: older ones that were thrown away.
        seconds: that throwing them away took.
    """

    symbols: tuple[str, ...]
    snapshots: int
    gone: int
    seconds: float


class Collector:
    """Collects from one venue. Journals, results and candles are never thrown away: others refer to them.

    Args:
        shelves: where candles are kept.
        history: of the venue.
        boards: where the scanner put down what it found, and where snapshots are put down.
        clock: ours, by which work is measured.
        quotes: asks for best prices; None where the venue does not tell them.
    """

    def __init__(
        self, shelves: Shelves, history: History, boards: tuple[Bulletin, Markets], clock: Clock,
        quotes: Quotes | None = None,
    ) -> None:  # fmt: skip
        self._shelves, self._history, self._clock, self._quotes = shelves, history, clock, quotes
        self._bulletin, self._markets = boards
        self._downloads = Downloads(shelves, history)
        self._taken_at: int | None = None
        self._tidied_at: float | None = None

    async def collect(self, wish: CollectWish) -> Collected:
        """Collect once: candles, a snapshot of each market where one is due, and once an hour away with what is old.

        Raises:
            VenueError: the venue cannot be asked now.
            StoreError: the database cannot be used now.
        """
        now = await self._history.now()
        verdicts = await self._bulletin.verdicts(self._history.venue)
        symbols = tuple(one.symbol for one in verdicts if one.is_admitted)
        if symbols:
            request = DownloadRequest(symbols, (wish.timeframe,), now - _DAY_NS)
            await self._downloads.run(request, lambda _done, _all: None)
        snapshots = await self._snap(symbols, wish, now)
        gone, seconds = await self._tidy(wish.days, now)
        return Collected(symbols, snapshots, gone, seconds)

    async def _snap(self, symbols: Sequence[str], wish: CollectWish, now: int) -> int:
        every = max(round(wish.every_s * 1e9), 1)
        due = now // every * every
        if not symbols or due == self._taken_at:
            return 0
        prices = await self._quotes.quotes() if self._quotes else {}
        series = {one: bars for one in symbols if (bars := self._bars(one, wish.timeframe, now)).close.size}
        # As of now, not of when it was due: candles and prices of in between were not known then.
        found = [snapshot_of(self._history.venue, one, now, series, prices.get(one)) for one in series]
        breadth = _breadth(found)
        await self._markets.put([_with(one, breadth) for one in found])
        self._taken_at = due
        return len(found)

    def _bars(self, symbol: str, timeframe: Timeframe, now: int) -> Bars:
        key = CandleKey(self._history.venue, symbol, timeframe)
        return self._shelves.candles.load(key, now - _DAY_NS, now).bars

    async def _tidy(self, days: int, now: int) -> tuple[int, float]:
        begun = self._clock.monotonic()
        if self._tidied_at is not None and begun - self._tidied_at < _HOUR_S:
            return 0, 0.0
        gone = 0
        # In small parts, so that nobody who writes beside us waits long.
        while part := await self._markets.forget(self._history.venue, now - days * _DAY_NS, _BATCH):
            gone += part
            await asyncio.sleep(0)
        self._tidied_at = self._clock.monotonic()
        return gone, self._tidied_at - begun


def snapshot_of(
    venue: str, symbol: str, at: int, series: Mapping[str, Bars], prices: BestPrices | None
) -> MarketSnapshot:
    """How a market stands by its bars of a day; what is not known yet is left out of `facts`.

    Args:
        venue: where.
        symbol: of the instrument, whose bars are among `series`.
        at: for which it counts, UTC ns.
        series: bars by symbol, oldest first; bitcoin's, in the same currency, are what correlation is taken with.
        prices: best ones, where they are known.
    """
    bars = series[symbol]
    last = {name: float(getattr(bars, name)[-1]) for name in ("open", "high", "low", "close", "volume")}
    facts: dict[str, Any] = {
        "ohlcv": {**last, "ts_open": int(bars.ts_open[-1])}, "indicators": _indicators(bars),
        "volatility": _round(100.0 * (float(bars.high.max()) / float(bars.low.min()) - 1.0)),
    }  # fmt: skip
    bitcoin = series.get(f"BTC{symbol[symbol.index('/') :]}")
    if bitcoin is not None and bitcoin is not bars and bars.close.size > _BESIDE:
        facts |= _known({"correlation_btc": float(ta.correlation_with(bars, bitcoin, _BESIDE)[-1])})
    if prices is not None:
        facts["spread_percentage"] = _round(prices.spread)
    whole = int(bars.ts_close[-1]) - int(bars.ts_open[0]) >= _DAY_NS * 0.99
    return MarketSnapshot(
        venue, symbol, at, _exact(last["close"]), bid=_exact(prices.bid) if prices else None,
        ask=_exact(prices.ask) if prices else None,
        volume=_exact(float((bars.close * bars.volume).sum())) if whole else None,
        change=_exact(last["close"] / float(bars.open[0]) - 1.0) if whole else None, facts=facts,
    )  # fmt: skip


def _indicators(bars: Bars) -> dict[str, float]:
    close, macd, bands = bars.close, ta.macd(bars.close), ta.bbands(bars.close)
    columns = {
        "rsi_14": ta.rsi(close, 14), "macd": macd.macd, "macd_signal": macd.signal, "macd_histogram": macd.histogram,
        **{f"roc_{n}": ta.roc(close, n) for n in (1, 5, 15)}, "adx_14": ta.adx(bars, 14),
        "volume_sma_10": ta.sma(bars.volume, 10), "obv": ta.obv(bars), "volume_roc_10": ta.volume_roc(bars, 10),
        "vwap": ta.session_vwap(bars).vwap, "bollinger_upper": bands.upper, "bollinger_middle": bands.middle,
        "bollinger_lower": bands.lower, "atr_14": ta.atr(bars, 14),
    }  # fmt: skip
    return _known({name: float(column[-1]) for name, column in columns.items()})


def _known(values: Mapping[str, float]) -> dict[str, float]:
    return {name: _round(value) for name, value in values.items() if math.isfinite(value)}


def _breadth(found: Sequence[MarketSnapshot]) -> float | None:
    changes = [one.change for one in found if one.change is not None]
    return _round(float(np.mean([change > 0 for change in changes]))) if changes else None


def _with(one: MarketSnapshot, breadth: float | None) -> MarketSnapshot:
    return one if breadth is None else replace(one, facts={**one.facts, "breadth": breadth})


def _round(value: float) -> float:
    return round(value, _DIGITS)


def _exact(value: float) -> Decimal:
    return Decimal(repr(_round(value)))
