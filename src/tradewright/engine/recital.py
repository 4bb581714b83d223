"""A strategy that speaks by columns, at a desk beside others that are asked bar by bar."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from tradewright.engine.desk import Desk
from tradewright.engine.feed import Feed
from tradewright.engine.guard import checked_signals, spoken
from tradewright.engine.wishes import plan_rows, signal_rows
from tradewright.strategy.answer import NO_ANSWER, Answer
from tradewright.strategy.last_word import LastWord
from tradewright.strategy.signals import Signals, joined_signals
from tradewright.strategy.strategy import Strategy

__all__ = ["Reading", "Recital"]

_TOGETHER = 4


class Recital(Desk):
    """Says at its bars what the strategy has said of all of them at once.

    Args:
        k: row of the instrument; in a hedge that of the long leg.
        strategy: of which a fresh instance is made; it offers `signals`.
        feed: the instrument's bars.
        legs: how many rows there are.
    """

    def __init__(self, k: int, strategy: Strategy, feed: Feed, legs: int = 1) -> None:
        super().__init__(k, strategy, feed, None, legs)
        self._columns = spoken(self.strategy, feed)
        self._rows = signal_rows(self._columns, k, self._columns.bar, feed.instrument, legs)
        self._plans = plan_rows(self._columns, feed.instrument)
        self._bars = [*self._columns.bar.tolist(), -1]
        self._place = -1  # of what was said last

    def ask(self, step: int, equity: float) -> Answer | None:
        """Let the next bar close; an answer where there is something to say."""
        del step, equity
        self._row += 1
        if self._bars[self._place + 1] != self.bar:
            return None
        self._place += 1
        return NO_ANSWER

    @property
    def place(self) -> int:
        """Of what was said last, among all that is said."""
        return self._place

    def plan(self, answer: Answer) -> tuple[float, ...] | None:
        """The PLAN record of what was said last, or None."""
        del answer
        return plan_of(self._rows[self._place], self._plans)

    def row(self, answer: Answer, step: int, plan: int) -> tuple[float, ...] | None:
        """The SIGNAL record of what was said last."""
        del answer
        return row_at(self._rows[self._place], step, plan)

    def told(self) -> Signals:
        """Everything that is said."""
        return self._columns


class Reading(Desk):
    """Reads what a strategy's columns say of the last bar at each close.

    A strategy that does not look ahead says of it what it will always say: see the leak test.

    Args:
        k: row of the instrument; in a hedge that of the long leg.
        strategy: of which a fresh instance is made; it offers `signals`.
        feed: the instrument's bars.
        legs: how many rows there are.
    """

    def __init__(self, k: int, strategy: Strategy, feed: Feed, legs: int = 1) -> None:
        super().__init__(k, strategy, feed, None, legs)
        self._said: list[Signals] = []  # one by one
        # Many together, longer ones first: a signal alone takes twenty times its room.
        self._earlier: list[Signals] = []
        self._count = 0
        self._word = LastWord(self.strategy)

    def ask(self, step: int, equity: float) -> Answer | None:
        """Let the next bar close; an answer where there is something to say."""
        del step, equity
        self._row += 1
        given, count = self._word.ask(self._closed)
        given = checked_signals(self.strategy, given, count)
        if given.size == 0 or given.bar[-1] != count - 1:
            return None
        if len(self._said) == _TOGETHER:
            self._pack()
        last = given.take(given.bar == count - 1)
        self._said.append(last._replace(bar=np.array([self.bar])))
        self._count += 1
        return NO_ANSWER

    def _pack(self) -> None:
        # So that of a thousand signals there are no more than a few parts, and each was joined a few times.
        self._earlier.append(joined_signals(self._said))
        self._said.clear()
        while len(self._earlier) > 1 and self._earlier[-2].size <= self._earlier[-1].size:
            self._earlier[-2:] = [joined_signals(self._earlier[-2:])]

    @property
    def place(self) -> int:
        """Of what was said last, among all that is said."""
        return self._count - 1

    def plan(self, answer: Answer) -> tuple[float, ...] | None:
        """The PLAN record of what was said last, or None."""
        del answer
        last, instrument = self._said[-1], self.feed.instrument
        return plan_of(signal_rows(last, self.k, last.bar, instrument)[0], plan_rows(last, instrument))

    def row(self, answer: Answer, step: int, plan: int) -> tuple[float, ...] | None:
        """The SIGNAL record of what was said last."""
        del answer
        last = self._said[-1]
        return row_at(signal_rows(last, self.k, last.bar, self.feed.instrument, len(self._legs))[0], step, plan)

    def told(self) -> Signals:
        """Everything that was said."""
        return joined_signals([*self._earlier, *self._said])


def plan_of(row: np.void, plans: NDArray[np.void]) -> tuple[float, ...] | None:
    """The PLAN record that a SIGNAL record asks for, or None."""
    number = int(row["plan"])
    return plans[number - 1].item() if number else None


def row_at(row: np.void, step: int, plan: int) -> tuple[float, ...]:
    """A SIGNAL record as it is at a step, with the number of its plan."""
    said = row.copy()
    said["step"], said["plan"] = step, plan
    fields: Any = said.item()
    return cast("tuple[float, ...]", fields)
