"""Running a strategy over bars by either path, without an engine."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tradewright.domain.intents import Ask
from tradewright.domain.signal import Signal
from tradewright.market.bars import IntColumn
from tradewright.strategy.answer import answered
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.signals import Signals
from tradewright.strategy.strategy import Strategy
from tradewright.strategy.view import FLAT, BarView

__all__ = ["Played", "fresh", "play", "play_on_bar"]


class Played(NamedTuple):
    """What a strategy gave over some bars.

    Attributes:
        signals: at most one a bar.
        asks: (row of the bar, order or other ask), in the order given.
    """

    signals: Signals
    asks: tuple[tuple[int, Ask], ...] = ()

    @property
    def size(self) -> int:
        """How many signals and asks there are."""
        return self.signals.size + len(self.asks)

    @property
    def bars(self) -> IntColumn:
        """Rows of the bars at whose close something was given, ascending."""
        return np.union1d(self.signals.bar, np.array([bar for bar, _ in self.asks], np.int64))


def fresh(strategy: Strategy) -> Strategy:
    """A new strategy of the same class and parameters, without any state."""
    return type(strategy)(**dict(strategy.params))


def play(strategy: Strategy, bars: ClosedBars, last: int | None = None) -> Played:
    """What a fresh copy gives over these bars: by `signals` where it is offered, else bar by bar.

    Args:
        strategy: left as it is.
        bars: what it is shown.
        last: row after which the caller does not look; bar by bar, playing stops there.
    """
    if strategy.has_signals:
        return Played(fresh(strategy).signals(bars))
    return play_on_bar(strategy, bars, last)


def play_on_bar(strategy: Strategy, bars: ClosedBars, last: int | None = None) -> Played:
    """What a fresh copy gives that is fed one bar after another, flat, without open orders and with equity 1."""
    copy = fresh(strategy)
    copy.on_start()
    wishes: list[tuple[int, Signal]] = []
    asks: list[tuple[int, Ask]] = []
    for index in range(len(bars) if last is None else last + 1):
        answer = answered(copy.name, "on_bar", copy.on_bar(BarView(bars, index, FLAT, 1.0)))
        if answer.signal is not None:
            wishes.append((index, answer.signal))
        asks += [(index, ask) for ask in answer.asks]
    return Played(Signals.from_list(wishes), tuple(asks))
