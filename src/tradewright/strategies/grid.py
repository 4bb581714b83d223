"""Lines above and below the usual price."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from tradewright import Param, Signals, Strategy, ta
from tradewright.strategy.closed_bars import ClosedBars

__all__ = ["Grid"]


class Grid(Strategy):
    """Buy at each line that price falls through below its average, sell short at each that it rises through above.

    Lines lie `spacing` average true ranges apart, `lines` of them on each side. The profit is taken one line back
    towards the average, the stop stands one line beyond the last. One position is held at a time. Such trades win
    often and little, and now and then lose much, so this class asks for a reward:risk of 0.3, not the usual 3.
    """

    version = "1.0.0"
    look_back = 0
    risk = MappingProxyType({"min_reward_risk": 0.3})
    length: int = Param(200, low=2, high=5_000, doc="bars in the average that the grid is laid around")
    spacing: float = Param(2.0, low=0.1, high=20.0, doc="distance of two lines in average true ranges")
    lines: int = Param(3, low=1, high=3, doc="lines on each side")
    atr_length: int = Param(100, low=2, high=1_000, doc="bars in the average true range")

    @property
    def warmup(self) -> int:
        """Bars before the first signal."""
        return max(self.length, self.atr_length + 1)

    def signals(self, bars: ClosedBars) -> Signals:
        """See the class."""
        centre = ta.sma(bars.close, self.length)
        step = self.spacing * ta.atr(bars, self.atr_length)
        line = np.trunc((bars.close - centre) / step)
        before = ta.previous(line)
        is_inside = abs(line) <= self.lines
        end = (self.lines + 1.0) * step
        return Signals.from_masks(
            bars,
            long=(line < 0.0) & (line < before) & is_inside,
            short=(line > 0.0) & (line > before) & is_inside,
            stop_loss=(centre - end, centre + end),
            take_profit=(bars.close + step, bars.close - step),
            metadata={"line": line},
        )
