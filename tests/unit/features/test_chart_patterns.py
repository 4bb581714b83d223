"""Chart patterns that were planted are found, whatever their scale; noise has few, and nobody knows one too early."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tradewright import ta
from tradewright.domain.errors import InvalidValue
from tradewright.features import chart_patterns as patterns
from tradewright.features.chart_patterns import NEVER, PatternKind, PatternRules, Patterns, PatternState, PatternStream
from tradewright.market.bars import Bars
from tradewright.testing.bars import walk
from tradewright.testing.shapes import drawn_market, rough_market

Corners = list[tuple[int, float]]

# Each shape, the bars of its points, and a way out that confirms it.
PLANTED: dict[PatternKind, tuple[Corners, list[int]]] = {
    PatternKind.HEAD_AND_SHOULDERS: (
        [(0, 80), (30, 100), (45, 90), (65, 110), (85, 90), (100, 100), (130, 80)],
        [30, 45, 65, 85, 100],
    ),
    PatternKind.TRIPLE_TOP: (
        [(0, 80), (30, 110), (45, 95), (60, 110), (75, 95), (90, 110), (120, 85)],
        [30, 45, 60, 75, 90],
    ),
    PatternKind.DOUBLE_TOP: ([(0, 80), (40, 110), (60, 98), (80, 110), (110, 85)], [40, 60, 80]),
    PatternKind.ASCENDING_TRIANGLE: (
        [(0, 85), (20, 110), (40, 95), (55, 110), (68, 101), (78, 110), (82, 106.5), (92, 118)],
        [20, 40, 55, 68, 78],
    ),
    PatternKind.SYMMETRIC_TRIANGLE: (
        [(0, 90), (20, 112), (40, 95), (55, 108), (70, 99), (82, 104.5), (90, 100), (100, 112)],
        [20, 40, 55, 70, 82],
    ),
    PatternKind.BEAR_FLAG: (
        [(0, 120), (20, 130), (30, 90), (40, 98), (50, 93), (60, 101), (65, 97), (80, 80)],
        [20, 30, 40, 50, 60],
    ),
    PatternKind.BEAR_PENNANT: (
        [(0, 120), (20, 132), (27, 90), (36, 101), (45, 92), (53, 98.5), (58, 95), (70, 80)],
        [20, 27, 36, 45, 53],
    ),
    PatternKind.RISING_WEDGE: (
        [(0, 70), (20, 90), (40, 84), (60, 100), (75, 96.5), (95, 108), (110, 90)],
        [20, 40, 60, 75, 95],
    ),
    PatternKind.RISING_CHANNEL: (
        [(0, 80), (20, 100), (35, 90), (55, 110), (70, 100), (90, 120), (105, 100)],
        [20, 35, 55, 70, 90],
    ),
    PatternKind.HORIZONTAL_CHANNEL: (
        [(0, 101), (20, 110), (35, 95), (50, 110), (65, 95), (80, 110), (95, 98), (100, 120)],
        [20, 35, 50, 65, 80],
    ),
}
TURNED = {
    PatternKind.HEAD_AND_SHOULDERS: PatternKind.INVERSE_HEAD_AND_SHOULDERS,
    PatternKind.TRIPLE_TOP: PatternKind.TRIPLE_BOTTOM,
    PatternKind.DOUBLE_TOP: PatternKind.DOUBLE_BOTTOM,
    PatternKind.ASCENDING_TRIANGLE: PatternKind.DESCENDING_TRIANGLE,
    PatternKind.SYMMETRIC_TRIANGLE: PatternKind.SYMMETRIC_TRIANGLE,
    PatternKind.BEAR_FLAG: PatternKind.BULL_FLAG,
    PatternKind.BEAR_PENNANT: PatternKind.BULL_PENNANT,
    PatternKind.RISING_WEDGE: PatternKind.FALLING_WEDGE,
    PatternKind.RISING_CHANNEL: PatternKind.FALLING_CHANNEL,
    PatternKind.HORIZONTAL_CHANNEL: PatternKind.HORIZONTAL_CHANNEL,
}
SIDES = {
    PatternKind.ASCENDING_TRIANGLE: 1,
    PatternKind.SYMMETRIC_TRIANGLE: 0,
    PatternKind.RISING_CHANNEL: 0,
    PatternKind.HORIZONTAL_CHANNEL: 0,
}
every_kind = pytest.mark.parametrize("kind", PLANTED, ids=lambda kind: kind.name)


def find(bars: Bars, reversal: float = 2.0, rules: PatternRules | None = None) -> Patterns:
    return patterns.find(bars, ta.pivots.zigzag(bars, reversal), rules)


def drawn(kind: PatternKind, noise: float = 0.0, seed: int = 0) -> Bars:
    return drawn_market(PLANTED[kind][0], noise, seed)


def scaled(bars: Bars, factor: float) -> Bars:
    return bars._replace(**{name: getattr(bars, name) * factor for name in ("open", "high", "low", "close")})


def upside_down(bars: Bars) -> Bars:
    """The same shape upside down, at prices above 0."""
    turned = ta.structure.mirrored(bars)
    return turned._replace(**{name: getattr(turned, name) + 250.0 for name in ("open", "high", "low", "close")})


@every_kind
def test_a_planted_shape_is_found_with_its_points_and_is_confirmed(kind: PatternKind) -> None:
    """Drawn without noise it is found once, at its corners, expecting the right way, and its way out confirms it."""
    found = find(drawn(kind))
    row = found.kind.tolist().index(kind)
    points = PLANTED[kind][1]
    assert [*points, *[NEVER] * (6 - len(points))] == found.point_bar[row].tolist()
    assert len(points) == found.points[row]
    assert SIDES.get(kind, -1) == found.side[row]
    assert PatternState.CONFIRMED == found.state[row]
    assert points[-1] < found.event_bar[row] <= found.end_bar[row]
    assert 0.5 <= found.quality[row] <= 1.0
    corners = dict(PLANTED[kind][0])
    np.testing.assert_allclose([corners[bar] for bar in points], found.point_level[row][: len(points)])


@every_kind
@pytest.mark.parametrize("change", [lambda bars: scaled(bars, 2.0**-20), lambda bars: scaled(bars, 2.0**13)])
def test_a_shape_is_the_same_in_every_currency(kind: PatternKind, change: Callable[[Bars], Bars]) -> None:
    """Prices a million times smaller or thousands of times greater change levels alone, not what is found or when."""
    bars = drawn(kind, 0.3)
    one, other = find(bars), find(change(bars))
    for name in ("kind", "event_bar", "point_bar", "quality", "state", "end_bar"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist()


@every_kind
def test_a_planted_shape_upside_down_is_found_by_its_other_name(kind: PatternKind) -> None:
    """Tops become bottoms, at the same bars."""
    assert TURNED[kind] in find(upside_down(drawn(kind))).kind


@every_kind
def test_a_planted_shape_is_found_in_noise(kind: PatternKind) -> None:
    """With noise of 3 % of its shortest leg it is still found, in at least 16 of 20 drawings."""
    corners, points = PLANTED[kind]
    levels = [price for bar, price in corners if bar in points]
    noise = 0.03 * min(abs(b - a) for a, b in itertools.pairwise(levels))
    hits = sum(kind in find(drawn(kind, noise, seed)).kind for seed in range(20))
    assert hits >= 16


@pytest.mark.parametrize(("least", "most"), [(0.5, 8.0), (0.6, 5.0), (0.7, 2.5), (0.8, 1.0)])
def test_noise_has_few_patterns_and_hardly_any_good_one(least: float, most: float) -> None:
    """Of all 18 kinds together a random walk gives so many in a thousand bars."""
    size, count = 10_000, 0
    for seed in range(4):
        count += find(rough_market(size, seed, 10.0), rules=PatternRules(least_quality=least)).kind.size
    assert 0.01 * most < count / (4 * size / 1_000) <= most


def test_noise_does_not_go_where_its_patterns_point() -> None:
    """On random walks patterns that expect a side are confirmed about as often as chance has it: no edge is made up."""
    ahead = []
    for seed in range(6):
        bars = rough_market(10_000, 100 + seed, 10.0)
        found = find(bars)
        later = np.minimum(found.event_bar + 20, bars.close.size - 1)
        moved = (bars.close[later] - bars.close[found.event_bar]) * found.side
        ahead += np.sign(moved[(found.side != 0) & (moved != 0.0)]).tolist()
    assert len(ahead) > 200
    assert abs(np.mean(ahead)) <= 3.0 / math.sqrt(len(ahead))


def test_targets_stand_a_height_beyond_the_line_to_break() -> None:
    """A double top of 110 over 98 points to 86; a channel points nowhere until it is left, then its height beyond."""
    top = find(drawn(PatternKind.DOUBLE_TOP))
    assert [86.0] == patterns.targets(top)[top.kind == PatternKind.DOUBLE_TOP].tolist()
    channel = find(drawn(PatternKind.HORIZONTAL_CHANNEL))
    assert [125.0] == patterns.targets(channel)[channel.kind == PatternKind.HORIZONTAL_CHANNEL].tolist()
    still = find(drawn_market(PLANTED[PatternKind.HORIZONTAL_CHANNEL][0][:-1]))
    assert np.isnan(patterns.targets(still)).all()


def test_columns_say_what_became_known_at_each_bar() -> None:
    """The double top forms at one bar and is confirmed, downwards, at another; all other bars say none."""
    bars = drawn(PatternKind.DOUBLE_TOP)
    found = find(bars)
    columns = patterns.by_bar(found, bars.close.size)
    assert {(int(found.event_bar[0]), int(found.kind[0]))} == {*_said(columns.formed)}
    assert {(int(found.end_bar[0]), PatternKind.DOUBLE_TOP)} == {*_said(columns.confirmed)}
    assert -1 == columns.confirmed_side[found.end_bar[0]] == columns.formed_side[found.event_bar[0]]


def _said(column: np.ndarray) -> list[tuple[int, int]]:
    return [(bar, int(column[bar])) for bar in np.flatnonzero(column).tolist()]


def test_no_bars_have_no_patterns() -> None:
    """Nothing in, nothing out, with the columns that there always are."""
    found = find(walk(5, 1))
    assert Patterns._fields == found._fields
    assert (0, 6) == found.point_bar.shape
    assert [0] * 5 == patterns.by_bar(found, 5).formed.tolist()


@pytest.mark.parametrize(
    ("field", "value", "allowed"),
    [
        ("tolerance", 0.0, "a number from 0.01 to 1"),
        ("least_height", -1.0, "a number from 0 to 100"),
        ("pole", math.nan, "a number from 0 to 100"),
        ("least_quality", 1.5, "a number from 0 to 1"),
        ("least_bars", 1, "a whole number from 2 to 10000"),
        ("most_bars", 9, "a whole number from 10 to 100000"),
        ("patience", "long", "a number from 0 to 100"),
    ],
)
def test_rules_out_of_range_are_refused(field: str, value: Any, allowed: str) -> None:
    """The error names the field, the value and what is allowed."""
    rules = PatternRules(**{field: value})
    for call in (lambda: find(walk(60, 1), rules=rules), lambda: PatternStream(rules=rules)):
        with pytest.raises(InvalidValue, match=f"^{field}: .* is not allowed; give {allowed}"):
            call()
