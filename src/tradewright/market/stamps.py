"""What a file's time stamps mean: on the grid or beside it, a bar's open or its close."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.timeframe import SECOND_NS, Timeframe
from tradewright.market.bars import FloatColumn, IntColumn

__all__ = ["Convention", "VolumeEvidence", "snap", "volume_evidence"]

Convention = Literal["open", "close"]

_MINUTE_NS = 60 * SECOND_NS
_LEAST_PAIRS = 30
# Standard deviations of a sign test. Recorded liquid markets reach 5 to 15 within a week or a month, thin ones stay
# below 2: a false pointer is worse than none.
_DECISIVE = 4.0


@dataclass(frozen=True, slots=True)
class VolumeEvidence:
    """What the volume pattern says of the stamps.

    Args:
        points_to: `open`, `close`, or None where it is not decisive.
        on_mark: median volume of the rows stamped on the mark (:00, and up to 5m bars :15, :30, :45).
        after_mark: median volume of the rows stamped one bar later.
        pairs: how many pairs were compared.
    """

    points_to: Convention | None
    on_mark: float
    after_mark: float
    pairs: int

    def __str__(self) -> str:
        if not self.pairs:
            return "there are too few rows for a volume pattern"
        said = f"points to {self.points_to}" if self.points_to else "is not decisive"
        medians = f"median {self.on_mark:,.6g} on the quarter hour, {self.after_mark:,.6g} one bar later"
        return f"the volume pattern {said} ({medians})"


def volume_evidence(ts: IntColumn, volume: FloatColumn, timeframe: Timeframe) -> VolumeEvidence:
    """Look for the burst of trading that follows each quarter hour (for 15m bars: each hour).

    Programs act on the clock, so the first bar after the mark is the busiest. Rows stamped with their open carry it on
    the mark, rows stamped with their close one bar later. Decided by a sign test over the pairs of neighbours. It is
    evidence to show, never a reason to decide silently.

    Args:
        ts: int64 (n,), UTC ns, as stamped.
        volume: float64 (n,), any unit.
        timeframe: of the bars; above 15m nothing can be seen.
    """
    period = (15 if timeframe.ns <= 5 * _MINUTE_NS else 60) * _MINUTE_NS
    on = np.flatnonzero((ts[:-1] % period == 0) & (np.diff(ts) == timeframe.ns))
    on = on[np.isfinite(volume[on]) & np.isfinite(volume[on + 1])]
    if timeframe.ns > 15 * _MINUTE_NS or len(on) < _LEAST_PAIRS:
        return VolumeEvidence(None, 0.0, 0.0, 0)
    first, second = volume[on], volume[on + 1]
    score = float(np.sign(second - first).sum()) / math.sqrt(len(on))
    points_to: Convention | None = None
    if abs(score) >= _DECISIVE:
        points_to = "close" if score > 0 else "open"
    return VolumeEvidence(points_to, float(np.median(first)), float(np.median(second)), len(on))


def snap(ts: IntColumn, timeframe: Timeframe) -> tuple[IntColumn, NDArray[np.bool_]]:
    """Move stamps that stand a hair beside the grid onto it: less than 1 s and less than 1 % of the timeframe.

    Returns:
        The stamps, and bool (n,): which of them moved. Those further off stay as they are.
    """
    beside = (ts - timeframe.anchor_ns) % timeframe.ns
    nearest = np.where(beside * 2 < timeframe.ns, -beside, timeframe.ns - beside)
    moves = (beside != 0) & (np.abs(nearest) < min(SECOND_NS, timeframe.ns // 100))
    return np.where(moves, ts + nearest, ts), moves
