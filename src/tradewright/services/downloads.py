"""A venue's history into the store: what is missing is asked for page by page, many series side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tradewright.domain.errors import InvalidValue, TradewrightError, UnknownName
from tradewright.domain.instrument import Instrument
from tradewright.domain.timeframe import Timeframe
from tradewright.domain.times import iso
from tradewright.ports.candle_store import CandleKey
from tradewright.ports.history import History
from tradewright.services.download_bars import BarDownload, Downloaded
from tradewright.services.download_rates import download_rates
from tradewright.services.market_data import Shelves

__all__ = ["DownloadRequest", "Downloads"]

DownloadKind = Literal["candles", "mark", "funding"]
_KINDS: tuple[DownloadKind, ...] = ("candles", "mark", "funding")
_DAY_NS = 86_400_000_000_000


@dataclass(frozen=True, slots=True)
class DownloadRequest:
    """What to download.

    Args:
        symbols: `BTC/USDT:USDT`, each once.
        timeframes: of the bars.
        start: first open, UTC ns.
        end: last close, UTC ns; None: the present at the venue.
        kinds: candles, mark, funding.

    Raises:
        InvalidValue: a field has a value that is not allowed.
    """

    symbols: tuple[str, ...]
    timeframes: tuple[Timeframe, ...]
    start: int
    end: int | None = None
    kinds: tuple[DownloadKind, ...] = ("candles",)

    def __post_init__(self) -> None:
        if not self.symbols or len(set(self.symbols)) < len(self.symbols):
            raise InvalidValue("--instrument", ", ".join(self.symbols), "at least one symbol, each once")
        if not self.kinds or set(self.kinds) - set(_KINDS) or len(set(self.kinds)) < len(self.kinds):
            raise InvalidValue("--kind", ", ".join(self.kinds), f"some of {', '.join(_KINDS)}, each once")
        if not self.timeframes and set(self.kinds) != {"funding"}:
            raise InvalidValue("--timeframe", "", "the length of the bars, such as 1m")
        if self.end is not None and self.end <= self.start:
            raise InvalidValue("--to", iso(self.end), f"a time after --from, {iso(self.start)}")


class Downloads:
    """Downloads from one venue. What has come is stored as it comes: to go on after a break, ask again.

    Args:
        shelves: where market data is kept.
        history: of the venue.
        at_once: so many series are asked for side by side; the venue's budget holds for all together.
    """

    def __init__(self, shelves: Shelves, history: History, at_once: int = 8) -> None:
        self._shelves, self._history = shelves, history
        self._gate = asyncio.Semaphore(at_once)

    async def run(self, request: DownloadRequest, progress: Callable[[int, int], None]) -> tuple[Downloaded, ...]:
        """Download what is not stored yet.

        Args:
            request: what.
            progress: told how many bars and rates are done, and of how many; calls come as pages do.

        Returns:
            One report for each series, in the order of kinds, timeframes and symbols. A series that failed says why,
            and keeps what had come.

        Raises:
            UnknownName: a symbol is not traded there; nothing is downloaded.
            InvalidValue: the time range lies in the future, or funding is asked for a spot market.
            VenueError: the venue cannot be asked at all.
        """
        now = await self._history.now()
        end = min(request.end or now, now)
        if end <= request.start:
            raise InvalidValue("--from", iso(request.start), f"a time before the venue's present, {iso(now)}")
        traded = await self._history.instruments()
        self._check(request, traded)
        notes = {symbol: self._settle(traded[symbol]) for symbol in request.symbols}
        meter = _Meter(progress)
        tasks = [self._one(*what, (request.start, end), meter) for what in _series(request)]
        done = await asyncio.gather(*tasks)
        return tuple(report.noting(notes.pop(report.symbol, ())) for report in done)

    @staticmethod
    def _check(request: DownloadRequest, traded: Mapping[str, Instrument]) -> None:
        for symbol in request.symbols:
            if symbol not in traded:
                raise UnknownName("instrument", symbol, traded)
            if "funding" in request.kinds and not traded[symbol].is_perpetual:
                raise InvalidValue("--kind", "funding", f"candles for {symbol}; spot has no funding")

    def _settle(self, instrument: Instrument) -> tuple[str, ...]:
        """Store the venue's rules where none are stored; what stands there may be a user's own, and is kept."""
        stored = self._shelves.instruments.load(instrument.venue, instrument.symbol)
        if stored is None:
            self._shelves.instruments.save(instrument)
            return ()
        ours, theirs = ((one.tick_size, one.lot_size, one.min_notional) for one in (stored, instrument))
        if ours == theirs:
            return ()
        words = "tick {}, lot {}, least order {}".format
        return (f"{instrument.symbol}: stored rules are kept ({words(*ours)}); the venue says {words(*theirs)}",)

    async def _one(
        self, kind: DownloadKind, timeframe: Timeframe | None, symbol: str, span: tuple[int, int], meter: _Meter
    ) -> Downloaded:
        report = Downloaded(kind, symbol, str(timeframe or ""))
        async with self._gate:
            try:
                if kind == "funding" or timeframe is None:
                    await download_rates(self._shelves.funding, self._history, span, meter.part(), report)
                else:
                    store = self._shelves.marks if kind == "mark" else self._shelves.candles
                    key = CandleKey(self._history.venue, symbol, timeframe)
                    await BarDownload(store, self._history, key, kind, report).run(span, meter.part())
            except TradewrightError as error:
                report.error = str(error)
        return report


def _series(request: DownloadRequest) -> Sequence[tuple[DownloadKind, Timeframe | None, str]]:
    found: list[tuple[DownloadKind, Timeframe | None, str]] = []
    for kind in request.kinds:
        lengths: tuple[Timeframe | None, ...] = (None,) if kind == "funding" else request.timeframes
        found += [(kind, length, symbol) for length in lengths for symbol in request.symbols]
    return found


class _Meter:
    """Adds up how far all series are."""

    def __init__(self, progress: Callable[[int, int], None]) -> None:
        self._progress = progress
        self._parts: list[tuple[int, int]] = []

    def part(self) -> Callable[[int, int], None]:
        """How one series tells of itself."""
        number = len(self._parts)
        self._parts.append((0, 0))

        def told(done: int, total: int) -> None:
            self._parts[number] = (done, total)
            self._progress(sum(part[0] for part in self._parts), sum(part[1] for part in self._parts))

        return told
