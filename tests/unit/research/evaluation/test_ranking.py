"""A ranking says what the sample says, and no more."""

from __future__ import annotations

import numpy as np

from tradewright.research.evaluation.ranking import Cell, Contender, Evaluation, rank

DAYS = 365
PERIODS = [("2024-01-01T00:00:00Z", "2024-12-31T00:00:00Z")]


def contender(name: str, yearly_sharpe: float, seed: int, trades: int = 100, leak_passed: bool = True) -> Contender:
    """Daily normal returns of 1 % deviation with the Sharpe ratio given, in expectation."""
    mean = yearly_sharpe / np.sqrt(365.0) * 0.01
    returns = np.random.default_rng(seed).normal(mean, 0.01, DAYS)
    return Contender(name, returns, (Cell("BTC/USDT", 0, 0.0, trades),), leak_passed)


def ranking(*contenders: Contender) -> Evaluation:
    """Rank on daily returns."""
    return rank(contenders, PERIODS, "day", 365.0, seed=1)


def test_a_planted_edge_is_told_from_noise() -> None:
    """Sharpe 6 against 0 over a year: found first and said to be the best, in at least 18 of 20 markets."""
    told = [ranking(contender("noise", 0.0, 2 * seed), contender("edge", 6.0, 2 * seed + 1)) for seed in range(20)]
    assert sum(one.told and one.standings[0].strategy == "edge" for one in told) >= 18


def test_noise_is_seldom_told_from_noise() -> None:
    """Two strategies without an edge: one is called the best in at most 6 of 40 markets, at 95 %."""
    told = [ranking(contender("a", 0.0, 2 * seed), contender("b", 0.0, 2 * seed + 1)).told for seed in range(40)]
    assert sum(told) <= 6


def test_the_interval_holds_the_true_ratio_about_as_often_as_it_says() -> None:
    """95 % intervals of a true Sharpe ratio of 2: between 88 and 100 of 100 hold it."""
    held = 0
    for seed in range(100):
        standing = ranking(contender("one", 2.0, seed)).standings[0]
        held += standing.low <= 2.0 <= standing.high
    assert 88 <= held <= 100


def test_what_knows_the_future_stands_last_and_keeps_nobody_from_the_first_place() -> None:
    """The leak earns most and counts for nothing."""
    found = ranking(
        contender("leak", 30.0, 1, leak_passed=False), contender("edge", 8.0, 2), contender("noise", -4.0, 3)
    )
    assert [("edge", "best"), ("noise", "behind"), ("leak", "leaks")] == [
        (one.strategy, one.verdict) for one in found.standings
    ]


def test_few_trades_and_no_variation_are_said() -> None:
    """29 trades say nothing, however good; a strategy that never traded has no ratio at all."""
    idle = Contender("idle", np.zeros(DAYS), (Cell("BTC/USDT", 0, 0.0, 0),), True)
    found = ranking(contender("rare", 8.0, 1, trades=29), idle)
    assert [("rare", "few_trades"), ("idle", "no_figures")] == [(one.strategy, one.verdict) for one in found.standings]
    assert [None, None, None] == [found.standings[1].sharpe, found.standings[1].low, found.standings[1].best_chance]
    assert not found.told


def test_chances_to_be_the_best_add_up_to_one() -> None:
    """They are shares of the same resamples."""
    found = ranking(*(contender(name, 1.0, seed) for seed, name in enumerate("abcd")))
    assert 1.0 == sum(one.best_chance for one in found.standings)
    assert [1, 2, 3, 4] == [one.rank for one in found.standings]


def test_the_sample_that_is_needed_falls_with_the_lead() -> None:
    """Twice the lead needs about a quarter of the days."""
    base = np.random.default_rng(5).normal(0.0, 0.01, DAYS)
    cells = (Cell("BTC/USDT", 0, 0.0, 100),)

    def needed(lead: float) -> int:
        other = np.random.default_rng(6).normal(0.0, 0.01, DAYS)
        scaled = (other - other.mean()) / other.std(ddof=1) * 0.01
        first = (base - base.mean()) / base.std(ddof=1) * 0.01 + lead
        found = ranking(Contender("first", first, cells, True), Contender("second", scaled, cells, True))
        return found.standings[1].spans_needed

    assert 3.0 <= needed(0.0002) / needed(0.0004) <= 5.0
