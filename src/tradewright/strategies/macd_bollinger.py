"""A band broken with momentum behind it."""

from __future__ import annotations

from tradewright import Param, Signals, Strategy, ta
from tradewright.strategy.closed_bars import ClosedBars

__all__ = ["MacdBollinger"]


class MacdBollinger(Strategy):
    """Buy when price closes above its upper Bollinger band while the MACD stands above its signal line; mirror to sell.

    The band says that the move is large for this market, the MACD that it has momentum. The stop stands at the middle
    band, where the move would have come to nothing, the target `reward` times as far.
    """

    version = "1.0.0"
    look_back = 0
    length: int = Param(20, low=2, high=500, doc="bars in the bands")
    deviations: float = Param(2.0, low=0.1, high=10.0, doc="distance of the bands in standard deviations")
    fast: int = Param(12, low=2, high=200, doc="bars in the fast average of the MACD")
    slow: int = Param(26, low=3, high=500, doc="bars in the slow average of the MACD")
    smooth: int = Param(9, low=1, high=200, doc="bars in the signal line")
    reward: float = Param(3.0, low=0.1, high=20.0, doc="distance of the target in distances of the stop")

    def check(self) -> None:
        """The fast average is the shorter one."""
        if self.fast >= self.slow:
            raise self.refuse("fast", f"fewer bars than slow ({self.slow})")

    @property
    def warmup(self) -> int:
        """Bars before the first signal."""
        return max(self.length, self.slow + self.smooth - 2)

    def signals(self, bars: ClosedBars) -> Signals:
        """See the class."""
        bands = ta.bbands(bars.close, self.length, self.deviations, self.deviations)
        momentum = ta.macd(bars.close, self.fast, self.slow, self.smooth).histogram
        return Signals.with_risk(
            bars,
            long=ta.crossed_above(bars.close, bands.upper) & (momentum > 0.0),
            short=ta.crossed_below(bars.close, bands.lower) & (momentum < 0.0),
            risk=abs(bars.close - bands.middle),
            reward=self.reward,
            metadata={"histogram": momentum},
        )
