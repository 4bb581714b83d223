"""What every `Feed` must keep, as tests: inherit them and give them a feed.

::

    class TestMyFeed(FeedSuite):
        @pytest.fixture
        def hear(self) -> Hear:
            return lambda wanted: my_events_of_some_minutes(wanted)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import pytest

from tradewright.domain.errors import InvalidValue, UnknownName
from tradewright.domain.market_events import (
    Bar,
    BookUpdate,
    Channel,
    FeedState,
    Mark,
    MarketEvent,
    Quote,
    StateChanged,
    Subscription,
    Tick,
)
from tradewright.domain.timeframe import Timeframe
from tradewright.ports.feed import FeedAbilities

__all__ = ["FeedSuite", "Hear", "Heard"]

_M1 = Timeframe.parse("1m")


class Heard(NamedTuple):
    """What a feed told.

    Attributes:
        events: in the order in which they were told, of at least three minutes of a market that trades.
        abilities: of the feed.
    """

    events: list[MarketEvent]
    abilities: FeedAbilities


Hear = Callable[[Sequence[Subscription]], Heard]


class FeedSuite:
    """The contract of `ports.feed.Feed`."""

    symbol = "BTC/USDT:USDT"

    def wanted(self, hear: Hear, *channels: Channel) -> list[MarketEvent]:
        """Events of those channels that the feed has; skipped where it has none of them."""
        bars = Subscription(Channel.BARS, self.symbol, _M1)
        able = hear([bars]).abilities.channels
        chosen = [one for one in channels if one in able]
        if not chosen:
            pytest.skip("the feed has no such channel")
        subscriptions = [bars if one is Channel.BARS else Subscription(one, self.symbol) for one in chosen]
        return hear(subscriptions).events

    def test_bars_are_whole_consecutive_and_closed(self, hear: Hear) -> None:
        """Each minute once, in order, not before it was over; high and low hold open and close."""
        bars = [event for event in self.wanted(hear, Channel.BARS) if isinstance(event, Bar)]
        assert bars
        assert {_M1.ns} >= {after.ts_open - before.ts_open for before, after in pairwise(bars)}
        assert {0} == {bar.ts_open % _M1.ns for bar in bars}
        for bar in bars:
            assert bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high
            assert bar.ts_close <= bar.ts_seen

    def test_ticks_are_told_once_and_in_order(self, hear: Hear) -> None:
        """Numbers rise, times do not fall, quantities are above 0; where all is asked for, no number is left out."""
        bars = hear([Subscription(Channel.BARS, self.symbol, _M1)])
        ticks = [event for event in self.wanted(hear, Channel.TICKS) if isinstance(event, Tick)]
        assert ticks
        steps = {after.id - before.id for before, after in pairwise(ticks)}
        assert min(steps, default=1) >= 1
        if Channel.TICKS in bars.abilities.filled:
            assert {1} >= steps
        assert all(before.ts <= after.ts for before, after in pairwise(ticks))
        assert all(tick.quantity > 0 and tick.price > 0 for tick in ticks)

    def test_newer_quotes_and_marks_are_never_followed_by_older_ones(self, hear: Hear) -> None:
        """Sequences of quotes rise, times of marks too, and a bid is below its ask."""
        events = self.wanted(hear, Channel.QUOTES, Channel.MARKS)
        quotes = [event for event in events if isinstance(event, Quote)]
        marks = [event for event in events if isinstance(event, Mark)]
        assert quotes or marks
        assert all(before.sequence < after.sequence for before, after in pairwise(quotes))
        assert all(before.ts < after.ts for before, after in pairwise(marks))
        assert all(0 < quote.bid < quote.ask for quote in quotes)

    def test_a_book_begins_with_a_snapshot_and_is_never_crossed(self, hear: Hear) -> None:
        """Changes follow a snapshot; after each of them the best bid is below the best ask."""
        updates = [event for event in self.wanted(hear, Channel.BOOK) if isinstance(event, BookUpdate)]
        assert updates
        assert updates[0].is_snapshot
        bids, asks = dict[float, float](), dict[float, float]()
        for update in updates:
            if update.is_snapshot:
                bids, asks = {}, {}
            for side, levels in ((bids, update.bids), (asks, update.asks)):
                side.update(dict(levels))
            best = max(price for price, lots in bids.items() if lots), min(p for p, lots in asks.items() if lots)
            assert best[0] < best[1]
        assert all(one.last_id < other.last_id for one, other in pairwise(updates) if not other.is_snapshot)

    def test_it_says_when_it_is_live_and_is_known_in_order_of_time(self, hear: Hear) -> None:
        """Each subscription is said to be live before its first event, and what is told later was not seen earlier."""
        events = self.wanted(hear, Channel.TICKS, Channel.QUOTES)
        live: set[Subscription] = set()
        for event in events:
            if isinstance(event, StateChanged):
                live |= set(event.subscriptions) if event.state is FeedState.LIVE else set()
            elif isinstance(event, Tick | Quote):
                channel = Channel.TICKS if isinstance(event, Tick) else Channel.QUOTES
                assert Subscription(channel, event.symbol) in live
        for kind in (Tick, Quote):
            seen = [event.ts_seen for event in events if isinstance(event, kind)]
            assert sorted(seen) == seen

    def test_what_it_cannot_tell_is_refused(self, hear: Hear) -> None:
        """A symbol that is not traded, a length that has no bars, the same thing twice, nothing at all."""
        bars = Subscription(Channel.BARS, self.symbol, _M1)
        with pytest.raises(UnknownName):
            hear([Subscription(Channel.BARS, "NOSUCH/USDT:USDT", _M1)])
        with pytest.raises(InvalidValue, match="timeframe"):
            hear([Subscription(Channel.BARS, self.symbol, Timeframe.parse("40m"))])
        for wanted in ([bars, bars], []):
            with pytest.raises(InvalidValue, match="subscriptions"):
                hear(wanted)
