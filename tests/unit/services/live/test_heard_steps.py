"""Bars that a venue's stream tells: used at once where they are whole, asked for where they are not, and checked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from typing import Any

import numpy as np

from tradewright.domain.errors import VenueUnavailable
from tradewright.domain.instrument import Instrument
from tradewright.domain.market_events import Bar, Channel, Mark, MarketEvent, Subscription
from tradewright.domain.run import RunSpec
from tradewright.domain.timeframe import SECOND_NS, Timeframe
from tradewright.engine.feed import Feed
from tradewright.market.bars import Bars, empty_bars, make_bars
from tradewright.market.steps import Step
from tradewright.ports.feed import FeedAbilities
from tradewright.ports.funding_store import Rates
from tradewright.ports.history import BarKind
from tradewright.services.live.heard_steps import HeardSteps
from tradewright.services.paper.venue_steps import VenueSteps
from tradewright.testing.simulated_time import SimulatedClock, run_simulated

MINUTE = Timeframe.parse("1m")
BEGIN = 1_700_006_400 * SECOND_NS + 10 * MINUTE.ns  # ten past midnight: no funding is due for long
ONE, TWO = "BTC/USDT:USDT", "ETH/USDT:USDT"
SPEC = RunSpec("simple_test", "1", (), "desk", (ONE, TWO), "1m")


def price(symbol: str, ts_open: int, kind: BarKind = "candles") -> float:
    """Of a bar: what the venue has, and a good stream tells."""
    return 100.0 + (symbol == TWO) + ts_open // MINUTE.ns % 60 + 0.5 * (kind == "mark")


def feeds(*, marked: bool = False) -> tuple[Feed, ...]:
    """Of both instruments."""
    marks = empty_bars() if marked else None
    own = [Instrument(symbol, "desk", tick_size="0.1", lot_size="0.01") for symbol in (ONE, TWO)]
    return tuple(Feed(instrument, empty_bars(), mark=marks) for instrument in own)


def told(symbol: str, ts_open: int, **changes: float) -> Bar:
    """A bar as the stream tells it."""
    at = price(symbol, ts_open)
    return Bar(symbol, MINUTE, ts_open, at, at + 1, at - 1, at, 5.0, ts_open + MINUTE.ns)._replace(**changes)


class Venue:
    """A history that answers at once and notes what it was asked, and a stream that tells what a test puts in."""

    def __init__(self, start: int) -> None:
        self.clock = SimulatedClock(start)
        self.asked: list[tuple[str, str]] = []
        self.is_down = False
        self.news: asyncio.Queue[MarketEvent] = asyncio.Queue()
        self.notes: list[str] = []
        self.steps = HeardSteps(VenueSteps(self, SPEC, self.clock), SPEC, self.clock, self, self.notes.append)

    venue = "desk"
    abilities = FeedAbilities("desk", frozenset(Channel), frozenset({Channel.BARS}), ("1m",))

    def _hear(self, kind: str, symbol: str) -> None:
        if self.is_down:
            raise VenueUnavailable("desk: nobody answers")
        self.asked.append((kind, symbol))

    async def instruments(self) -> Mapping[str, Instrument]:
        """See `ports.history.History`."""
        return {feed.instrument.symbol: feed.instrument for feed in feeds()}

    async def now(self) -> int:
        """See `ports.history.History`."""
        if self.is_down:
            raise VenueUnavailable("desk: nobody answers")
        return self.clock.now_ns()

    async def bars(self, kind: BarKind, symbol: str, timeframe: Timeframe, start: int, end: int) -> Bars:
        """See `ports.history.History`."""
        if start >= end:
            return empty_bars()
        self._hear(kind, symbol)
        opens = np.arange(start, end, timeframe.ns, dtype=np.int64)
        at = np.array([price(symbol, ts, kind) for ts in opens.tolist()])
        return make_bars(opens, (at, at + 1, at - 1, at), np.full(opens.size, 5.0 * (kind == "candles")), timeframe)

    async def rates(self, symbol: str, start: int, end: int) -> Rates:
        """See `ports.history.History`: a rate each hour."""
        self._hear("rates", symbol)
        hours = np.arange(-(-start // (60 * MINUTE.ns)) * 60 * MINUTE.ns, end + 1, 60 * MINUTE.ns, dtype=np.int64)
        return hours, np.full(hours.size, 0.0001)

    async def events(self, wanted: Sequence[Subscription]) -> AsyncIterator[MarketEvent]:
        """See `ports.feed.Feed`."""
        assert {one.symbol for one in wanted} == {ONE, TWO}
        while True:
            yield await self.news.get()

    def tell(self, *events: MarketEvent) -> None:
        """Let the stream tell."""
        for event in events:
            self.news.put_nowait(event)

    async def at(self, ts: int) -> None:
        """Wait for a time, UTC ns."""
        await self.clock.sleep((ts - self.clock.now_ns()) / SECOND_NS)

    def candles(self) -> list[str]:
        """Instruments whose candles were asked for since the last look."""
        asked, self.asked = self.asked, []
        return [symbol for kind, symbol in asked if kind == "candles"]


class SlowVenue(Venue):
    """A second passes before it answers a question for bars."""

    async def bars(self, kind: BarKind, symbol: str, timeframe: Timeframe, start: int, end: int) -> Bars:
        """See `ports.history.History`."""
        if start < end:
            await self.clock.sleep(1.0)
        return await super().bars(kind, symbol, timeframe, start, end)


def test_what_a_session_begins_with_is_asked_for_side_by_side() -> None:
    """The last bars of two instruments are there when the first answer is; each has its own."""

    async def act() -> tuple[tuple[Feed, ...], float]:
        venue = SlowVenue(BEGIN)
        found = await VenueSteps(venue, SPEC, venue.clock).beginning(30)
        return found, (venue.clock.now_ns() - BEGIN) / SECOND_NS

    found, seconds = run_simulated(act)
    assert 1.0 == seconds
    assert [ONE, TWO] == [feed.instrument.symbol for feed in found]
    for feed in found:
        assert feed.context is not None
        opens = feed.context.ts_open.tolist()
        assert 30 == len(opens)
        assert [price(feed.instrument.symbol, ts) for ts in opens] == feed.context.open.tolist()


Trial = Callable[[Venue], Coroutine[Any, Any, None]]


def played(trial: Trial, start: int = BEGIN, *, marked: bool = False) -> None:
    """Play a trial beside a session that listens."""

    async def whole() -> None:
        venue = Venue(start)
        listening = asyncio.create_task(venue.steps.listen(feeds(marked=marked)))
        await trial(venue)
        listening.cancel()

    run_simulated(whole)


async def asked_for(begin: int, end: int, *, marked: bool = False) -> tuple[Step, ...]:
    """The steps between two closes as the venue's history alone has them."""
    other = Venue(end)
    return await VenueSteps(other, SPEC, other.clock).between((begin, end), feeds(marked=marked))


