"""What the market does, and when: the exchange plays it, whatever it was drawn or recorded from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from tradewright.adapters.venues.practice.course import Course, Leg, Print, legs_of
from tradewright.adapters.venues.practice.sources import BarSource
from tradewright.engine.present import Present, Stretch

__all__ = ["BarScript", "Level", "Levels", "PublicBook", "Script", "Stage"]

Level = tuple[int, int]
"""Ticks and lots."""
Levels = list[Level]
"""The best first."""


class PublicBook(NamedTuple):
    """A book as the recording told it."""

    update_id: int
    ts: int  # UTC ms
    bids: Levels
    asks: Levels


class Stage(Protocol):
    """Where a script is played."""

    present: Present

    def begin(self, until: int, *, at_once: bool = False) -> None:
        """Begin a step, UTC ns."""

    def play_all(self) -> None:
        """Let all accounts play the step that has begun."""

    def print_trade(self, k: int, trade: Print) -> None:
        """Let a trade be public."""

    def tell_raw(self, k: int, what: str, text: str, ts: int) -> None:
        """Let a recorded message be sent again."""

    def shown(self, k: int) -> int:
        """Lots that may be traded in a step on each side."""

    def mark_of(self, k: int, ticks: int, ts: int) -> int:
        """The mark while the last price is so many ticks, at a time, UTC ns."""


class Script(Protocol):
    """What the market does."""

    start: int
    """When it begins, UTC ns."""
    is_over: bool

    def enter(self, stage: Stage) -> None:
        """Be played on a stage from now on."""

    def history(self, k: int) -> tuple[int, NDArray[np.int64]] | None:
        """Minutes before the start, as `BarSource` tells them."""

    def next_point(self) -> int | None:
        """When something happens next, UTC ns; None after the end."""

    def play(self) -> None:
        """Play what happens at the next point."""

    def lay_part(self, now: int) -> None:
        """Lay into the step that has begun what lies between two points, up to a time."""

    def traded_book(self, k: int) -> tuple[Levels, Levels] | None:
        """Bids and asks that orders meet; None where the house shows its own."""

    def public_book(self, k: int) -> PublicBook | None:
        """The book that the recorded messages add up to; None where there is none."""

    def has_recorded(self, k: int, what: str) -> bool:
        """Whether messages of a stream are sent again as they were recorded."""

    @property
    def place(self) -> Any:
        """Where it stands, as plain data."""

    def go_on(self, place: Any) -> None:
        """Go on from a place."""


class BarScript:
    """Bars, each played as the course that the house believes in.

    Args:
        source: of bars.
        course: of their insides.
    """

    def __init__(self, source: BarSource, course: Course) -> None:
        self.start, self.is_over = source.start, False
        self._source, self._course = source, course
        self._index = self._leg = 0
        self._legs: list[tuple[Leg, ...]] = []
        self._stage: Stage

    def enter(self, stage: Stage) -> None:
        """See `Script`."""
        self._stage = stage

    def history(self, k: int) -> tuple[int, NDArray[np.int64]] | None:
        """See `Script`."""
        return self._source.history(k)

    def next_point(self) -> int | None:
        """See `Script`."""
        if self._leg == (len(self._legs[0]) if self._legs else 0) and not self._next_bar():
            return None
        return self._legs[0][self._leg].until

    def _next_bar(self) -> bool:
        bars = self._source.bars(self._index)
        if bars is None:
            self.is_over = True
            return False
        begin = self._source.start + self._index * self._source.length
        last = [self._stage.present.last(k) for k in range(len(bars))]
        self._legs = [legs_of(bar, begin, self._source.length, self._course, last[k]) for k, bar in enumerate(bars)]
        self._index += 1
        self._leg = 0
        return True

    def play(self) -> None:
        """See `Script`."""
        stage, legs = self._stage, [own[self._leg] for own in self._legs]
        until = legs[0].until
        stage.begin(until, at_once=legs[0].jumps)
        for k, leg in enumerate(legs):
            begin = leg.stretch.open if leg.jumps else stage.present.last(k)
            own = leg.stretch
            stretch = Stretch(begin, max(own.high, begin), min(own.low, begin), own.close, stage.shown(k))
            stage.present.lay(k, stretch, self._marks(k, stretch, until, jumps=leg.jumps))
        for k, leg in enumerate(legs):
            for ticks, lots, buys in leg.prints:
                stage.print_trade(k, Print(until, ticks, lots, buys))
        stage.play_all()
        self._leg += 1

    def lay_part(self, now: int) -> None:
        """See `Script`: between two points the price lies on the straight line; a whole candle does not move."""
        if self.is_over or self._course is Course.CANDLE or self._leg >= len(self._legs[0]):
            return
        present = self._stage.present
        for k, own in enumerate(self._legs):
            leg, begin = own[self._leg], present.last(k)
            if not leg.jumps and leg.until > present.ts:
                share = (now - present.ts) / (leg.until - present.ts)
                end = begin + round((leg.stretch.close - begin) * share)
                stretch = Stretch(begin, max(begin, end), min(begin, end), end, self._stage.shown(k))
                present.lay(k, stretch, self._marks(k, stretch, now, jumps=False))

    def _marks(self, k: int, stretch: Stretch, until: int, *, jumps: bool) -> tuple[int, int, int, int]:
        """Marks of a stretch: from where the mark is, or from its open, to its close, as far from it as at its end."""
        apart = stretch.close - self._stage.mark_of(k, stretch.close, until)
        first = stretch.open - apart if jumps else self._stage.present.mark(k)
        end = stretch.close - apart
        return first, max(first, end, stretch.high - apart), min(first, end, stretch.low - apart), end

    def traded_book(self, k: int) -> tuple[Levels, Levels] | None:  # noqa: ARG002 - a part of the protocol
        """See `Script`."""
        return None

    def public_book(self, k: int) -> PublicBook | None:  # noqa: ARG002 - a part of the protocol
        """See `Script`."""
        return None

    def has_recorded(self, k: int, what: str) -> bool:  # noqa: ARG002 - a part of the protocol
        """See `Script`."""
        return False

    @property
    def place(self) -> Any:
        """See `Script`: the next bar, the next leg of the present one, and its legs."""
        return [self._index, self._leg, self._legs]

    def go_on(self, place: Sequence[Any]) -> None:
        """See `Script`; the source is led there."""
        index, self._leg, legs = place
        for before in range(self._index, index):
            self._source.bars(before)
        self._index, self._legs = index, [tuple(map(_leg, own)) for own in legs]


def _leg(row: Sequence[Any]) -> Leg:
    until, jumps, stretch, prints = row
    return Leg(until, jumps, Stretch(*stretch), tuple((ticks, lots, buys) for ticks, lots, buys in prints))
