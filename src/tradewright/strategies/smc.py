"""Smart Money Concepts over two timeframes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from tradewright import Param, Signals, Strategy, ta
from tradewright.domain.signal import Signal, SignalSide
from tradewright.features.structure import BreakKind, Structure, Sweeps, Zones
from tradewright.market.bars import Bars, FloatColumn
from tradewright.strategy.closed_bars import ClosedBars

__all__ = ["Smc"]


class Smc(Strategy):
    """Join the higher timeframe's trend after its pullback has swept liquidity and turned.

    For a long: the higher timeframe's structure points up; on the traded timeframe a bar dips below old swing lows and
    closes back above (sweep); within `sweep_window` bars a close breaks the last swing high against the local
    trend (change of character), on a leg with a strong bar (displacement); a limit order then waits in a fair-value gap
    or order block of that leg, where it lies in the lower half of the leg (discount). The stop stands below the sweep,
    the target at the nearest untaken swing high that pays at least `reward` times the risk, or else exactly that far.
    Shorts are the mirror image.
    """

    version = "1.0.0"
    ltf = "15m"
    htf = "4h"
    htf_swing: int = Param(2, low=1, high=50, doc="bars that confirm a swing on the higher timeframe")
    swing: int = Param(3, low=1, high=50, doc="bars that confirm a swing on the traded timeframe")
    atr_length: int = Param(14, low=2, high=200, doc="bars in the average true range")
    pool: int = Param(1, low=1, high=10, doc="swings that a swept pool must hold")
    near: float = Param(0.1, low=0.0, high=5.0, doc="distance of swings in one pool, average true ranges")
    sweep_window: int = Param(48, low=1, high=1_000, doc="bars from sweep to change of character")
    entry_window: int = Param(8, low=0, high=500, doc="bars from change of character to a usable zone")
    displacement: float = Param(0.8, low=0.0, high=10.0, doc="body of the strong bar, average true ranges")
    gap: float = Param(0.1, low=0.0, high=5.0, doc="least height of a fair-value gap, average true ranges")
    zone: str = Param("either", choices=("either", "gap", "block"), doc="where to enter: fair-value gap or order block")
    pad: float = Param(0.1, low=0.0, high=5.0, doc="room between sweep and stop, average true ranges")
    reward: float = Param(3.0, low=0.1, high=20.0, doc="least distance of the target in distances of the stop")
    valid: int = Param(16, low=1, high=500, doc="bars that the limit order waits")

    @property
    def warmup(self) -> int:
        """Bars before the first signal."""
        return max(self.atr_length, 3 * self.swing)

    def signals(self, bars: ClosedBars) -> Signals:
        """See the class."""
        trend = bars.on_close(ta.structure.market_structure(bars.htf, self.htf_swing).trend, fill=0.0)
        ltf = bars.ltf
        found = [(setup.bar, setup.signal(1.0, self.valid)) for setup in _Leg(self, ltf, trend).setups()]
        upside_down = _Leg(self, ta.structure.mirrored(ltf), -trend)
        found += [(setup.bar, setup.signal(-1.0, self.valid)) for setup in upside_down.setups()]
        return Signals.from_list(sorted(found, key=lambda pair: pair[0]))


class _Setup(NamedTuple):
    bar: int
    entry: float
    stop: float
    target: float
    sweep_bar: int
    break_bar: int
    is_gap: bool

    def signal(self, sign: float, valid: int) -> Signal:
        facts = {
            "sweep_bar": self.sweep_bar,
            "break_bar": self.break_bar,
            "zone": "fair-value gap" if self.is_gap else "order block",
        }
        side: SignalSide = "long" if sign > 0.0 else "short"
        entry, stop, target = sign * self.entry, sign * self.stop, sign * self.target
        return Signal(side, entry, stop, target, metadata=facts, kind="limit", valid_bars=valid)


class _Leg:
    """Finds longs; shorts are the longs of the market upside down."""

    def __init__(self, smc: Smc, bars: Bars, trend: FloatColumn) -> None:
        self.smc, self.bars, self.trend = smc, bars, trend
        self.atr: FloatColumn = ta.atr(bars, smc.atr_length)
        self.shape: Structure = ta.structure.market_structure(bars, smc.swing)
        swept: Sweeps = ta.structure.sweeps(bars, self.shape.swings, smc.near * self.atr)
        self.pools = swept.event_bar[swept.touches >= smc.pool]
        self.gaps: Zones = ta.structure.fair_value_gaps(bars, smc.gap * self.atr)
        self.blocks: Zones = ta.structure.order_blocks(bars, self.shape.breaks)

    def setups(self) -> Iterator[_Setup]:
        """One for each sweep that led to a change of character and a zone, in order of time."""
        breaks = self.shape.breaks
        rows = np.flatnonzero((breaks.kind == BreakKind.CHOCH) & (breaks.side > 0)).tolist()
        turns = breaks.event_bar[rows].tolist()
        used = -1
        for row, turn, following in zip(rows, turns, [*turns, self.bars.close.size][1:], strict=True):
            sweep = self._sweep_before(turn)
            # The next change of character ends the search: a later bar must not decide about an earlier one.
            until = min(turn + self.smc.entry_window, following - 1)
            if sweep > used and self._is_strong(sweep, turn) and (setup := self._setup(row, sweep, turn, until)):
                used = sweep
                yield setup

    def _sweep_before(self, turn: int) -> int:
        chosen = self.pools[(self.pools <= turn) & (self.pools >= turn - self.smc.sweep_window)]
        return int(chosen[-1]) if chosen.size else -1

    def _is_strong(self, sweep: int, turn: int) -> bool:
        leg = slice(sweep, turn + 1)
        body = (self.bars.close - self.bars.open)[leg]
        return bool((body >= self.smc.displacement * self.atr[leg]).any())

    def _setup(self, row: int, sweep: int, turn: int, until: int) -> _Setup | None:
        floor = float(self.bars.low[sweep])
        stop = floor - self.smc.pad * float(self.atr[sweep])
        for bar, bottom, top, is_gap in self._zones(row, sweep, turn, until):
            leg = slice(sweep, bar + 1)
            middle = (floor + float(self.bars.high[leg].max())) / 2.0
            entry = min(top, middle)
            is_valid = self.trend[bar] > 0.0 and self.bars.low[leg].min() >= floor
            if not (is_valid and max(bottom, floor) <= entry < self.bars.close[bar]):
                continue
            target = self._target(bar, entry, stop)
            if min(stop * entry, target * entry) > 0.0:  # a short's far target could pass zero, where no price is
                return _Setup(bar, entry, stop, target, sweep, turn, is_gap)
        return None

    def _zones(self, row: int, sweep: int, turn: int, until: int) -> list[tuple[int, float, float, bool]]:
        # (bar, bottom, top, whether a gap), in order of time; at one bar the nearest gap first, then the block.
        smc, gaps = self.smc, self.gaps
        in_leg = (gaps.side > 0) & (gaps.ref_bar >= sweep) & (gaps.event_bar <= until)
        chosen = np.flatnonzero(in_leg) if smc.zone != "block" else ()
        found = [(max(turn, int(gaps.event_bar[i])), float(gaps.bottom[i]), float(gaps.top[i]), True) for i in chosen]
        if smc.zone != "gap":
            found.append((turn, float(self.blocks.bottom[row]), float(self.blocks.top[row]), False))
        return sorted(found, key=lambda zone: (zone[0], not zone[3], -zone[2]))

    def _target(self, bar: int, entry: float, stop: float) -> float:
        least = entry + self.smc.reward * (entry - stop)
        swings = self.shape.swings
        known = (swings.side > 0) & (swings.event_bar <= bar) & (swings.level >= least)
        for row in np.flatnonzero(known)[np.argsort(swings.level[known], kind="stable")].tolist():
            level = float(swings.level[row])
            if self.bars.high[swings.ref_bar[row] + 1 : bar + 1].max(initial=-np.inf) <= level:
                return level
        return least
