"""Every built-in strategy earns where its edge is planted, and nothing beyond chance where there is noise alone."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.services.strategies import find_strategies
from tradewright.testing.edge_trials import MARKETS, edge_trial
from tradewright.testing.planted_edges import (
    Planted,
    magnetic,
    pressed,
    ranging,
    reverting,
    sweeping,
    trending,
)

STRATEGIES = find_strategies()
LUCK_1_PERCENT, LUCK_5_PERCENT = 2.72, 1.80  # Student's t of 11 degrees of freedom, one-sided
MADE_FOR: dict[str, Planted] = {
    "grid": reverting,
    "ichimoku": trending,
    "ma_crossover": trending,
    "macd_bollinger": trending,
    "momentum_breakout": trending,
    "momentum_scanner": trending,
    "order_flow": pressed,
    "rsi_mean_reversion": reverting,
    "simple_test": trending,
    "smc": sweeping,
    "support_resistance": ranging,
    "volume_profile": magnetic,
}


def test_the_thresholds_are_those_of_the_number_of_markets() -> None:
    """One-sided quantiles of Student's t, found by simulation: means of 12 normal numbers over their errors."""
    draws = np.random.default_rng(1).standard_normal((400_000, MARKETS))
    t = draws.mean(axis=1) / draws.std(axis=1, ddof=1) * np.sqrt(MARKETS)
    np.testing.assert_allclose([LUCK_1_PERCENT, LUCK_5_PERCENT], np.quantile(t, [0.99, 0.95]), atol=0.02)


def test_no_built_in_strategy_is_left_out() -> None:
    """Each of them has a market that it is made for."""
    assert set(STRATEGIES.names()) == set(MADE_FOR)


@pytest.mark.parametrize(("name", "market"), MADE_FOR.items())
def test_a_strategy_earns_where_its_edge_is_planted(name: str, market: Planted) -> None:
    """After all costs, in 12 markets, by more than luck gives once in a hundred times; over a hundred trades."""
    found = edge_trial(STRATEGIES.create(name, {}), market)
    assert found.trades >= 100
    assert found.t > LUCK_1_PERCENT


@pytest.mark.parametrize(("name", "market"), MADE_FOR.items())
def test_a_strategy_earns_nothing_from_noise(name: str, market: Planted) -> None:
    """The same markets without the edge: it trades, and what it earns after costs is no more than luck."""
    found = edge_trial(STRATEGIES.create(name, {}), market, edge=0.0)
    assert found.trades >= 100
    assert found.t < LUCK_5_PERCENT
