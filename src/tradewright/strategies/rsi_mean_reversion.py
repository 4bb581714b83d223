"""Oversold and overbought."""

from __future__ import annotations

from types import MappingProxyType

from tradewright import Param, Signals, Strategy, ta
from tradewright.strategy.closed_bars import ClosedBars

__all__ = ["RsiMeanReversion"]


class RsiMeanReversion(Strategy):
    """Buy when the relative strength index comes back from oversold, sell short when it comes back from overbought.

    The bet is on the way back to the average price of the last `mean` bars: there the target stands, and the stop
    `stop_atr` average true ranges from the close. A signal that would win less than `reward` times its risk is left
    out. Such trades win often and little, so this class asks for a reward:risk of 1, not the usual 3.
    """

    version = "1.0.0"
    look_back = 0
    risk = MappingProxyType({"min_reward_risk": 1.0})
    length: int = Param(14, low=2, high=200, doc="bars in the relative strength index")
    oversold: float = Param(30.0, low=1.0, high=49.0, doc="index below which a fall has gone too far")
    overbought: float = Param(70.0, low=51.0, high=99.0, doc="index above which a rise has gone too far")
    mean: int = Param(50, low=2, high=2_000, doc="bars in the average to which price returns")
    atr_length: int = Param(14, low=2, high=200, doc="bars in the average true range")
    stop_atr: float = Param(1.5, low=0.1, high=20.0, doc="distance of the stop in average true ranges")
    reward: float = Param(1.0, low=0.1, high=20.0, doc="least distance of the target in distances of the stop")

    @property
    def warmup(self) -> int:
        """Bars before the first signal."""
        return max(self.length + 1, self.mean - 1, self.atr_length)

    def signals(self, bars: ClosedBars) -> Signals:
        """See the class."""
        rsi = ta.rsi(bars.close, self.length)
        target = ta.sma(bars.close, self.mean)
        risk = self.stop_atr * ta.atr(bars, self.atr_length)
        gain = (target - bars.close) / risk
        return Signals.from_masks(
            bars,
            long=ta.crossed_above(rsi, self.oversold) & (gain >= self.reward),
            short=ta.crossed_below(rsi, self.overbought) & (gain <= -self.reward),
            stop_loss=(bars.close - risk, bars.close + risk),
            take_profit=target,
            metadata={"rsi": rsi, "reward_risk": abs(gain)},
        )
