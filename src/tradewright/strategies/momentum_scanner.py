"""Momentum that every gauge agrees on."""

from __future__ import annotations

import itertools
from types import MappingProxyType

import numpy as np

from tradewright import Param, Signals, Strategy, ta
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.signals import Mask

__all__ = ["MomentumScanner"]

_NEUTRAL = 50.0  # an RSI that tells of neither side
_WHOLE, _SLACK = 100.0, 1e-9


class MomentumScanner(Strategy):
    """Buy when the rate of change over 1, 5 and 15 bars is high and every other gauge of momentum agrees.

    They agree when the RSI is above 50 yet not overbought, the MACD stands above its signal line, the ADX tells of a
    trend, more than the usual volume trades, the on-balance volume is above its average, and price is above the VWAP
    of the day and the middle of its Bollinger bands, while the average true range says that the market is not wild.

    The profit is taken in parts, 30 % of the position at 1.5 % from the close, 40 % at 3 %, 30 % at 5 %, where `target`
    and `part` do not say otherwise; a part of 0 is none. Once price has gone 2 % the right way, a stop follows at 1 %.
    The stop-loss stands at 2 %: the targets together pay 1.575 times the risk, so this class asks for a reward:risk of
    1.5, not the usual 3. With `short`, falling momentum is sold, all mirrored.
    """

    version = "1.1.0"
    look_back = 1
    ltf = "1m"
    risk = MappingProxyType({"min_reward_risk": 1.5})
    roc_1: float = Param(0.05, low=0.0, high=100.0, doc="least rate of change over 1 bar, per cent")
    roc_5: float = Param(0.2, low=0.0, high=100.0, doc="over 5 bars")
    roc_15: float = Param(0.4, low=0.0, high=100.0, doc="over 15 bars")
    overbought: float = Param(80.0, low=51.0, high=100.0, doc="RSI of 14 bars above which it is too late to buy")
    adx: float = Param(25.0, low=0.0, high=100.0, doc="least ADX of 14 bars")
    volume: float = Param(1.0, low=0.0, high=20.0, doc="least volume, multiples of its average over 10 bars")
    wild: float = Param(3.0, low=0.01, high=100.0, doc="most average true range of 14 bars, per cent of price")
    stop: float = Param(2.0, low=0.1, high=50.0, doc="distance of the stop, per cent of price")
    target_1: float = Param(1.5, low=0.1, high=100.0, doc="first target, per cent from the close")
    target_2: float = Param(3.0, low=0.1, high=100.0, doc="second target")
    target_3: float = Param(5.0, low=0.1, high=100.0, doc="third target")
    part_1: float = Param(30.0, low=1.0, high=100.0, doc="of the position, taken at the first target, per cent")
    part_2: float = Param(40.0, low=0.0, high=100.0, doc="at the second")
    part_3: float = Param(30.0, low=0.0, high=100.0, doc="at the third")
    activation: float = Param(2.0, low=0.1, high=100.0, doc="gain from which the stop follows, per cent of price")
    trailing: float = Param(1.0, low=0.1, high=10.0, doc="distance at which it follows, per cent, in steps of 0.1")
    short: bool = Param(False, doc="sell falling momentum short, too")

    warmup = 34

    def check(self) -> None:
        """See `Strategy.check`."""
        levels = self._levels()
        if abs(sum(part for _, part in levels) - _WHOLE) > _SLACK:
            raise self.refuse("part_1", "parts that make 100 together")
        if any(near >= far for (near, _), (far, _) in itertools.pairwise(levels)):
            raise self.refuse("target_2", "targets of which each is further away than the one before")

    def signals(self, bars: ClosedBars) -> Signals:
        """See the class."""
        calm = ta.natr(bars, 14) <= self.wild
        busy = bars.volume >= self.volume * ta.previous(ta.sma(bars.volume, 10))
        ready = calm & busy & (ta.adx(bars, 14) >= self.adx)
        gain = self.activation / 100.0 * bars.close
        return Signals.with_risk(
            bars,
            long=_begins(ready & self._momentum(bars, 1.0)),
            short=_begins(ready & self._momentum(bars, -1.0)) if self.short else None,
            risk=self.stop / 100.0 * bars.close,
            rewards=[(target / self.stop, part / _WHOLE) for target, part in self._levels()],
            trailing=round(self.trailing / 100.0, 3),
            activation=(bars.close + gain, bars.close - gain),
        )

    def _momentum(self, bars: ClosedBars, side: float) -> Mask:
        # Whether all gauges point to this side: 1 up, -1 down.
        strength = _NEUTRAL + side * (ta.rsi(bars.close, 14) - _NEUTRAL)
        flow = ta.obv(bars)
        gauges = [side * ta.roc(bars.close, n) >= least for n, least in self._rates()]
        gauges += [
            (strength > _NEUTRAL) & (strength <= self.overbought),
            side * ta.macd(bars.close).histogram > 0.0,
            side * (flow - ta.sma(flow, 10)) > 0.0,
            side * (bars.close - ta.session_vwap(bars).vwap) > 0.0,
            side * (bars.close - ta.bbands(bars.close).middle) > 0.0,
        ]
        return np.asarray(np.logical_and.reduce(gauges), np.bool_)

    def _levels(self) -> list[tuple[float, float]]:
        every = (self.target_1, self.part_1), (self.target_2, self.part_2), (self.target_3, self.part_3)
        return [(target, part) for target, part in every if part > 0.0]

    def _rates(self) -> list[tuple[int, float]]:
        return [(1, self.roc_1), (5, self.roc_5), (15, self.roc_15)]


def _begins(mask: Mask) -> Mask:
    # Where a mask becomes true.
    return mask & ~np.concatenate(([False], mask[:-1]))
