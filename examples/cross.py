from tradewright import Param, Signals, Strategy, ta


class Cross(Strategy):
    """Follow the fast average across the slow one; the stop stands two average true ranges away."""

    version, ltf = "1.0.0", "4h"
    fast: int = Param(20, low=2, high=200, doc="bars in the fast average")

    def signals(self, bars):
        fast, slow = ta.ema(bars.close, self.fast), ta.ema(bars.close, 3 * self.fast)
        up, down = ta.crossed_above(fast, slow), ta.crossed_below(fast, slow)
        return Signals.with_risk(bars, long=up, short=down, risk=2 * ta.atr(bars, 14))
