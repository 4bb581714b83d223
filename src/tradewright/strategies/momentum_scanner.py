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
_ADX = 27  # the first bar of which the ADX of 14 bars, the slowest gauge without a length of its own, tells
_BANDS = ("middle", "inside", "beyond")


class MomentumScanner(Strategy):
    """Buy when the rate of change over 1, 5 and 15 bars is high and every other gauge of momentum agrees.

    They agree when the RSI is above 50 yet not overbought, the MACD stands above its signal line, the ADX tells of a
    trend, more than the usual volume trades, the on-balance volume is above its average, and price is above the VWAP
    of the day and the middle of its Bollinger bands, while the average true range says that the market is not wild.
    `band` asks for more: that price has not left the bands yet (`inside`), or that it has (`beyond`).

    The profit is taken in parts, 30 % of the position at 1.5 % from the close, 40 % at 3 %, 30 % at 5 %, where `target`
    and `part` do not say otherwise; a part of 0 is none. Once price has gone 2 % the right way, a stop follows at 1 %.
    The stop-loss stands at 2 %: the targets together pay 1.575 times the risk, so this class asks for a reward:risk of
    1.5, not the usual 3. With `short`, falling momentum is sold, all mirrored; `oversold` then stands for `overbought`.
    """

    version = "1.2.0"
    look_back = 1
    ltf = "1m"
    risk = MappingProxyType({"min_reward_risk": 1.5})
    roc_1: float = Param(0.05, low=0.0, high=100.0, doc="least rate of change over `length_1` bars, per cent")
    roc_5: float = Param(0.2, low=0.0, high=100.0, doc="over `length_5` bars")
    roc_15: float = Param(0.4, low=0.0, high=100.0, doc="over `length_15` bars")
    length_1: int = Param(1, low=1, high=500, doc="bars of the first rate of change")
    length_5: int = Param(5, low=1, high=500, doc="bars of the second, which are more")
    length_15: int = Param(15, low=1, high=500, doc="bars of the third, which are more again")
    rsi_length: int = Param(14, low=2, high=200, doc="bars in the relative strength index")
    overbought: float = Param(80.0, low=51.0, high=100.0, doc="RSI above which it is too late to buy")
    oversold: float = Param(20.0, low=0.0, high=49.0, doc="RSI below which it is too late to sell short")
    macd_fast: int = Param(12, low=2, high=200, doc="bars in the fast average of the MACD")
    macd_slow: int = Param(26, low=3, high=500, doc="bars in the slow average of the MACD")
    macd_signal: int = Param(9, low=2, high=200, doc="bars in the signal line")
    bands_length: int = Param(20, low=2, high=500, doc="bars in the bands")
    deviations: float = Param(2.0, low=0.1, high=10.0, doc="distance of the bands in standard deviations")
    band: str = Param(
        "middle", choices=_BANDS, doc="where price stands: beyond the middle band, yet in, or out of them"
    )
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

    @property
    def warmup(self) -> int:
        """Bars before the first signal."""
        slowest = self.macd_slow + self.macd_signal - 2, self.length_15, self.rsi_length, self.bands_length - 1
        return max(_ADX, *slowest)

    def check(self) -> None:
        """See `Strategy.check`."""
        if self.macd_fast >= self.macd_slow:
            raise self.refuse("macd_fast", f"fewer bars than macd_slow ({self.macd_slow})")
        for less, more in itertools.pairwise(("length_1", "length_5", "length_15")):
            if getattr(self, less) >= getattr(self, more):
                raise self.refuse(more, f"more bars than {less} ({getattr(self, less)})")
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
        strength = side * (ta.rsi(bars.close, self.rsi_length) - _NEUTRAL)
        most = self.overbought - _NEUTRAL if side > 0.0 else _NEUTRAL - self.oversold
        flow = ta.obv(bars)
        gauges = [side * ta.roc(bars.close, n) >= least for n, least in self._rates()]
        gauges += [
            (strength > 0.0) & (strength <= most),
            side * ta.macd(bars.close, self.macd_fast, self.macd_slow, self.macd_signal).histogram > 0.0,
            side * (flow - ta.sma(flow, 10)) > 0.0,
            side * (bars.close - ta.session_vwap(bars).vwap) > 0.0,
            *self._in_band(bars, side),
        ]
        return np.asarray(np.logical_and.reduce(gauges), np.bool_)

    def _in_band(self, bars: ClosedBars, side: float) -> list[Mask]:
        bands = ta.bbands(bars.close, self.bands_length, self.deviations, self.deviations)
        found = [side * (bars.close - bands.middle) > 0.0]
        if self.band != "middle":
            is_beyond = side * (bars.close - (bands.upper if side > 0.0 else bands.lower)) > 0.0
            found.append(is_beyond if self.band == "beyond" else ~is_beyond)
        return found

    def _levels(self) -> list[tuple[float, float]]:
        every = (self.target_1, self.part_1), (self.target_2, self.part_2), (self.target_3, self.part_3)
        return [(target, part) for target, part in every if part > 0.0]

    def _rates(self) -> list[tuple[int, float]]:
        return [(self.length_1, self.roc_1), (self.length_5, self.roc_5), (self.length_15, self.roc_15)]


def _begins(mask: Mask) -> Mask:
    # Where a mask becomes true.
    return mask & ~np.concatenate(([False], mask[:-1]))
