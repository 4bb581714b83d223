"""The steps of a session as a venue closes them: asked for at each close, so that none is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from tradewright.domain.errors import DataError, UnknownName
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import RunSpec
from tradewright.domain.timeframe import SECOND_NS, Timeframe
from tradewright.engine.feed import Feed
from tradewright.engine.steps import steps_of
from tradewright.market.bars import Bars, empty_bars, joined_bars
from tradewright.market.resample import floor_stamps
from tradewright.market.steps import Step
from tradewright.ports.clock import Clock
from tradewright.ports.funding_store import Rates
from tradewright.ports.history import BarKind, History
from tradewright.services.funding_rates import whole_hours
from tradewright.services.side_by_side import side_by_side

__all__ = ["Told", "VenueSteps", "has_whole_hour"]

_HTF_BARS = 500
_SLACK_NS = 60 * SECOND_NS
_LEAST_WAIT_S, _LONGEST_WAIT_S = 0.02, 15.0
_FIRST_LOOK_S = 0.5  # between two looks at the venue's clock that tell its pace
_SHORTEST_LOOK_S = 0.01  # from which its pace is told; what two tasks ask at once tells nothing
_FASTEST = 10_000.0
_HOUR_NS = 3_600 * SECOND_NS


class Told(NamedTuple):
    """What is known of a span already, by symbol: bars, marks, and funding."""

    bars: Mapping[str, Bars] = MappingProxyType({})
    marks: Mapping[str, Bars] = MappingProxyType({})
    rates: Mapping[str, Rates] = MappingProxyType({})


_NOTHING = Told()


def has_whole_hour(span: tuple[int, int]) -> bool:
    """Whether funding may be due between two closes, UTC ns."""
    return (span[1] - 1) // _HOUR_NS * _HOUR_NS >= span[0]


class VenueSteps:
    """Asks a venue's history for what has closed.

    Args:
        history: of the venue.
        spec: of the session's run.
        clock: to wait by; the venue's own time may pass faster.
    """

    def __init__(self, history: History, spec: RunSpec, clock: Clock) -> None:
        self._history, self._spec, self._clock = history, spec, clock
        self._frame = Timeframe.parse(spec.timeframe)
        self._looked: tuple[float, int] | None = None
        self._pace = 1.0

    async def instruments(self) -> tuple[Instrument, ...]:
        """The session's, by the venue's rules of today.

        Raises:
            UnknownName: the venue does not trade one of them.
        """
        known = await self._history.instruments()
        for symbol in self._spec.instruments:
            if symbol not in known:
                raise UnknownName("instrument", symbol, known)
        return tuple(known[symbol] for symbol in self._spec.instruments)

    async def beginning(self, context: int) -> tuple[Feed, ...]:
        """What is known of each instrument now: the last bars that have closed, as many as `context` or a span of HTF.

        Raises:
            DataError: an instrument has no bars.
        """
        end = self._last_close(await self._history.now())
        higher = Timeframe.parse(self._spec.htf) if self._spec.htf else None
        count = max(context, 1, 2 + higher.ns // self._frame.ns if higher else 0)

        async def one(instrument: Instrument) -> Feed:
            bars = await self._bars("candles", instrument.symbol, self._frame, (end - count * self._frame.ns, end))
            if not bars.ts_open.size:
                raise DataError(f"{instrument.symbol}: {self._history.venue} has no bars of the last {count} closes")
            htf = None
            if higher:
                htf = await self._bars("candles", instrument.symbol, higher, (end - _HTF_BARS * higher.ns, end))
            marked = instrument.is_perpetual and self._spec.risk.mark_price != "last"
            return Feed(instrument, empty_bars(), htf, mark=empty_bars() if marked else None, context=bars)

        return tuple(await side_by_side(one, await self.instruments()))

    async def after(self, last_close: int, feeds: Sequence[Feed]) -> tuple[Step, ...]:
        """Wait until a bar has closed after `last_close` (UTC ns), and give every step since then.

        Raises:
            DataError: an answer of the venue makes no sense.
            VenueError: the venue cannot be asked now.
        """
        now = await self.until(last_close + self._frame.ns)
        return await self.between((last_close, self._last_close(now)), feeds)

    async def until(self, ts: int, grace_s: float = 0.0) -> int:
        """Wait for a time at the venue (UTC ns); its time then.

        Args:
            ts: the time.
            grace_s: so many seconds of ours are waited longer, but no more than a quarter of a bar.

        Raises:
            VenueError: the venue cannot be asked now.
        """
        if self._looked is None:
            await self._now()
            await self._clock.sleep(_FIRST_LOOK_S)
        while (rest := ts + self._grace_ns(grace_s) - (now := await self._now())) > 0:
            wait = rest / SECOND_NS / self._pace
            await self._clock.sleep(min(max(wait, _LEAST_WAIT_S), _LONGEST_WAIT_S))
        return now

    def _grace_ns(self, seconds: float) -> int:
        return min(round(seconds * self._pace * SECOND_NS), self._frame.ns // 4)

    async def between(self, span: tuple[int, int], feeds: Sequence[Feed], told: Told = _NOTHING) -> tuple[Step, ...]:
        """Every step between two closes (UTC ns); what was not told is asked for.

        Raises:
            DataError: an answer of the venue makes no sense.
            VenueError: the venue cannot be asked now.
        """
        whole = await side_by_side(lambda feed: self._since(feed, span, told), feeds)
        return tuple(steps_of(self._spec, whole))

    async def _since(self, feed: Feed, span: tuple[int, int], told: Told) -> Feed:
        symbol, mark, funding = feed.instrument.symbol, None, None
        if (bars := told.bars.get(symbol)) is None:
            bars = await self.bars("candles", symbol, span)
        if feed.mark is not None and (mark := told.marks.get(symbol)) is None:
            mark = await self.bars("mark", symbol, span)
        if feed.instrument.is_perpetual and (funding := told.rates.get(symbol)) is None:
            funding = await self.rates(symbol, span)
        return replace(feed, bars=bars, mark=mark, funding=funding, htf=None, context=None)

    async def bars(self, kind: BarKind, symbol: str, span: tuple[int, int]) -> Bars:
        """The bars of an instrument between two closes, UTC ns.

        Raises:
            DataError: the answer makes no sense.
            VenueError: the venue cannot be asked now.
        """
        return await self._bars(kind, symbol, self._frame, span)

    async def _bars(self, kind: BarKind, symbol: str, timeframe: Timeframe, span: tuple[int, int]) -> Bars:
        begin, end = span
        pages = [empty_bars()]
        while (page := await self._history.bars(kind, symbol, timeframe, begin, end)).ts_open.size:
            pages.append(page)
            begin = int(page.ts_close[-1])
        return joined_bars(*pages)

    async def rates(self, symbol: str, span: tuple[int, int]) -> Rates:
        """The funding of a perpetual between two closes (UTC ns); it is due on whole hours, and else not asked for.

        Raises:
            DataError: the answer makes no sense.
            VenueError: the venue cannot be asked now.
        """
        if not has_whole_hour(span):
            return np.empty(0, np.int64), np.empty(0, np.float64)
        ts, rates = await self._history.rates(symbol, span[0] - _SLACK_NS, span[1])
        hours, _ = whole_hours(ts)
        inside = (hours >= span[0]) & (hours < span[1])
        return hours[inside], rates[inside]

    async def _now(self) -> int:
        # The venue's time, and how much faster than ours it passes.
        now, ours = await self._history.now(), self._clock.monotonic()
        if self._looked is not None and ours < self._looked[0] + _SHORTEST_LOOK_S:
            return now
        if self._looked is not None:
            pace = (now - self._looked[1]) / SECOND_NS / (ours - self._looked[0])
            self._pace = min(max(pace, 1.0), _FASTEST)
        self._looked = ours, now
        return now

    def _last_close(self, now: int) -> int:
        return int(floor_stamps(np.array([now]), self._frame)[0])
