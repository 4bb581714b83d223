"""Structure one bar at a time, for `on_bar`: the events of `structure` and `zones`, the same to the last bit.

The cost of a bar is bounded: by the swing length, and by the greatest number of open zones.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.features.pivots import Pivot, SwingStream
from tradewright.features.ranges import whole
from tradewright.features.structure import BreakKind
from tradewright.kernels import liquidity as pool_kernels
from tradewright.kernels import zones as kernels

__all__ = ["BarOf", "Break", "GapStream", "PoolStream", "StructureStream", "Sweep", "SweepStream", "Zone", "ZoneStream"]


class BarOf(NamedTuple):
    """The prices of one closed bar."""

    open: float
    high: float
    low: float
    close: float


class Zone(NamedTuple):
    """A gap or an order block, at the bar that made it known."""

    event_bar: int
    ref_bar: int
    side: int
    bottom: float
    top: float


class Break(NamedTuple):
    """A close beyond the last swing, and the order block behind it."""

    event_bar: int
    ref_bar: int
    side: int
    kind: BreakKind
    level: float
    block: Zone


class _Leg:
    """Since a swing: how far price went away from it, and the last bar against the way back; O(1) per bar."""

    def __init__(self, swing: Pivot) -> None:
        self.swing = swing
        self._extreme = np.inf
        self._against: Zone | None = None
        self.block: Zone | None = None

    def extend(self, t: int, bar: BarOf) -> None:
        side = self.swing.side
        if (bar.close - bar.open) * side < 0.0:
            self._against = Zone(t, t, side, bar.low, bar.high)
        away = bar.low if side > 0 else -bar.high
        if away < self._extreme:
            self._extreme = away
            self.block = self._against or Zone(t, t, side, bar.low, bar.high)


class StructureStream:
    """`structure.market_structure` and `structure.order_blocks`, one bar at a time; O(k) per bar.

    Args:
        k: bars that confirm a swing.

    Attributes:
        trend: after the last bar: +1 up, -1 down, 0 unknown.
        swing: the swing that the last bar confirmed, or None.
    """

    def __init__(self, k: int) -> None:
        self._swings, self._k, self._bar = SwingStream(k), k, -1
        self._recent: list[BarOf] = []
        self._legs: dict[int, _Leg] = {}
        self.trend = 0
        self.swing: Pivot | None = None

    def update(self, bar: BarOf) -> Break | None:
        """Take the next bar; the break that its close makes, if it does."""
        self._bar += 1
        self._recent = [*self._recent[-self._k :], bar]
        for open_leg in self._legs.values():
            open_leg.extend(self._bar, bar)
        self.swing = self._swings.update(bar.high, bar.low)
        if self.swing:
            self._legs[self.swing.side] = self._begin(self.swing)
        for side in (1, -1):
            leg = self._legs.get(side)
            if leg is not None and (bar.close - leg.swing.level) * side > 0.0:
                del self._legs[side]
                return self._break(leg)
        return None

    def _begin(self, swing: Pivot) -> _Leg:
        leg = _Leg(swing)
        for place, bar in enumerate(self._recent[-self._k :], start=swing.ref_bar + 1):
            leg.extend(place, bar)
        return leg

    def _break(self, leg: _Leg) -> Break:
        _, ref, side, level = leg.swing
        kind = BreakKind.INIT if self.trend == 0 else BreakKind.BOS if self.trend == side else BreakKind.CHOCH
        self.trend = side
        assert leg.block is not None  # a swing is confirmed k >= 1 bars after it stood
        return Break(self._bar, ref, side, kind, level, leg.block._replace(event_bar=self._bar))


class GapStream:
    """`structure.fair_value_gaps`, one bar at a time; O(1) per bar."""

    def __init__(self) -> None:
        self._bar, self._before = -1, (BarOf(np.nan, np.nan, np.nan, np.nan),) * 2

    def update(self, bar: BarOf, least: float = 0.0) -> Zone | None:
        """Take the next bar; the gap that it completes, if it does and the gap is at least so high."""
        self._bar += 1
        first, middle = self._before
        self._before = (middle, bar)
        body = middle.close - middle.open
        if bar.low > first.high and body > 0.0 and bar.low - first.high >= least:
            return Zone(self._bar, self._bar - 1, 1, first.high, bar.low)
        if bar.high < first.low and body < 0.0 and first.low - bar.high >= least:
            return Zone(self._bar, self._bar - 1, -1, bar.high, first.low)
        return None


class ZoneStream:
    """`zones.zone_lives`, one bar at a time; O(most) per bar. Feed the bar first, then the zones it made known.

    Args:
        most: as there.
    """

    def __init__(self, most: int = 200) -> None:
        self._book, self._bar, self._row = kernels.new_zone_book(whole("most", most, 1, 10_000)), -1, -1

    def update(self, high: float, low: float, close: float) -> NDArray[np.void]:
        """Take the next bar: the records of the zones that it broke; `row` counts zones in order of `add`."""
        self._bar += 1
        kernels.advance_zones(self._book, self._bar, high, low, close)
        return self._ended()

    def add(self, zone: Zone) -> NDArray[np.void]:
        """Follow a zone from the next bar on; the record of the zone forgotten for it, if there is one."""
        self._row += 1
        self._book.now["n_done"] = 0
        kernels.add_zone(self._book, self._bar, self._row, zone.side, (zone.bottom, zone.top))
        return self._ended()

    @property
    def open(self) -> NDArray[np.void]:
        """The records of the zones that are open after the last bar, oldest first."""
        return self._book.open[: int(self._book.now[0]["n_open"])].copy()

    @property
    def nearest(self) -> tuple[float, float, float, float]:
        """Demand bottom and top, supply bottom and top, nearest after the last bar; NaN where there is none."""
        now = self._book.now[0]
        demand = float(now["demand_bottom"]), float(now["demand_top"])
        return *demand, float(now["supply_bottom"]), float(now["supply_top"])

    def _ended(self) -> NDArray[np.void]:
        return self._book.done[: int(self._book.now[0]["n_done"])].copy()


class PoolStream:
    """`zones.liquidity_pools`, one bar at a time; O(most) per bar. Feed the bar first, then the swing it confirmed.

    Args:
        most: as there.
    """

    def __init__(self, most: int = 200) -> None:
        self._book, self._bar = pool_kernels.new_pool_book(whole("most", most, 1, 10_000)), -1

    def update(self, high: float, low: float, close: float) -> NDArray[np.void]:
        """Take the next bar: the records of the pools that it swept or ran."""
        self._bar += 1
        pool_kernels.advance_pools(self._book, self._bar, high, low, close)
        return self._ended()

    def add(self, swing: Pivot, near: float) -> NDArray[np.void]:
        """Take a swing that the last bar confirmed; the record of the pool forgotten for it, if there is one."""
        self._book.now["n_done"] = 0
        pool_kernels.add_swing(self._book, self._bar, swing[1:], near)
        return self._ended()

    @property
    def open(self) -> NDArray[np.void]:
        """The records of the pools that are open after the last bar."""
        return _pools(self._book.open[: int(self._book.now[0]["n_open"])])

    @property
    def nearest(self) -> tuple[float, float]:
        """The nearest open pool of highs above, of lows below, after the last bar; NaN where there is none."""
        found = self.open
        above, below = found["top"][found["side"] > 0], found["bottom"][found["side"] < 0]
        return float(above.min()) if above.size else np.nan, float(below.max()) if below.size else np.nan

    def _ended(self) -> NDArray[np.void]:
        return _pools(self._book.done[: int(self._book.now[0]["n_done"])])


def _pools(records: NDArray[np.void]) -> NDArray[np.void]:
    # A single swing is no pool yet.
    known: NDArray[np.void] = records[records["event_bar"] != kernels.NEVER]
    return known.copy()


class Sweep(NamedTuple):
    """A bar that took old swings and closed back."""

    event_bar: int
    ref_bar: int
    level: float
    touches: int


class SweepStream:
    """`structure.sweeps`, one bar at a time. Feed the bar first, then the swing of the side it confirmed.

    Args:
        side: -1 bars that dip below swing lows, +1 bars that reach above swing highs.
    """

    def __init__(self, side: int = -1) -> None:
        self._side, self._bar = side, -1
        self._untaken: list[tuple[float, int]] = []  # levels nearer and nearer to price: the last is taken first

    def update(self, extreme: float, close: float, near: float) -> Sweep | None:
        """Take the next bar's low (high for side +1), its close, and the distance within which swings form a pool.

        A swing is taken once, so that all bars together cost no more than all swings.
        """
        self._bar += 1
        taken: list[tuple[float, int]] = []
        while self._untaken and (extreme - self._untaken[-1][0]) * self._side > 0.0:
            taken.append(self._untaken.pop())
        if not taken or (close - taken[-1][0]) * self._side >= 0.0:
            return None
        level, ref = taken[-1]
        return Sweep(self._bar, ref, level, sum(abs(other - level) <= near for other, _ in taken))

    def add(self, swing: Pivot) -> None:
        """Take a swing that the last bar confirmed; those of the other side are left out."""
        if swing.side == self._side:
            self._untaken.append((swing.level, swing.ref_bar))
