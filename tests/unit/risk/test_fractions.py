"""Kelly's and Vince's fractions: known answers, and what they must refuse."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tradewright.domain.errors import InvalidValue
from tradewright.risk.fractions import kelly, kelly_of_bet, optimal_f, staked

VINCE = (9.0, 18.0, 7.0, 1.0, 10.0, -5.0, -3.0, -17.0, -7.0)


@pytest.mark.parametrize(("chance", "payoff", "fraction"), [(0.5, 2.0, 0.25), (0.6, 1.0, 0.2), (0.55, 1.5, 0.25)])
def test_kelly_of_known_bets(chance: float, payoff: float, fraction: float) -> None:
    """A coin that pays 2:1, an even bet won six times of ten, and p = 0.55 at 1.5."""
    assert pytest.approx(fraction, abs=1e-12) == kelly_of_bet(chance, payoff)


def test_kelly_of_outcomes_is_that_of_the_bet() -> None:
    """Four wins of 2 and four losses of 1 are the 2:1 coin: 0.25, and it grows by 1.060660 a throw."""
    results = [2.0, -1.0] * 4
    fraction = kelly(results)
    assert pytest.approx(0.25, abs=1e-9) == fraction
    growth = math.exp(np.mean([math.log(1.0 + fraction * result) for result in results]))
    assert pytest.approx(1.060660, abs=1e-6) == growth


def test_optimal_f_of_vince() -> None:
    """The example of the book: f = 0.24, TWR 1.095698, geometric mean 1.010206, 70.83 for each unit."""
    found = optimal_f(VINCE)
    assert pytest.approx(0.24, abs=0.005) == found.fraction
    assert pytest.approx(1.095698, abs=1e-4) == found.growth
    assert pytest.approx(1.010206, abs=1e-5) == found.mean_growth
    assert pytest.approx(70.83, abs=1.5) == found.per_unit


def test_at_the_fraction_of_the_book_growth_is_that_of_the_book() -> None:
    """At 0.24 exactly the product is 1.095698, and no neighbour of our fraction does better than it."""

    def growth(f: float) -> float:
        return math.prod(1.0 + f * result / 17.0 for result in VINCE)

    assert pytest.approx(1.095698, abs=1e-6) == growth(0.24)
    best = optimal_f(VINCE)
    assert best.growth >= max(growth(f) for f in np.linspace(0.0, 0.99, 1_000))


@pytest.mark.parametrize("results", [(1.0, -1.0), (1.0, -2.0), (-1.0,)])
def test_without_an_edge_nothing_is_staked(results: tuple[float, ...]) -> None:
    """Fair bets and worse ones have the fraction 0."""
    assert 0.0 == kelly(results)
    assert 0.0 == optimal_f(results).fraction
    assert math.inf == optimal_f(results).per_unit


def test_a_part_of_it_is_staked_capped_and_only_after_enough_trades() -> None:
    """Half of 0.25 is 0.125, but 5 % at most; 29 trades tell nothing; what has no edge gets nothing."""
    assert [0.125, 0.05, 0.0, 0.0] == [
        staked(0.25, 0.5, 1.0, 30),
        staked(0.25, 0.5, 0.05, 30),
        staked(0.25, 0.5, 1.0, 29),
        staked(-0.1, 0.5, 1.0, 100),
    ]


@pytest.mark.parametrize(
    ("field", "call"),
    [
        ("win_rate", lambda: kelly_of_bet(1.1, 2.0)),
        ("payoff", lambda: kelly_of_bet(0.5, 0.0)),
        ("results", lambda: kelly([1.0, 2.0])),
        ("results", lambda: optimal_f([])),
        ("results", lambda: optimal_f([math.nan, -1.0])),
        ("part", lambda: staked(0.2, 2.0, 1.0, 50)),
    ],
)
def test_what_has_no_answer_is_refused_by_field(field: str, call) -> None:
    """A bet without a loss has no best fraction."""
    with pytest.raises(InvalidValue, match=field):
        call()