def test_step_that_was_told_whole_comes_with_its_last_bar_and_is_the_one_that_asking_gives() -> None:
    """Nothing is asked for, nothing waited for; and the two ways cannot be told apart."""

    async def trial(venue: Venue) -> None:
        step = asyncio.create_task(venue.steps.after(BEGIN, feeds()))
        close = BEGIN + MINUTE.ns
        await venue.at(close + 10_000_000)
        venue.tell(told(ONE, BEGIN), told(TWO, BEGIN))
        assert await asked_for(BEGIN, close) == await step
        assert venue.clock.now_ns() < close + 20_000_000
        assert [] == venue.candles()

    played(trial)


def test_only_what_was_not_told_is_asked_for_a_second_after_the_close() -> None:
    """An instrument that is silent, or whose bar makes no sense, is asked for; the other is not."""

    async def trial(venue: Venue) -> None:
        step = asyncio.create_task(venue.steps.after(BEGIN, feeds()))
        close = BEGIN + MINUTE.ns
        await venue.at(close)
        venue.tell(told(ONE, BEGIN), told(TWO, BEGIN, high=1.0))
        assert await asked_for(BEGIN, close) == await step
        assert close + SECOND_NS <= venue.clock.now_ns() < close + 2 * SECOND_NS
        assert [TWO] == venue.candles()

    played(trial)


def test_silent_stream_costs_a_second_and_no_bar() -> None:
    """Every bar comes, once and in order, without a word of the stream."""

    async def trial(venue: Venue) -> None:
        steps: list[Step] = []
        for number in range(3):
            steps += await venue.steps.after(BEGIN + number * MINUTE.ns, feeds())
        assert list(await asked_for(BEGIN, BEGIN + 3 * MINUTE.ns)) == steps
        assert venue.clock.now_ns() < BEGIN + 3 * MINUTE.ns + 2 * SECOND_NS

    played(trial)


