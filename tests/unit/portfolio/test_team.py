"""What each member of a team made, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tradewright.portfolio.run_log import TeamLog
from tradewright.portfolio.tables import artifact_tables
from tradewright.portfolio.team import correlation, team_figures
from tradewright.testing.results import a_result

WHOLE = a_result()


def of_two(first: np.ndarray, second: np.ndarray) -> TeamLog:
    """Two members of which the first owns the only row."""
    return TeamLog(("one", "two"), np.array([1]), np.array([first[0], second[0]]), np.stack((first, second)))


def test_a_run_without_a_team_says_nothing_of_one() -> None:
    """Neither figures nor columns."""
    assert team_figures(WHOLE.log, WHOLE.summary.trades) == {}
    assert "member" not in artifact_tables(WHOLE.log, WHOLE.summary.trades)["fills"]


def test_members_have_figures_of_their_own_equity() -> None:
    """Return and drawdown are those of the member's curve, from its capital on."""
    size = WHOLE.log.equity.size
    rising, idle = np.linspace(100.0, 150.0, size), np.full(size, 50.0)
    falls = rising.copy()
    falls[-1] = 120.0
    log = replace(WHOLE.log, team=of_two(falls, idle))
    trades = [replace(trade, member="one") for trade in WHOLE.summary.trades]
    figures = team_figures(log, trades)
    one, two = figures["members"]["one"], figures["members"]["two"]

    assert one["total_return"] == pytest.approx(0.2)
    assert one["max_drawdown"] == pytest.approx(1.0 - 120.0 / rising[-2])
    assert (two["total_return"], two["max_drawdown"], two["trades"]) == (0.0, 0.0, 0)
    assert one["trades"] == WHOLE.summary.metrics.values["trades"]
    assert figures["correlation"]["one"] == {"one": pytest.approx(1.0), "two": None}


def test_tables_say_whose_each_line_is() -> None:
    """And equity has a column for each member."""
    size = WHOLE.log.equity.size
    log = replace(WHOLE.log, team=of_two(np.full(size, 1.0), np.full(size, 2.0)))
    tables = artifact_tables(log, [replace(trade, member="one") for trade in WHOLE.summary.trades])

    for name in ("trades", "fills", "orders"):
        assert set(tables[name]["member"]) == {"one"}
    assert tables["equity"]["equity_two"][0] == 2.0


def test_correlation_is_that_of_pearson_as_far_as_both_go() -> None:
    """Opposite returns give -1; what ends early is compared to its end; too little, or no movement, gives none."""
    moves = np.array([0.01, -0.02, 0.03, 0.0])
    assert correlation(moves, -moves) == pytest.approx(-1.0)
    assert correlation(moves[:3], 2.0 * moves) == pytest.approx(1.0)
    assert correlation(moves[:2], moves) is None
    assert correlation(moves, np.zeros(4)) is None
