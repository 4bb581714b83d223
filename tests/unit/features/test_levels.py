"""Levels that were planted are found with their touches; a break turns them round, a retest is told, a second ends."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from tradewright import ta
from tradewright.domain.errors import InvalidValue
from tradewright.features import levels
from tradewright.features.levels import NEVER, LevelRules, Levels, LevelState, LevelStream
from tradewright.market.bars import Bars, slice_bars
from tradewright.testing.bars import walk
from tradewright.testing.shapes import drawn_market

# Three highs at 110, two lows at 100; out above, back to 110, up; then through both.
CORNERS = [(0, 104), (20, 110), (35, 100), (50, 110), (65, 100), (80, 110), (90, 104), (110, 118), (120, 110.2)]
STORY = drawn_market([*CORNERS, (130, 116), (150, 90)])


def find(bars: Bars, rules: LevelRules | None = None) -> Levels:
    return levels.find(bars, ta.pivots.zigzag(bars, 2.0), rules)


def at(bars: Bars, price: float, rules: LevelRules | None = None) -> tuple[Levels, int]:
    """All levels, and the row of the one at a price."""
    found = find(bars, rules)
    return found, int(np.argmin(np.abs(found.price - price)))


def test_a_planted_resistance_has_its_touches_and_is_known_at_the_second() -> None:
    """Three equal highs are one level with three touches, known once the second, at 50, is confirmed."""
    found, row = at(slice_bars(STORY, 0, 95), 110.0)
    assert 110.0 == found.price[row] == found.bottom[row] == found.top[row]
    assert (-1, 3) == (found.side[row], found.touches[row])
    assert (20, 80) == (found.first_bar[row], found.last_bar[row])
    assert 50 < found.event_bar[row] < 60
    assert (LevelState.OPEN, NEVER, NEVER) == (found.state[row], found.flip_bar[row], found.end_bar[row])
    known = found.event_bar[row]
    assert np.isnan(found.nearest.resistance[:known]).all()
    assert [110.0] == np.unique(found.nearest.resistance[known:]).tolist()
    assert (100.0, 2) == (found.nearest.support[-1], found.touches[found.side == 1][0])


def test_a_close_through_a_level_turns_it_round_and_a_return_retests_it() -> None:
    """Out above 110 it is support; the way back down to it and up again is its retest; the fall through it its end."""
    found, row = at(STORY, 110.0)
    through = int(np.flatnonzero(STORY.close[80:] > 110.2)[0]) + 80
    assert through <= found.flip_bar[row] <= through + 1
    assert 118 <= found.retest_bar[row] <= 121
    assert LevelState.BROKEN == found.state[row]
    assert 130 < found.end_bar[row] < 140
    columns = levels.by_bar(found, STORY.close.size)
    assert {1} == {columns.flipped[found.flip_bar[row]], columns.retested[found.retest_bar[row]]}
    between = slice(found.flip_bar[row], found.end_bar[row])
    np.testing.assert_allclose(found.nearest.support[between], 110.0, atol=0.2)


def test_a_support_that_falls_is_told_downwards() -> None:
    """The level at 100 flips at the fall through it: -1 in the columns."""
    found, row = at(STORY, 100.0)
    assert (1, LevelState.FLIPPED) == (found.side[row], found.state[row])
    assert -1 == levels.by_bar(found, STORY.close.size).flipped[found.flip_bar[row]]


def test_strength_is_touches_volume_and_recency() -> None:
    """One touch more, or more volume at a touch, makes a level stronger; after a half-life it counts for half."""
    short, row = at(slice_bars(STORY, 0, 62), 110.0)
    long, same = at(slice_bars(STORY, 0, 92), 110.0)
    assert (2, 3) == (short.touches[row], long.touches[same])
    assert 2.0 * 0.5 ** (60.0 / 500.0) < short.strength[row] < 2.0 < long.strength[same] < 3.0
    loud = STORY._replace(volume=np.where(np.arange(STORY.close.size) == 50, 9.0, 1.0))
    found, place = at(slice_bars(loud, 0, 62), 110.0)
    assert found.strength[place] > short.strength[row] + 1.0
    series = find(STORY, LevelRules(half_life=10.0)).nearest.resistance_strength
    np.testing.assert_allclose(series[70] / 2.0, series[80], rtol=1e-12)


def test_bars_without_volume_weigh_alike() -> None:
    """Where nobody knows the volume each touch counts once."""
    silent = STORY._replace(volume=np.zeros(STORY.close.size))
    np.testing.assert_allclose(find(STORY).strength, find(silent).strength)


def test_no_bars_have_no_levels() -> None:
    """Nothing in, nothing out, with the columns that there always are."""
    found = find(walk(5, 1))
    assert 0 == found.price.size
    assert np.isnan(found.nearest).all()
    assert [0] * 5 == levels.by_bar(found, 5).flipped.tolist()


@pytest.mark.parametrize(
    ("field", "value", "allowed"),
    [
        ("near", -0.1, "a number from 0 to 100"),
        ("beyond", math.nan, "a number from 0 to 100"),
        ("least", 0, "a whole number from 1 to 1000"),
        ("half_life", 0.5, r"a number from 1 to 1e\+06"),
        ("most", 1.5, "a whole number from 1 to 10000"),
    ],
)
def test_rules_out_of_range_are_refused(field: str, value: Any, allowed: str) -> None:
    """The error names the field, the value and what is allowed."""
    rules = LevelRules(**{field: value})
    for call in (lambda: find(walk(60, 1), rules), lambda: LevelStream(rules=rules)):
        with pytest.raises(InvalidValue, match=f"^{field}: .* is not allowed; give {allowed}"):
            call()
