"""What a file's time stamps mean: on the grid or beside it, a bar's open or its close."""

from __future__ import annotations

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
# Medians of a few hundred rows scatter by some 10 %; the bursts seen in recorded markets are 30 % to 80 %.
_DECISIVE_RATIO = 1.15


@dataclass(frozen=True, slots=True)
class VolumeEvidence:
    """What the volume pattern says of the stamps.

    Args:
        points_to: `open`, `close`, or None where it is not decisive.
        on_mark: median volume of the rows stamped on the mark (:00, and for short bars :15, :30, :45).
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
        return (
            f"the volume pattern {said} "
            f"(median {self.on_mark:,.6g} on the quarter hour, {self.after_mark:,.6g} one bar later)"
        )


def volume_evidence(ts: IntColumn, volume: FloatColumn, timeframe: Timeframe) -> VolumeEvidence:
    """Look for the burst of trading that follows each quarter hour (for bars of 5m and longer: each hour).

    Programs act on the clock, so the minute after the mark is the busiest. Rows stamped with their open carry it on
    the mark, rows stamped with their close one bar later. It is evidence to show, never a reason to decide silently.

    Args:
        ts: int64 (n,), UTC ns, as stamped.
        volume: float64 (n,), any unit.
        timeframe: of the bars; above 15m nothing can be seen.
    """
    period = (15 if timeframe.ns <= _MINUTE_NS else 60) * _MINUTE_NS
    if timeframe.ns > 15 * _MINUTE_NS:
        return VolumeEvidence(None, 0.0, 0.0, 0)
    follows = np.flatnonzero((ts[:-1] % period == 0) & (np.diff(ts) == timeframe.ns))
    follows = follows[np.isfinite(volume[follows]) & np.isfinite(volume[follows + 1])]
    if len(follows) < _LEAST_PAIRS:
        return VolumeEvidence(None, 0.0, 0.0, 0)
    on_mark, after = float(np.median(volume[follows])), float(np.median(volume[follows + 1]))
    points_to: Convention | None = None
    if after > on_mark * _DECISIVE_RATIO:
        points_to = "close"
    elif on_mark > after * _DECISIVE_RATIO:
        points_to = "open"
    return VolumeEvidence(points_to, on_mark, after, len(follows))


def snap(ts: IntColumn, timeframe: Timeframe) -> tuple[IntColumn, NDArray[np.bool_]]:
    """Move stamps that stand a hair beside the grid onto it: less than 1 s and less than 1 % of the timeframe.

    Returns:
        The stamps, and bool (n,): which of them moved. Those further off stay as they are.
    """
    beside = (ts - timeframe.anchor_ns) % timeframe.ns
    nearest = np.where(beside * 2 < timeframe.ns, -beside, timeframe.ns - beside)
    moves = (beside != 0) & (np.abs(nearest) < min(SECOND_NS, timeframe.ns // 100))
    return np.where(moves, ts + nearest, ts), moves
