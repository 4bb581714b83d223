"""A feed on a scripted venue, in simulated time: one trap after the other."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Sequence
from contextlib import aclosing
from typing import Any

import pytest

from tradewright.adapters.venues.binance.house_rules import usdm_address, verdict
from tradewright.adapters.venues.binance.live import BinanceDialect
from tradewright.adapters.venues.streaming.live_feed import FeedTerms, LiveFeed
from tradewright.adapters.venues.transport.client import Client, Patience
from tradewright.adapters.venues.transport.door import Door
from tradewright.domain.errors import InvalidValue, UnknownName
from tradewright.domain.market_events import (
    Bar,
    Channel,
    FeedState,
    MarketEvent,
    Quote,
    StateChanged,
    Subscription,
    Tick,
)
from tradewright.domain.timeframe import Timeframe
from tradewright.testing.scripted_venue import Faults, ScriptedVenue
from tradewright.testing.simulated_time import SimulatedClock, run_simulated

M1 = Timeframe.parse("1m")
BTC = "BTC/USDT:USDT"
ALL = (
    Subscription(Channel.BARS, BTC, M1),
    *(Subscription(channel, BTC) for channel in (Channel.TICKS, Channel.QUOTES, Channel.BOOK, Channel.MARKS)),
)
During = Callable[[ScriptedVenue], Any]


def a_feed(venue: ScriptedVenue, clock: SimulatedClock, **terms: Any) -> LiveFeed:
    """A feed of the scripted venue."""
    chance = random.Random(1)
    client = Client(
        "binance", venue, Door(usdm_address(), verdict=verdict), clock, patience=Patience(reads_s=5.0), chance=chance
    )
    return LiveFeed(BinanceDialect(client, "wss://venue"), venue, clock, FeedTerms(**terms), chance)


def listen(
    seconds: float,
    wanted: Sequence[Subscription] = ALL,
    during: During | None = None,
    faults: Faults | None = None,
    step_s: float = 2.0,
    **terms: Any,
) -> tuple[list[MarketEvent], ScriptedVenue]:
    """Events of so many simulated seconds."""
    events: list[MarketEvent] = []
    clock = SimulatedClock()

    async def act() -> ScriptedVenue:
        venue = ScriptedVenue(clock, 1, faults or Faults(), step_s=step_s)
        trading = asyncio.create_task(venue.live())
        others = asyncio.create_task(during(venue)) if during else None
        try:
            async with asyncio.timeout(seconds), aclosing(a_feed(venue, clock, **terms).events(wanted)) as heard:
                async for event in heard:
                    events.append(event)  # noqa: PERF401 - what came before the end counts
        except TimeoutError:
            pass
        trading.cancel()
        if others:
            others.cancel()
        return venue

    return events, run_simulated(act)


def states(events: Sequence[MarketEvent], state: FeedState) -> list[StateChanged]:
    """Words about the stream of one kind."""
    return [event for event in events if isinstance(event, StateChanged) and event.state is state]


def ticks(events: Sequence[MarketEvent]) -> list[int]:
    """Numbers of the ticks."""
    return [event.id for event in events if isinstance(event, Tick)]


def bars(events: Sequence[MarketEvent]) -> list[int]:
    """Open times of the bars, in minutes from the first."""
    found = [event.ts_open // M1.ns for event in events if isinstance(event, Bar)]
    return [minute - found[0] for minute in found]


def test_everything_that_was_asked_for_is_told() -> None:
    """Bars when they have closed, ticks, quotes, the book and marks, over two connections: public and market."""
    events, venue = listen(200)
    assert [0, 1, 2] == bars(events)
    assert 95 < len(ticks(events))
    assert 2 == venue.dials
    assert 2 == len(states(events, FeedState.LIVE))
    assert {"Bar", "Tick", "Quote", "BookUpdate", "Mark", "StateChanged"} == {type(event).__name__ for event in events}
    assert all(bar.ts_seen >= bar.ts_close for bar in events if isinstance(bar, Bar))


def test_each_stream_is_asked_for_on_the_path_that_tells_it() -> None:
    """Since 2026 books and quotes are on /public, all else on /market; on the wrong path a stream stays silent."""
    _, venue = listen(5)
    clock = SimulatedClock()

    async def act() -> dict[str, set[str]]:
        dialect = a_feed(venue, clock)._dialect
        await dialect.prepare(ALL)
        return {line.url: set(line.names) for line in dialect.lines(ALL)}

    assert {
        "wss://venue/public/stream": {"btcusdt@bookTicker", "btcusdt@depth@100ms", "btcusdt@depth5@500ms"},
        "wss://venue/market/stream": {"btcusdt@kline_1m", "btcusdt@aggTrade", "btcusdt@markPrice@1s"},
    } == run_simulated(act)


def test_many_streams_are_shared_out_over_lines_and_requests() -> None:
    """450 symbols: no line has more than 200 streams, no request more than 100, and a lively stream is on each line."""
    names = tuple(f"S{number:03d}USDT" for number in range(450))
    wanted = [
        Subscription(channel, f"S{number:03d}/USDT:USDT", M1 if channel is Channel.BARS else None)
        for number in range(450)
        for channel in (Channel.BARS, Channel.QUOTES)
    ]
    clock = SimulatedClock()

    async def act() -> Sequence[Any]:
        dialect = a_feed(ScriptedVenue(clock, 1, Faults(), names), clock)._dialect
        await dialect.prepare(wanted)
        return dialect.lines(wanted)

    lines = run_simulated(act)
    assert 6 == len(lines)
    assert all(len(line.names) <= 200 for line in lines)
    asked = [[name for text in line.requests for name in json.loads(text)["params"]] for line in lines]
    assert all(len(json.loads(text)["params"]) <= 100 for line in lines for text in line.requests)
    assert [set(line.names) for line in lines] == [set(names) for names in asked]
    assert 900 == sum(owner is not None for line in lines for owner in line.names.values())
    lively = [[name for name, owner in line.names.items() if owner is None] for line in lines]
    assert [["s000usdt@depth5@500ms"]] * 3 + [["s000usdt@markPrice@1s"]] * 3 == lively


def test_a_quiet_market_on_a_line_that_lives_is_left_in_peace() -> None:
    """A symbol that nobody trades tells nothing for minutes; its connection is kept, because another stream speaks."""

    async def beat(venue: ScriptedVenue) -> None:
        while True:
            await asyncio.sleep(0.5)
            now = venue.now_ms()
            venue._tell("btcusdt@depth5@500ms", {"e": "depthUpdate", "E": now, "T": now, "s": "BTCUSDT"})

    events, venue = listen(100, (Subscription(Channel.QUOTES, BTC),), during=beat, step_s=60.0)
    assert 1 == venue.dials
    assert [] == states(events, FeedState.STALE)


async def _end_all(venue: ScriptedVenue, at: float) -> None:
    await asyncio.sleep(at)
    for link in tuple(venue._links):
        link.end("closed with 1001")


def test_after_a_break_what_was_missed_is_asked_for_and_told_in_its_place() -> None:
    """Trap 6.5: the server closes; the feed dials again, and ticks and bars go on without a hole or a double."""
    events, venue = listen(200, during=lambda venue: _end_all(venue, 55.0))
    numbers = ticks(events)
    assert list(range(numbers[0], numbers[0] + len(numbers))) == numbers
    assert [0, 1, 2] == bars(events)
    assert 4 == venue.dials
    assert states(events, FeedState.STALE)[0].words.startswith("the connection was lost")


def test_a_server_that_answers_pings_and_tells_nothing_is_left() -> None:
    """Trap 6.4: a socket that stays open and silent is dialled anew after ten seconds, and nothing is missing."""

    async def silence(venue: ScriptedVenue) -> None:
        await asyncio.sleep(30.0)
        for link in venue._links:
            link.is_silent = True

    events, _ = listen(120, during=silence)
    stale = states(events, FeedState.STALE)
    assert ["nothing was told for 10 s"] * 2 == [said.words for said in stale]
    assert all(9.0 <= said.age_ns / 1e9 <= 13.0 for said in stale)
    numbers = ticks(events)
    assert list(range(numbers[0], numbers[0] + len(numbers))) == numbers


def test_a_refused_dial_is_tried_again_after_the_time_that_the_venue_asks_for() -> None:
    """Trap 6.5: back-off, and Retry-After where it is longer."""
    events, venue = listen(60, faults=Faults(until=10.0, refuse=1.0))
    assert 3 < venue.dials < 30
    assert "status 503" in states(events, FeedState.STALE)[0].words
    assert ticks(events)


def test_a_subscription_that_nobody_acknowledges_is_asked_for_anew() -> None:
    """After five seconds without word the connection is given up."""
    events, _ = listen(60, faults=Faults(until=4.0, deaf=1.0))
    assert "no subscription was acknowledged for 5 s" == states(events, FeedState.STALE)[0].words
    assert ticks(events)


def test_a_connection_is_renewed_before_the_venue_ends_it() -> None:
    """Section 3: after 24 hours the venue hangs up; shortened here, each end leaves no hole."""
    events, venue = listen(200, life_s=40.0)
    assert 8 <= venue.dials
    numbers = ticks(events)
    assert list(range(numbers[0], numbers[0] + len(numbers))) == numbers
    assert [0, 1, 2] == bars(events)


@pytest.mark.parametrize("fault", ["lose", "double", "turn", "garble"])
def test_lost_doubled_turned_and_cut_messages_leave_no_trace(fault: str) -> None:
    """One message in ten is struck; ticks and bars are whole all the same."""
    events, _ = listen(400, faults=Faults(until=300.0, **{fault: 0.1}))
    numbers = ticks(events)
    assert list(range(numbers[0], numbers[0] + len(numbers))) == numbers
    assert list(range(6)) == bars(events)


def test_a_reader_that_is_slow_is_waited_for_and_memory_stays_bounded() -> None:
    """Who takes an event in a second gets all ticks, the newest quote only, and never more than the bound waits."""
    clock, most, waiting = SimulatedClock(), 20, list[int]()
    events: list[MarketEvent] = []

    async def act() -> None:
        venue = ScriptedVenue(clock, 1, Faults(), step_s=0.2)
        trading = asyncio.create_task(venue.live())
        feed = a_feed(venue, clock, most_waiting=most)
        async with aclosing(feed.events((*ALL[1:3],))) as heard:
            async for event in heard:
                events.append(event)
                await clock.sleep(1.0)
                waiting.append(sum(len(link._waiting) for link in venue._links))
                if len(events) == 200:
                    break
        trading.cancel()

    run_simulated(act)
    numbers = ticks(events)
    assert list(range(numbers[0], numbers[0] + len(numbers))) == numbers
    assert 100 < sum(isinstance(event, Tick) for event in events)
    assert max(waiting) > 20  # the socket, not our memory, holds the rest
    assert any(isinstance(event, Quote) for event in events)


def test_a_clock_of_ours_that_is_wrong_shows_no_bar_early_and_loses_none() -> None:
    """Five minutes ahead or behind, the venue's time is known, and bars come when they have closed there."""
    for ahead_ms in (-300_000, 300_000):
        events, _ = listen(200, faults=Faults(until=150.0, ahead_ms=ahead_ms, lose=0.3))
        assert [0, 1, 2] == bars(events)
        early = [bar for bar in events if isinstance(bar, Bar) and bar.ts_seen - ahead_ms * 1_000_000 < bar.ts_close]
        assert [] == early


def test_what_a_venue_does_not_have_is_refused_in_words() -> None:
    """An unknown symbol, a length without bars, the same thing twice."""
    with pytest.raises(UnknownName, match="ETH/USDT:USDT"):
        listen(5, (Subscription(Channel.TICKS, "ETH/USDT:USDT"),))
    with pytest.raises(InvalidValue, match="'10m' is not allowed; give one of 1m"):
        listen(5, (Subscription(Channel.BARS, BTC, Timeframe.parse("10m")),))
    with pytest.raises(InvalidValue, match="at least one, each once"):
        listen(5, (ALL[0], ALL[0]))
    with pytest.raises(InvalidValue, match="timeframe"):
        Subscription(Channel.TICKS, BTC, M1)