def test_bars_that_nobody_took_come_together_and_a_gap_is_filled() -> None:
    """Two closes later there are two steps; a bar that was left out between them is asked for, and has its place."""

    async def trial(venue: Venue) -> None:
        second = BEGIN + MINUTE.ns
        await venue.at(BEGIN + 2 * MINUTE.ns)
        venue.tell(told(ONE, BEGIN), told(TWO, BEGIN), told(ONE, second), told(TWO, second))
        assert await asked_for(BEGIN, BEGIN + 2 * MINUTE.ns) == await venue.steps.after(BEGIN, feeds())
        assert [] == venue.candles()
        begin = BEGIN + 2 * MINUTE.ns
        await venue.at(begin + 2 * MINUTE.ns)
        venue.tell(told(ONE, begin), told(ONE, begin + MINUTE.ns), told(TWO, begin + MINUTE.ns))
        assert await asked_for(begin, begin + 2 * MINUTE.ns) == await venue.steps.after(begin, feeds())
        assert {TWO} == set(venue.candles())  # once more to see that it was told the truth

    played(trial)


def test_stream_goes_on_while_the_venue_cannot_be_asked() -> None:
    """The rest before the next try ends with the bars that were told, and the step needs no question."""

    async def trial(venue: Venue) -> None:
        venue.is_down = True
        close = BEGIN + MINUTE.ns
        resting = asyncio.create_task(venue.steps.rest(BEGIN, 600.0))
        await venue.at(close)
        venue.tell(told(ONE, BEGIN), told(TWO, BEGIN))
        await resting
        assert await asked_for(BEGIN, close) == await venue.steps.after(BEGIN, feeds())
        assert venue.clock.now_ns() < close + SECOND_NS

    played(trial)


def test_instrument_whose_stream_told_something_else_is_asked_for_from_then_on() -> None:
    """What was told is held against the venue's history within some bars; it is said, and not believed again."""

    async def trial(venue: Venue) -> None:
        for number in range(3):
            begin = BEGIN + number * MINUTE.ns
            step = asyncio.create_task(venue.steps.after(begin, feeds()))
            await venue.at(begin + MINUTE.ns)
            venue.candles()
            venue.tell(told(ONE, begin, close=price(ONE, begin) + 0.5), told(TWO, begin))
            await step
        words = "its stream told other bars than the venue has since 2023-11-15T00:10:00Z: it is asked now"
        assert [f"{ONE}: {words}"] == venue.notes
        assert [ONE] == venue.candles()

    played(trial)


def test_funding_is_asked_for_before_the_close_that_needs_it() -> None:
    """On the hour there are payments in the step, and its close still waits for nothing."""
    hour = BEGIN + 50 * MINUTE.ns

    async def trial(venue: Venue) -> None:
        step = asyncio.create_task(venue.steps.after(hour, feeds()))
        await venue.at(hour + MINUTE.ns)
        assert [("rates", ONE), ("rates", TWO)] == venue.asked
        venue.tell(told(ONE, hour), told(TWO, hour))
        (one,) = await step
        assert [(ONE, hour, 0.0001), (TWO, hour, 0.0001)] == [(own.symbol, own.ts, own.rate) for own in one.funding]
        assert (one,) == await asked_for(hour, hour + MINUTE.ns)
        assert venue.clock.now_ns() < hour + MINUTE.ns + SECOND_NS

    played(trial, hour)


def test_mark_prices_are_used_where_they_were_told_from_beginning_to_end() -> None:
    """First, highest, lowest and last of what was told; those of an instrument with a hole are asked for."""

    async def trial(venue: Venue) -> None:
        step = asyncio.create_task(venue.steps.after(BEGIN, feeds(marked=True)))
        await venue.at(BEGIN + MINUTE.ns)
        for second in range(60):
            at = BEGIN + second * SECOND_NS
            venue.tell(Mark(ONE, at, 50.0 + second % 7, 0.0, 0.0, 0, at))
            if not 20 <= second < 30:
                venue.tell(Mark(TWO, at, 50.0, 0.0, 0.0, 0, at))
        venue.tell(told(ONE, BEGIN), told(TWO, BEGIN))
        (one,) = await step
        assert (50.0, 56.0, 50.0, 53.0) == one.marks[ONE][:4]
        assert price(TWO, BEGIN, "mark") == one.marks[TWO].close
        assert [("mark", TWO)] == venue.asked

    played(trial, marked=True)
