"""Back into value."""

from __future__ import annotations

from types import MappingProxyType

from tradewright import Param, Signals, Strategy, ta
from tradewright.strategy.closed_bars import ClosedBars

__all__ = ["VolumeProfile"]


class VolumeProfile(Strategy):
    """Buy when price, after a close below the value area, closes inside it again; mirror above to sell short.

    Value is where `share` of the volume of the last `length` bars was traded. Price that was refused outside value
    returns to the busiest price (Steidlmayer): there the target stands, and the stop `pad` beyond the extreme of the
    last `excursion` bars. A signal that would win less than `reward` times its risk is left out. Such trades win often
    and little, so this class asks for a reward:risk of 1, not the usual 3.
    """

    version = "1.0.0"
    look_back = 0
    risk = MappingProxyType({"min_reward_risk": 1.0})
    length: int = Param(96, low=10, high=2_000, doc="bars in the profile")
    rows: int = Param(24, low=4, high=500, doc="rows of prices in the profile")
    share: float = Param(0.7, low=0.1, high=0.99, doc="share of the volume that makes the value area")
    excursion: int = Param(4, low=1, high=100, doc="bars whose extreme the stop stands beyond")
    pad: float = Param(0.25, low=0.0, high=10.0, doc="room between extreme and stop, average true ranges")
    atr_length: int = Param(14, low=2, high=200, doc="bars in the average true range")
    reward: float = Param(1.0, low=0.1, high=20.0, doc="least distance of the target in distances of the stop")

    @property
    def warmup(self) -> int:
        """Bars before the first signal."""
        return max(self.length, self.atr_length)

    def signals(self, bars: ClosedBars) -> Signals:
        """See the class."""
        profile = ta.volume_profile(bars, self.length, self.rows, self.share)
        bottom, top, busiest = (ta.previous(level) for level in (profile.val, profile.vah, profile.poc))
        pad = self.pad * ta.atr(bars, self.atr_length)
        close, before = bars.close, ta.previous(bars.close)
        floor = ta.lowest(bars.low, self.excursion) - pad
        ceiling = ta.highest(bars.high, self.excursion) + pad
        is_back_up = (before < bottom) & (close > bottom) & (busiest - close >= self.reward * (close - floor))
        is_back_down = (before > top) & (close < top) & (close - busiest >= self.reward * (ceiling - close))
        return Signals.from_masks(
            bars,
            long=is_back_up & ~is_back_down,
            short=is_back_down & ~is_back_up,
            stop_loss=(floor, ceiling),
            take_profit=busiest,
            metadata={"poc": busiest, "val": bottom, "vah": top},
        )
