"""The steps of a session at a venue: as its streams tell them, and asked for where they do not.

What was told whole is used at once. What has not been told a second after the close is asked for, instrument by
instrument. In the middle of each bar some instruments are asked for again, to see that they were told the truth.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np

from tradewright.domain.errors import DataError, VenueError
from tradewright.domain.market_events import Channel, Subscription
from tradewright.domain.run import RunSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.domain.times import iso
from tradewright.engine.feed import Feed
from tradewright.market.bars import make_bars
from tradewright.market.steps import Bar, Funding, Step
from tradewright.ports.clock import Clock
from tradewright.ports.feed import Feed as Stream
from tradewright.services.ending import end_all
from tradewright.services.live.heard_bars import HeardBars
from tradewright.services.paper.venue_steps import Told, VenueSteps, has_whole_hour

__all__ = ["HeardSteps"]

_GRACE_S = 1.0
_FIRST_WAIT_S, _MOST_WAIT_S = 0.5, 15.0
_CHECKED_EVERY, _MOST_KEPT = 20, 100  # bars, of each instrument


class HeardSteps:
    """See the module.

    Args:
        asked: asks the same venue.
        spec: of the session's run.
        clock: to wait by.
        stream: of the venue's markets; None asks for everything.
        noted: told what a person should know.
    """

    def __init__(
        self, asked: VenueSteps, spec: RunSpec, clock: Clock, stream: Stream | None, noted: Callable[[str], None]
    ) -> None:
        self._asked, self._spec, self._clock, self._stream, self._noted = asked, spec, clock, stream, noted
        self._frame = Timeframe.parse(spec.timeframe)
        self._heard = HeardBars(spec.instruments, self._frame)
        self._payments: dict[int, tuple[Funding, ...]] = {}
        self._used = {symbol: deque[tuple[int, Bar]](maxlen=_MOST_KEPT) for symbol in spec.instruments}
        self._turn = 0

    async def listen(self, feeds: Sequence[Feed]) -> None:
        """Hear the venue's streams, until cancelled."""
        if self._stream is None:
            return
        wanted = [Subscription(Channel.BARS, feed.instrument.symbol, self._frame) for feed in feeds]
        wanted += [Subscription(Channel.MARKS, feed.instrument.symbol) for feed in feeds if feed.mark is not None]
        wait = _FIRST_WAIT_S
        while True:
            with suppress(VenueError, DataError):
                async for event in self._stream.events(wanted):
                    self._heard.hear(event)
                    wait = _FIRST_WAIT_S
            await self._clock.sleep(wait)
            wait = min(2 * wait, _MOST_WAIT_S)

    async def after(self, last_close: int, feeds: Sequence[Feed]) -> tuple[Step, ...]:
        """See `VenueSteps.after`."""
        if self._stream is None:
            return await self._asked.after(last_close, feeds)
        self._heard.let_go(last_close)
        heard = asyncio.create_task(self._heard.whole_after(last_close))
        late = asyncio.create_task(self._asked.until(last_close + self._frame.ns, _GRACE_S))
        spare = asyncio.create_task(self._use_time(last_close, feeds))
        try:
            await asyncio.wait((heard, late), return_when=asyncio.FIRST_COMPLETED)
            end = heard.result() if heard.done() else self._frame.floor(late.result())
        finally:
            await end_all(heard, late, spare)
        span = last_close, end
        step = self._whole(span, feeds)
        steps = await self._asked.between(span, feeds, self._told(span)) if step is None else (step,)
        for symbol, used in self._used.items():
            told = ((ts, self._heard.bar(symbol, ts)) for ts in range(*span, self._frame.ns))
            used.extend((ts, bar) for ts, bar in told if bar is not None)
        return steps

    def _whole(self, span: tuple[int, int], feeds: Sequence[Feed]) -> Step | None:
        # The one step of a span that was told whole; None where something must be asked for, or be laid on a grid.
        begin, end = span
        payments = self._payments.get(begin) if has_whole_hour(span) else ()
        if end - begin != self._frame.ns or payments is None:
            return None
        bars, marks = {}, {}
        for feed in feeds:
            symbol = feed.instrument.symbol
            bar, mark = self._heard.bar(symbol, begin), self._heard.mark(symbol, begin)
            if bar is None or (mark is None and feed.mark is not None):
                return None
            bars[symbol] = bar
            if mark is not None and feed.mark is not None:
                marks[symbol] = mark
        return Step(begin, end, bars, marks, payments)

    async def rest(self, last_close: int, seconds: float) -> None:
        """Wait before the venue is asked again, or until its streams have told what it would be asked for."""
        heard = asyncio.create_task(self._heard.whole_after(last_close))
        over = asyncio.create_task(self._clock.sleep(seconds))
        try:
            await asyncio.wait((heard, over), return_when=asyncio.FIRST_COMPLETED)
        finally:
            await end_all(heard, over)

    def _told(self, span: tuple[int, int]) -> Told:
        symbols = self._spec.instruments
        bars = {symbol: bars for symbol in symbols if (bars := self._heard.bars(symbol, span)) is not None}
        marks = {symbol: marks for symbol in symbols if (marks := self._heard.marks(symbol, span)) is not None}
        return Told(bars, marks)

    async def _use_time(self, begin: int, feeds: Sequence[Feed]) -> None:
        # The middle of a bar has time for what would make its close wait.
        with suppress(VenueError, DataError):
            await self._asked.until(begin + self._frame.ns // 2)
            await self._ask_payments(begin, feeds)
            await self._check_some()

    async def _ask_payments(self, begin: int, feeds: Sequence[Feed]) -> None:
        # Funding that is due on the hour is known soon after, long before the bar that begins there has closed; what
        # the payments of a step are does not hang on its prices.
        span = begin, begin + self._frame.ns
        self._payments.clear()
        if has_whole_hour((begin, begin + self._frame.ns // 4)):
            one = make_bars(np.array([begin]), (np.ones(1),) * 4, np.zeros(1), self._frame)
            bare = [replace(feed, instrument=replace(feed.instrument, tick_size="1")) for feed in feeds]
            known = {feed.instrument.symbol: one for feed in feeds}
            (step,) = await self._asked.between(span, bare, Told(known, known))
            self._payments[begin] = step.funding

    async def _check_some(self) -> None:
        count = -(-len(self._used) // _CHECKED_EVERY)
        symbols = (*self._used, *self._used)[self._turn : self._turn + count]
        self._turn = (self._turn + count) % len(self._used)
        for symbol in symbols:
            if told := dict(self._used[symbol]):
                await self._check(symbol, told)
                self._used[symbol].clear()

    async def _check(self, symbol: str, told: dict[int, Bar]) -> None:
        begin, end = min(told), max(told) + self._frame.ns
        asked = await self._asked.bars("candles", symbol, (begin, end))
        rows = zip(asked.ts_open.tolist(), *(column.tolist() for column in asked[2:]), strict=True)
        if told != {ts: Bar(*row) for ts, *row in rows if ts in told}:
            self._heard.doubt(symbol)
            self._noted(f"{symbol}: its stream told other bars than the venue has since {iso(begin)}: it is asked now")
