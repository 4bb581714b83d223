"""Between the levels."""

from __future__ import annotations

import numpy as np

from tradewright import Param, Signals, Strategy, ta
from tradewright.features.levels import LevelRules
from tradewright.strategy.closed_bars import ClosedBars

__all__ = ["SupportResistance"]


class SupportResistance(Strategy):
    """Buy where price comes down to a support and is refused, sell short where it comes up to a resistance and is.

    A level is a price at which pivots stood at least `touches` times. Refused is a bar that reaches within `near` of
    the level and closes away from it, in the direction of the trade. The stop stands `pad` beyond the level and the
    bar, the target at the next level on the way, which must pay `reward` times the risk.
    """

    version = "1.0.0"
    look_back = 0
    reversal: float = Param(3.0, low=0.5, high=50.0, doc="way back that confirms a pivot, average true ranges")
    touches: int = Param(2, low=1, high=20, doc="pivots that make a level")
    near: float = Param(0.5, low=0.0, high=10.0, doc="distance at which a level is touched, average true ranges")
    pad: float = Param(0.5, low=0.0, high=10.0, doc="room between level and stop, average true ranges")
    atr_length: int = Param(14, low=2, high=200, doc="bars in the average true range")
    reward: float = Param(3.0, low=0.1, high=20.0, doc="least distance of the target in distances of the stop")

    @property
    def warmup(self) -> int:
        """Bars before the first signal."""
        return self.atr_length + 1

    def signals(self, bars: ClosedBars) -> Signals:
        """See the class."""
        rules = LevelRules(near=self.near, least=self.touches)
        nearest = ta.levels.nearest(bars.ltf, self.reversal, rules, self.atr_length)
        support, resistance = ta.previous(nearest.support), ta.previous(nearest.resistance)
        atr = ta.atr(bars, self.atr_length)
        room, pad, close = self.near * atr, self.pad * atr, bars.close
        floor, ceiling = np.minimum(support, bars.low) - pad, np.maximum(resistance, bars.high) + pad
        is_refused_below = (bars.low <= support + room) & (close > support) & (close > bars.open)
        is_refused_above = (bars.high >= resistance - room) & (close < resistance) & (close < bars.open)
        return Signals.from_masks(
            bars,
            long=is_refused_below & (resistance - close >= self.reward * (close - floor)),
            short=is_refused_above & (close - support >= self.reward * (ceiling - close)),
            stop_loss=(floor, ceiling),
            take_profit=(resistance, support),
            metadata={"support": support, "resistance": resistance},
        )
