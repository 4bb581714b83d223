"""A strategy with every combination of some values of its parameters, on the same bars."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tradewright.domain.errors import InvalidValue
from tradewright.engine.backtest import Progress, Run, no_progress
from tradewright.engine.outcome import log_of
from tradewright.portfolio.summary import summarise
from tradewright.research.sweep import sweep
from tradewright.services.backtests import BacktestRequest, Backtests
from tradewright.strategy.param import Value

__all__ = ["MOST_SETS", "Sweeps", "combinations"]

MOST_SETS = 5_000
_FIGURES = ("total_return", "sharpe", "sortino", "max_drawdown", "profit_factor", "win_rate", "trades", "expectancy_r")


def combinations(grid: Mapping[str, Sequence[Value]]) -> list[dict[str, Value]]:
    """Every combination of values.

    Args:
        grid: parameter to its values.

    Raises:
        InvalidValue: there are none, or too many.
    """
    size = 1
    for values in grid.values():
        size *= len(values)
    if not grid or not 1 <= size <= MOST_SETS:
        raise InvalidValue("grid", size if grid else 0, f"1 to {MOST_SETS} combinations of values")
    return [dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values())]


@dataclass(frozen=True, slots=True)
class Sweeps:
    """Runs sweeps; nothing of the single runs is kept but their figures.

    Args:
        backtests: that check requests and load data.
    """

    backtests: Backtests

    def run(
        self, request: BacktestRequest, grid: Mapping[str, Sequence[Value]], progress: Progress = no_progress
    ) -> list[dict[str, Any]]:
        """Run every combination; each row has `params` and figures, the highest Sharpe ratio first.

        Raises:
            TradewrightError: whatever is wrong with the request, or with a combination.
        """
        sets = combinations(grid)
        make = self.backtests.strategies.create
        strategies = [make(request.strategy, {**request.params, **one}) for one in sets]
        spec = self.backtests.describe(request, strategies[0])
        done = itertools.count(1)

        def keep(run: Run) -> dict[str, Any]:
            progress(next(done), len(sets))
            values = summarise(log_of(run)).metrics.values
            return {name: values.get(name) for name in _FIGURES}

        found = sweep(spec, strategies, self.backtests.load(spec), keep)
        rows = [{"params": one, **figures} for one, figures in zip(sets, found, strict=True)]
        return sorted(rows, key=_rank)


def _rank(row: Mapping[str, Any]) -> tuple[bool, float]:
    # What has no Sharpe ratio comes last.
    sharpe = row["sharpe"]
    return (sharpe is None, 0.0 if sharpe is None else -sharpe)
