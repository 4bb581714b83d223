"""Two moving averages."""

from __future__ import annotations

import math

from tradewright import Param, Signals, Strategy, ta
from tradewright.domain.signal import Signal
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.view import BarView

__all__ = ["MaCrossover"]


class MaCrossover(Strategy):
    """Buy when the fast average crosses above the slow one, sell short when it crosses below.

    The stop stands `stop_atr` average true ranges from the close, the target `reward` times as far; the opposite cross
    turns the position round.
    """

    version = "1.0.0"
    ltf = "5m"
    kind: str = Param("sma", choices=("sma", "ema"), doc="simple or exponential averages")
    fast: int = Param(20, low=1, high=400, doc="bars in the fast average")
    slow: int = Param(50, low=2, high=2_000, doc="bars in the slow average")
    atr_length: int = Param(14, low=2, high=200, doc="bars in the average true range")
    stop_atr: float = Param(2.0, low=0.1, high=20.0, doc="distance of the stop in average true ranges")
    reward: float = Param(3.0, low=0.1, high=20.0, doc="distance of the target in distances of the stop")

    def check(self) -> None:
        """The fast average is the shorter one."""
        if self.fast >= self.slow:
            raise self.refuse("fast", f"fewer bars than slow ({self.slow})")

    @property
    def warmup(self) -> int:
        """Bars before the first signal."""
        return max(self.slow, self.atr_length)

    def signals(self, bars: ClosedBars) -> Signals:
        """See the class."""
        average = ta.sma if self.kind == "sma" else ta.ema
        fast, slow = average(bars.close, self.fast), average(bars.close, self.slow)
        return Signals.with_risk(
            bars,
            long=ta.crossed_above(fast, slow),
            short=ta.crossed_below(fast, slow),
            risk=self.stop_atr * ta.atr(bars, self.atr_length),
            reward=self.reward,
            metadata={"fast": fast, "slow": slow},
        )

    def on_start(self) -> None:
        """Forget the averages."""
        average = ta.Sma if self.kind == "sma" else ta.Ema
        self._fast, self._slow = average(self.fast), average(self.slow)
        self._atr = ta.Atr(self.atr_length)
        self._gap = math.nan

    def on_bar(self, view: BarView) -> Signal | None:
        """See the class."""
        fast, slow = self._fast.update(view.close), self._slow.update(view.close)
        risk = self.stop_atr * self._atr.update(view.high, view.low, view.close)
        before, self._gap = self._gap, fast - slow
        facts = {"fast": fast, "slow": slow}
        if before <= 0.0 < self._gap:
            return view.with_risk("long", risk, self.reward, facts)
        if before >= 0.0 > self._gap:
            return view.with_risk("short", risk, self.reward, facts)
        return None
