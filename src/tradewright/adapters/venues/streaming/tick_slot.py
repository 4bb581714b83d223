"""Ticks of one instrument: each once, by their numbers; those that the stream left out are asked for."""

from __future__ import annotations

from collections.abc import Sequence

from tradewright.adapters.venues.streaming.slots import Ask, AskTicks, Lost, Step
from tradewright.domain.market_events import MarketEvent, Subscription, Tick

__all__ = ["TickSlot"]

_MOST_HELD = 20_000


class TickSlot:
    """See `Slot`. Numbers of one instrument are consecutive.

    Args:
        subscription: of ticks.
    """

    def __init__(self, subscription: Subscription) -> None:
        self.subscription = subscription
        self._next = -1
        self._held: dict[int, Tick] = {}
        self._doubt = False
        self._empty_at = -1

    def reconnected(self, venue_now: int) -> None:  # noqa: ARG002 - numbers say it
        """See `Slot`: what was printed meanwhile is asked for; the first time nothing is missing."""
        self._doubt = self._next >= 0

    def hear(self, tick: Tick) -> Step:
        """A message of the stream."""
        if self._next < 0:
            self._next = tick.id
        if tick.id < self._next:
            return Step()
        if tick.id > self._next:
            # What finds no room is asked for, as if it had not come.
            if len(self._held) < _MOST_HELD:
                self._held.setdefault(tick.id, tick)
            self._doubt = True
            return Step()
        return Step(self._told(tick))

    def wanted(self, venue_now: int) -> Ask | None:  # noqa: ARG002 - at any time
        """See `Slot`."""
        return AskTicks(self._next, min(self._held) - 1 if self._held else None) if self._doubt else None

    def answered(self, ask: Ask, answer: Sequence[MarketEvent]) -> Step:
        """See `Slot`: ticks that are not there twice, while later ones are, cannot be had any more."""
        assert isinstance(ask, AskTicks)
        told: list[MarketEvent] = []
        lost: Lost | None = None
        ticks = sorted((tick for tick in answer if isinstance(tick, Tick)), key=lambda one: one.id)
        for tick in [*ticks, *self._first_held()]:
            if tick.id > self._next:
                if self._empty_at != self._next:
                    self._empty_at = self._next
                    return Step(told, lost, helped=bool(told))
                lost = Lost(f"the venue has no {tick.id - self._next} ticks from number {self._next}")
                self._next = tick.id
            if tick.id == self._next:
                told += self._told(tick)
        # Where the end was open, the venue is asked until nothing more comes: a page may not have held all.
        self._doubt = bool(self._held) or (bool(ticks) and ask.last is None)
        return Step(told, lost)

    def _first_held(self) -> list[Tick]:
        return [self._held[min(self._held)]] if self._held else []

    def _told(self, tick: Tick) -> list[Tick]:
        told = [tick]
        self._held.pop(tick.id, None)
        self._next = tick.id + 1
        while (following := self._held.pop(self._next, None)) is not None:
            told.append(following._replace(ts_seen=max(following.ts_seen, told[-1].ts_seen)))
            self._next += 1
        return told
