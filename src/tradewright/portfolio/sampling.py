"""From equity at each close to the returns that risk is measured on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tradewright.market.bars import FloatColumn, IntColumn
from tradewright.portfolio.run_log import RunLog

__all__ = ["Sample", "daily_equity", "equity_at", "sample_returns"]

DAY_NS = 86_400_000_000_000
DAYS_PER_YEAR = 365.0  # crypto trades every day
MIN_DAYS = 30


class Sample(NamedTuple):
    """Returns of equal spans.

    Attributes:
        returns: simple returns, fractions, net of every cost.
        per_year: how many of them make a year of 365 days.
        name: `daily` or `bar`.
    """

    returns: FloatColumn
    per_year: float
    name: str


def daily_equity(log: RunLog) -> FloatColumn:
    """Equity at the end of each UTC day of the run, initial balance first.

    A close at midnight ends the day before it. A day without bars repeats the day before it. The last value is that of
    the last close, be its day over or not.
    """
    if not log.ts_close.size:
        return np.array([log.initial_balance])
    first = log.ts_open[0] // DAY_NS + 1
    last = -(-log.ts_close[-1] // DAY_NS)
    ends = np.arange(first, last + 1, dtype=np.int64) * DAY_NS
    return np.concatenate(([log.initial_balance], equity_at(log, ends)))


def equity_at(log: RunLog, ends: IntColumn) -> FloatColumn:
    """Equity after the last close at or before each instant, UTC ns; the initial balance before the first close."""
    rows = np.searchsorted(log.ts_close, ends, side="right")
    return np.concatenate(([log.initial_balance], log.equity))[rows]


def sample_returns(log: RunLog) -> Sample:
    """Choose the returns for risk figures: daily (UTC) where the run has at least 30 days, else those of the bars.

    Bars' returns are annualised by bars per year, which takes them as independent of each other; figures from less
    than 30 days say little either way.
    """
    if log.days >= MIN_DAYS:
        return Sample(_returns(daily_equity(log)), DAYS_PER_YEAR, "daily")
    curve = np.concatenate(([log.initial_balance], log.equity))
    length = int(log.ts_close[0] - log.ts_open[0]) if log.ts_close.size else DAY_NS
    return Sample(_returns(curve), DAYS_PER_YEAR * DAY_NS / length, "bar")


def _returns(curve: FloatColumn) -> FloatColumn:
    # What follows ruin is no return at all.
    ruin = np.flatnonzero(curve <= 0.0)
    whole = curve[: ruin[0] + 1] if ruin.size else curve
    return np.asarray(whole[1:] / whole[:-1] - 1.0, np.float64)
