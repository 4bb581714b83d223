"""Turning points of price, each known only at its confirmation: the ground of patterns and levels.

Both kinds answer with `structure.Swings`: swings of a fixed number of bars (`structure.swings`), and here the zigzag,
whose turns are confirmed by distance instead of time. A pivot stands at `ref_bar` and is known from `event_bar` on.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from tradewright.features.columns import column, period
from tradewright.features.ranges import number
from tradewright.features.recall import over_the_whole
from tradewright.features.stream import Atr
from tradewright.features.structure import Swings
from tradewright.features.volatility import atr
from tradewright.kernels import zigzag as kernels
from tradewright.market.bars import Bars

__all__ = ["Pivot", "SwingStream", "ZigzagStream", "zigzag"]


class Pivot(NamedTuple):
    """One turning point, at the bar that confirms it."""

    event_bar: int
    ref_bar: int
    side: int
    """+1 a high, -1 a low."""
    level: float


@over_the_whole
def zigzag(bars: Bars, reversal: float = 2.0, n: int = 14) -> Swings:
    """Find the turning points after which price came back by `reversal` average true ranges.

    A high is confirmed by the first later bar whose low lies `reversal` ATRs below it, the ATR being that of the
    high's own bar; lows likewise. Highs and lows alternate. There is no fixed lag: a pivot is known when price has come
    back from it.

    Args:
        bars: any.
        reversal: distance that confirms a turn, average true ranges, 0.1 to 100.
        n: length of the average true range, bars; the first leg begins at row n.

    Raises:
        InvalidValue: a parameter is outside its range.
    """
    reach = number("reversal", reversal, 0.1, 100.0) * atr(bars, n)
    return Swings(*kernels.zigzag_events(column(bars.high), column(bars.low), reach, kernels.new_zigzag()))


class ZigzagStream:
    """`zigzag`, one bar at a time, to the last bit; O(1) per bar.

    Args:
        reversal: as there.
        n: as there.
    """

    def __init__(self, reversal: float = 2.0, n: int = 14) -> None:
        self._reversal, self._atr = number("reversal", reversal, 0.1, 100.0), Atr(n)
        self._state, self._bar = kernels.new_zigzag(), -1

    def update(self, high: float, low: float, close: float) -> Pivot | None:
        """Take the next bar; the pivot that it confirms, if it does."""
        self._bar += 1
        state = self._state[0]
        way = kernels.turn(state, self._bar, high, low, self._reversal * self._atr.update(high, low, close))
        if way == 0:
            return None
        end = "high" if way > 0 else "low"
        return Pivot(self._bar, int(state[f"{end}_bar"]), way, float(state[end]))

    @property
    def ends(self) -> dict[int, int]:
        """Where the highest (+1) and lowest (-1) bar of the leg under way stand: the pivots to come, if they hold."""
        return {1: int(self._state[0]["high_bar"]), -1: int(self._state[0]["low_bar"])}


class SwingStream:
    """`structure.swings`, one bar at a time; O(k) per bar.

    Args:
        k: bars that confirm a swing.
    """

    def __init__(self, k: int) -> None:
        self._k, self._bar = period(k), -1
        self._high: deque[float] = deque(maxlen=2 * k)
        self._low: deque[float] = deque(maxlen=2 * k)
        self._last: Pivot | None = None

    def update(self, high: float, low: float) -> Pivot | None:
        """Take the next bar; the swing that it confirms, if it does."""
        self._bar += 1
        self._high.append(high)
        self._low.append(low)
        place = self._bar - self._k
        if self._bar < 3 * self._k - 1:
            return None
        top, bottom = self._high[self._k - 1], self._low[self._k - 1]
        if top == max(self._high):
            found = Pivot(self._bar, place, 1, top)
        elif bottom == min(self._low):
            found = Pivot(self._bar, place, -1, bottom)
        else:
            return None
        last = self._last
        if last and last.side == found.side and (found.level - last.level) * found.side <= 0.0:
            return None
        self._last = found
        return found
