"""New highs on volume."""

from __future__ import annotations

from tradewright import Param, Signals, Strategy, ta
from tradewright.strategy.closed_bars import ClosedBars

__all__ = ["MomentumBreakout"]


class MomentumBreakout(Strategy):
    """Buy a close above the highest high of the bars before, sell short one below their lowest low, on strong volume.

    A breakout counts when at least `volume` times the usual volume trades in its bar and the rate of change over the
    same bars points its way by `roc` per cent. The stop stands `stop_atr` average true ranges from the close, the
    target `reward` times as far.
    """

    version = "1.0.0"
    look_back = 0
    length: int = Param(20, low=2, high=500, doc="bars of the channel that must break, and of the rate of change")
    roc: float = Param(0.5, low=0.0, high=100.0, doc="least rate of change, per cent")
    volume: float = Param(1.2, low=0.0, high=20.0, doc="least volume, multiples of its average")
    volume_length: int = Param(50, low=2, high=500, doc="bars in the average volume")
    atr_length: int = Param(14, low=2, high=200, doc="bars in the average true range")
    stop_atr: float = Param(2.0, low=0.1, high=20.0, doc="distance of the stop in average true ranges")
    reward: float = Param(3.0, low=0.1, high=20.0, doc="distance of the target in distances of the stop")

    @property
    def warmup(self) -> int:
        """Bars before the first signal."""
        return max(self.length, self.volume_length, self.atr_length)

    def signals(self, bars: ClosedBars) -> Signals:
        """See the class."""
        top = ta.previous(ta.highest(bars.high, self.length))
        bottom = ta.previous(ta.lowest(bars.low, self.length))
        roc = ta.roc(bars.close, self.length)
        crowd = bars.volume / ta.previous(ta.sma(bars.volume, self.volume_length))
        return Signals.with_risk(
            bars,
            long=(bars.close > top) & (roc >= self.roc) & (crowd >= self.volume),
            short=(bars.close < bottom) & (roc <= -self.roc) & (crowd >= self.volume),
            risk=self.stop_atr * ta.atr(bars, self.atr_length),
            reward=self.reward,
            metadata={"roc": roc, "volume": crowd},
        )
