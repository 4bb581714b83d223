"""Who is pressing."""

from __future__ import annotations

from tradewright import Param, Signals, Strategy, ta
from tradewright.strategy.closed_bars import ClosedBars

__all__ = ["OrderFlow"]


class OrderFlow(Strategy):
    """Buy when buyers begin to outweigh sellers over the last bars, sell short when sellers outweigh buyers.

    Large orders are worked in pieces, so flow goes on in its direction, and price follows. Bars do not tell who took;
    each bar's volume is split by where in its range it closes (Chaikin): all bought at the high, all sold at the low.
    The imbalance is bought less sold over `length` bars, as a share of all that was traded. The stop stands `stop_atr`
    average true ranges from the close, the target `reward` times as far.
    """

    version = "1.0.0"
    look_back = 0
    length: int = Param(30, low=2, high=1_000, doc="bars over which flow is summed")
    threshold: float = Param(0.2, low=0.01, high=0.99, doc="imbalance to act on, share of the volume")
    atr_length: int = Param(14, low=2, high=200, doc="bars in the average true range")
    stop_atr: float = Param(3.0, low=0.1, high=20.0, doc="distance of the stop in average true ranges")
    reward: float = Param(3.0, low=0.1, high=20.0, doc="distance of the target in distances of the stop")

    @property
    def warmup(self) -> int:
        """Bars before the first signal."""
        return max(self.length, self.atr_length)

    def signals(self, bars: ClosedBars) -> Signals:
        """See the class."""
        imbalance = ta.cmf(bars, self.length)
        return Signals.with_risk(
            bars,
            long=ta.crossed_above(imbalance, self.threshold),
            short=ta.crossed_below(imbalance, -self.threshold),
            risk=self.stop_atr * ta.atr(bars, self.atr_length),
            reward=self.reward,
            metadata={"imbalance": imbalance},
        )
