"""A strategy that speaks by columns, at a desk beside others that are asked bar by bar."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewright.engine.desk import Desk
from tradewright.engine.feed import Feed
from tradewright.engine.guard import checked_signals
from tradewright.engine.wishes import plan_rows, signal_rows
from tradewright.strategy.answer import NO_ANSWER, Answer
from tradewright.strategy.signals import Signals
from tradewright.strategy.strategy import Strategy

__all__ = ["Recital"]


class Recital(Desk):
    """Says at its bars what the strategy has said of all of them at once.

    Args:
        k: row of the instrument; in a hedge that of the long leg.
        strategy: of which a fresh instance is made; it offers `signals`.
        feed: the instrument's bars.
        has_bar: (S,) at which steps it has one.
        legs: how many rows there are.
    """

    def __init__(self, k: int, strategy: Strategy, feed: Feed, has_bar: NDArray[np.bool_], legs: int = 1) -> None:
        super().__init__(k, strategy, feed, has_bar, None, legs)
        given = self.strategy.signals(feed.closed)
        self._columns = checked_signals(self.strategy, given, feed.bars.ts_open.size)
        self._rows = signal_rows(self._columns, k, self._columns.bar, feed.instrument, legs)
        self._plans = plan_rows(self._columns, feed.instrument)
        self._bars = [*self._columns.bar.tolist(), -1]
        self._place = -1  # of what was said last

    def ask(self, equity: float) -> Answer | None:
        """Let the next bar close; an answer where there is something to say."""
        del equity
        self._bar += 1
        if self._bars[self._place + 1] != self._bar - 1:
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
        number = int(self._rows[self._place]["plan"])
        return self._plans[number - 1].item() if number else None

    def row(self, answer: Answer, step: int, plan: int) -> tuple[float, ...] | None:
        """The SIGNAL record of what was said last."""
        del answer
        said = self._rows[self._place].copy()
        said["step"], said["plan"] = step, plan
        row: tuple[float, ...] = said.item()
        return row

    def told(self) -> Signals:
        """Everything that is said."""
        return self._columns
