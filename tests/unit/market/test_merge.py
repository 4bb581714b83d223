"""The union of two sets of bars."""

from __future__ import annotations

import numpy as np

from tradewright.market.merge import MarkedBars, make_marked, merge, take
from tradewright.testing.candles import MINUTE, START, some_bars


def test_merge_adds_what_is_new_and_counts_what_is_known():
    """Overlapping halves make one whole without duplicates."""
    whole = some_bars(10)
    united, outcome = merge(make_marked(take(whole, np.arange(6))), make_marked(take(whole, np.arange(4, 10))), MINUTE)
    assert (4, 2, 0, ()) == (outcome.added, outcome.same, outcome.upgraded, outcome.conflicts)
    assert all(np.array_equal(a, b) for a, b in zip(whole, united.bars, strict=True))


def test_merge_names_conflicts_and_offers_the_new_value():
    """Two real bars that differ are a conflict, named by their open."""
    other = some_bars(3)
    other.close[1] += 0.25
    united, outcome = merge(make_marked(some_bars(3)), make_marked(other), MINUTE)
    assert (START + MINUTE.ns,) == outcome.conflicts
    assert 101.75 == united.bars.close[1]


def test_merge_lets_a_real_bar_take_the_place_of_an_invented_one_only():
    """Real over invented is an upgrade, invented over real is ignored; neither is a conflict."""
    real, other = some_bars(2), some_bars(2)
    other.close[:] += 0.25
    invented = MarkedBars(other, np.array([True, True]))
    up, outcome = merge(invented, make_marked(real), MINUTE)
    assert (2, ()) == (outcome.upgraded, outcome.conflicts)
    assert real.close.tolist() == up.bars.close.tolist()
    down, outcome = merge(make_marked(real), invented, MINUTE)
    assert (2, ()) == (outcome.same, outcome.conflicts)
    assert real.close.tolist() == down.bars.close.tolist()
    assert not down.filled.any()
