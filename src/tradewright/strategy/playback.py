"""Running a strategy over bars by either path, without an engine."""

from __future__ import annotations

from tradewright.domain.signal import Signal
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.signals import Signals
from tradewright.strategy.strategy import Strategy
from tradewright.strategy.view import FLAT, BarView

__all__ = ["fresh", "play", "play_on_bar"]


def fresh(strategy: Strategy) -> Strategy:
    """A new strategy of the same class and parameters, without any state."""
    return type(strategy)(**dict(strategy.params))


def play(strategy: Strategy, bars: ClosedBars, last: int | None = None) -> Signals:
    """Signals of a fresh copy over these bars: by `signals` where it is offered, else bar by bar.

    Args:
        strategy: left as it is.
        bars: what it is shown.
        last: row after which the caller does not look; bar by bar, playing stops there.
    """
    if strategy.has_signals:
        return fresh(strategy).signals(bars)
    return play_on_bar(strategy, bars, last)


def play_on_bar(strategy: Strategy, bars: ClosedBars, last: int | None = None) -> Signals:
    """Signals of a fresh copy that is fed one bar after another, flat and with equity 1."""
    copy = fresh(strategy)
    copy.on_start()
    wishes: list[tuple[int, Signal]] = []
    for index in range(len(bars) if last is None else last + 1):
        wish = copy.on_bar(BarView(bars, index, FLAT, 1.0))
        if wish is not None:
            wishes.append((index, wish))
    return Signals.from_list(wishes)
