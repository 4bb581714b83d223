"""The strategy to try things with."""

from __future__ import annotations

from tradewright import Param, Signals, Strategy, ta
from tradewright.domain.signal import Signal
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.view import BarView

__all__ = ["SimpleTest"]


class SimpleTest(Strategy):
    """Follow the last move at fixed times; for trying things, not for profit.

    Each time the clock passes a multiple of `every` bar lengths, go the way of the last `lookback` bars, with the stop
    `stop_atr` average true ranges away and the target `reward` times as far. The times hang on the clock, not on where
    the data begins.
    """

    version = "1.0.0"
    every: int = Param(32, low=1, high=10_000, doc="bars from one signal to the next")
    lookback: int = Param(16, low=1, high=1_000, doc="bars over which the move is taken")
    atr_length: int = Param(14, low=2, high=200, doc="bars in the average true range")
    stop_atr: float = Param(2.0, low=0.1, high=20.0, doc="distance of the stop in average true ranges")
    reward: float = Param(3.0, low=0.1, high=20.0, doc="distance of the target in distances of the stop")

    @property
    def warmup(self) -> int:
        """Bars before the first signal."""
        return max(self.lookback, self.atr_length)

    def signals(self, bars: ClosedBars) -> Signals:
        """See the class."""
        move = bars.close - ta.previous(bars.close, self.lookback)
        is_time = bars.ts_close // (bars.ts_close - bars.ts_open) % self.every == 0
        risk = self.stop_atr * ta.atr(bars, self.atr_length)
        return Signals.with_risk(
            bars,
            long=is_time & (move > 0.0),
            short=is_time & (move < 0.0),
            risk=risk,
            reward=self.reward,
            metadata={"move": move},
        )

    def on_start(self) -> None:
        """Forget the average."""
        self._atr = ta.Atr(self.atr_length)

    def on_bar(self, view: BarView) -> Signal | None:
        """See the class."""
        risk = self.stop_atr * self._atr.update(view.high, view.low, view.close)
        is_time = view.ts_close // (view.ts_close - view.ts_open) % self.every == 0
        if not is_time or view.index < self.lookback:
            return None
        move = view.close - float(view.bars.close[-1 - self.lookback])
        if move == 0.0:
            return None
        return view.with_risk("long" if move > 0.0 else "short", risk, self.reward, {"move": move})
