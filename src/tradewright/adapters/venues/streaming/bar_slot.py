"""Bars of one series: each once, in order, when it has closed; those that the stream left out are asked for."""

from __future__ import annotations

from collections.abc import Sequence

from tradewright.adapters.venues.streaming.slots import Ask, AskBars, Lost, Step
from tradewright.domain.market_events import Bar, MarketEvent, Subscription
from tradewright.domain.times import iso

__all__ = ["BarSlot"]

_MOST_HELD = 1_000


class BarSlot:
    """See `Slot`.

    Streams tell of a close some time after it, in quiet markets not at all, and what happened while they were broken
    never. So a bar is asked for when it is overdue, when a later one has begun, and after each break.

    Args:
        subscription: of bars.
        grace_ns: so long after its close a bar may be told before it is asked for.
        settle_ns: no bar is asked for before it has been closed for so long.
    """

    def __init__(self, subscription: Subscription, grace_ns: int, settle_ns: int) -> None:
        assert subscription.timeframe is not None
        self.subscription, self._timeframe = subscription, subscription.timeframe
        self._grace_ns, self._settle_ns = grace_ns, settle_ns
        self._next = -1
        self._held: dict[int, Bar] = {}
        self._doubt = False
        self._empty_at = -1

    def reconnected(self, venue_now: int) -> None:
        """See `Slot`: the first time, the bar that is open now will be the first; later, all since are in doubt."""
        if self._next < 0:
            self._next = self._timeframe.floor(venue_now)
        self._doubt = True

    def hear(self, bar: Bar, *, closed: bool) -> Step:
        """A message of the stream; of an open bar only its time is of use."""
        if self._next < 0 or bar.ts_open < self._next:
            return Step()
        if bar.ts_open > self._next:
            self._doubt = True
            if closed and len(self._held) < _MOST_HELD:
                self._held.setdefault(bar.ts_open, bar)
            return Step()
        return Step(self._told(bar)) if closed else Step()

    def wanted(self, venue_now: int) -> Ask | None:
        """See `Slot`."""
        if self._next < 0 or venue_now < self._next + self._timeframe.ns + self._settle_ns:
            self._doubt = self._doubt and bool(self._held)
            return None
        if not self._doubt and venue_now < self._next + self._timeframe.ns + self._grace_ns:
            return None
        end = self._timeframe.floor(venue_now - self._settle_ns)
        return AskBars(self._next, min([end, *self._held]))

    def answered(self, ask: Ask, answer: Sequence[MarketEvent]) -> Step:
        """See `Slot`: bars that are not there twice, while later ones are, do not exist."""
        assert isinstance(ask, AskBars)
        told: list[MarketEvent] = []
        lost: Lost | None = None
        bars = [bar for bar in answer if isinstance(bar, Bar) and ask.start <= bar.ts_open < ask.end]
        for bar in [*sorted(bars, key=lambda one: one.ts_open), *self._first_held()]:
            if bar.ts_open > self._next:
                if self._empty_at != self._next:
                    self._empty_at = self._next
                    return Step(told, lost, helped=bool(told))
                count = (bar.ts_open - self._next) // self._timeframe.ns
                lost = Lost(f"the venue has no {count} bars from {iso(self._next)}")
                self._next = bar.ts_open
            if bar.ts_open == self._next:
                told += self._told(bar)
        self._doubt = bool(self._held)
        return Step(told, lost, helped=bool(told))

    def _first_held(self) -> list[Bar]:
        return [self._held[min(self._held)]] if self._held else []

    def _told(self, bar: Bar) -> list[Bar]:
        """The bar, and those held back that follow it."""
        told = [bar]
        self._held.pop(bar.ts_open, None)
        self._next = bar.ts_close
        while (following := self._held.pop(self._next, None)) is not None:
            told.append(following._replace(ts_seen=max(following.ts_seen, told[-1].ts_seen)))
            self._next = following.ts_close
        return told
