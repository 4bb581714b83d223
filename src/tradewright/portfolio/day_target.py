"""How often a daily profit target was met, and what the other days made."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tradewright.portfolio.run_log import RunLog
from tradewright.portfolio.sampling import DAY_NS

__all__ = ["TargetDays", "target_days"]


class TargetDays(NamedTuple):
    """Days beside the target that was set for them.

    Attributes:
        target: fraction of the day's first equity.
        met: days with a close at or above it.
        days: days with bars.
        rest: mean return of the days that did not meet it, fraction; 0 where all did.
    """

    target: float
    met: int
    days: int
    rest: float

    @property
    def share(self) -> float:
        """Of the days that met it."""
        return self.met / self.days if self.days else 0.0


def target_days(log: RunLog, target: float) -> TargetDays | None:
    """Count as the limit does: a bar belongs to the UTC day of its open; a day begins with the equity before it.

    Args:
        log: what the engine logged.
        target: fraction of the day's first equity; 0: there was none.
    """
    if target <= 0.0 or not log.ts_open.size:
        return None
    firsts = np.unique(log.ts_open // DAY_NS, return_index=True)[1]
    ends = np.append(firsts[1:], log.ts_open.size)
    before = np.concatenate(([log.initial_balance], log.equity))[firsts]
    best = np.maximum.reduceat(log.equity, firsts) / before - 1.0
    gains = log.equity[ends - 1] / before - 1.0
    met = best >= target
    rest = float(gains[~met].mean()) if not met.all() else 0.0
    return TargetDays(target, int(met.sum()), int(firsts.size), rest)
