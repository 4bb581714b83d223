"""What a strategy's columns say of the bar that has closed last, asked at each close."""

from __future__ import annotations

from tradewright.features.recall import CannotGoOnError, Recall
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.signals import Signals
from tradewright.strategy.strategy import Strategy

__all__ = ["LastWord"]


class LastWord:
    """Asks one strategy over one instrument's bars.

    A strategy that states its `look_back` is shown so many bars and the new ones, and features go on from where they
    were; one that does not, or that calls what needs whole columns, is shown all bars each time.

    Args:
        strategy: an instance of its own; it offers `signals`.
    """

    def __init__(self, strategy: Strategy) -> None:
        self._strategy = strategy
        look_back = strategy.look_back
        self._recall = None if look_back is None else Recall(look_back)

    @property
    def goes_on(self) -> bool:
        """Whether it is asked of the last bars only."""
        return self._recall is not None

    def ask(self, closed: ClosedBars) -> tuple[Signals, int]:
        """Its signals over the last of these bars, and how many bars those are.

        Args:
            closed: those of the last time, and at least one more.
        """
        if self._recall is not None:
            try:
                with self._recall.over(len(closed)) as count:
                    return self._strategy.signals(closed.last(count)), count
            except CannotGoOnError:
                self._recall = None
        return self._strategy.signals(closed), len(closed)
