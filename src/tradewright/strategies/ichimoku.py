"""One look at balance."""

from __future__ import annotations

import numpy as np

from tradewright import Param, Signals, Strategy, ta
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.signals import Mask

__all__ = ["Ichimoku"]


class Ichimoku(Strategy):
    """Buy when all of the Ichimoku chart turns bullish at once, sell short when all of it turns bearish.

    Bullish is a close above the cloud, the turning line (tenkan) above the base line (kijun), a rising cloud ahead, and
    a close above that of `displacement` bars ago (the lagging line). The stop stands at the base line, at least one
    average true range away, the target `reward` times as far. The cloud under a bar is the one drawn there before: no
    part of the chart looks ahead.
    """

    version = "1.0.0"
    look_back = 1
    ltf = "1h"
    short: int = Param(9, low=2, high=200, doc="bars of the turning line")
    base: int = Param(26, low=3, high=500, doc="bars of the base line")
    long: int = Param(52, low=4, high=1_000, doc="bars of the slow edge of the cloud")
    displacement: int = Param(26, low=1, high=200, doc="bars by which the cloud is drawn ahead")
    atr_length: int = Param(14, low=2, high=200, doc="bars in the average true range")
    reward: float = Param(3.0, low=0.1, high=20.0, doc="distance of the target in distances of the stop")

    def check(self) -> None:
        """The lines go from fast to slow."""
        if not self.short < self.base < self.long:
            raise self.refuse("base", f"more bars than short ({self.short}), fewer than long ({self.long})")

    @property
    def warmup(self) -> int:
        """Bars before the first signal."""
        return max(self.long - 1 + self.displacement, self.atr_length) + 1

    def signals(self, bars: ClosedBars) -> Signals:
        """See the class."""
        chart = ta.ichimoku(bars, self.short, self.base, self.long, self.displacement)
        close, top, bottom = bars.close, np.maximum(chart.span_a, chart.span_b), np.minimum(chart.span_a, chart.span_b)
        up = (close > top) & (chart.tenkan > chart.kijun) & (chart.lead_a > chart.lead_b) & (close > chart.past_close)
        down = (
            (close < bottom) & (chart.tenkan < chart.kijun) & (chart.lead_a < chart.lead_b) & (close < chart.past_close)
        )
        known = np.isfinite(ta.previous(top))
        return Signals.with_risk(
            bars,
            long=_begins(up) & known,
            short=_begins(down) & known,
            risk=np.maximum(abs(close - chart.kijun), ta.atr(bars, self.atr_length)),
            reward=self.reward,
            metadata={"kijun": chart.kijun, "cloud_top": top, "cloud_bottom": bottom},
        )


def _begins(state: Mask) -> Mask:
    # True where it holds and did not at the bar before.
    return state & ~np.concatenate((state[:1], state[:-1]))
