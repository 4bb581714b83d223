"""What the closed trades tell. `profits` are net profits of trades, quote, in order of exit; None where undefined."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tradewright.market.bars import FloatColumn

__all__ = [
    "expectancy",
    "longest_streak",
    "payoff",
    "profit_factor",
    "system_quality",
    "win_rate",
]


def win_rate(profits: FloatColumn) -> float | None:
    """Share of trades with profit after costs. A trade of exactly 0 is no win.

    quantstats' `win_rate` leaves zeros out of the count.
    """
    return float(np.mean(profits > 0.0)) if profits.size else None


def profit_factor(profits: FloatColumn) -> float | None:
    """Sum of the wins / sum of the losses, unsigned. None without a loss.

    Source: Schwager, Technical Analysis, 1996; quantstats `profit_factor`.
    """
    losses = -float(np.sum(profits[profits < 0.0]))
    return float(np.sum(profits[profits > 0.0])) / losses if losses > 0.0 else None


def expectancy(profits: FloatColumn) -> float | None:
    """Mean net profit of a trade: win rate * mean win - loss rate * mean loss.

    Source: Tharp, Trade Your Way to Financial Freedom, 1998, ch. 7 (with R-multiples: expectancy in R).
    """
    return float(np.mean(profits)) if profits.size else None


def payoff(profits: FloatColumn) -> float | None:
    """Mean win / mean loss, unsigned. None without both.

    Source: quantstats `payoff_ratio`.
    """
    wins, losses = profits[profits > 0.0], profits[profits < 0.0]
    return float(np.mean(wins) / -np.mean(losses)) if wins.size and losses.size else None


def system_quality(multiples: FloatColumn) -> float | None:
    """System quality number: sqrt(n) * mean(R) / std(R, ddof 1), n not capped. None without variation.

    Source: Tharp, Definitive Guide to Position Sizing, 2008, ch. 2.
    """
    if multiples.size <= 1:
        return None
    spread = float(np.std(multiples, ddof=1))
    mean = float(np.mean(multiples))
    return math.sqrt(multiples.size) * mean / spread if spread > 1e-12 * abs(mean) else None


def longest_streak(is_in: Sequence[bool]) -> int:
    """Most in a row."""
    longest = run = 0
    for hit in is_in:
        run = run + 1 if hit else 0
        longest = max(longest, run)
    return longest
