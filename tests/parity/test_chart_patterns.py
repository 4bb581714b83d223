"""Chart patterns against a slow twin, their compiled selves, their stream, their mirror image, and the future."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from tradewright import ta
from tradewright.features import chart_patterns as patterns
from tradewright.features.chart_patterns import NEVER, PatternKind, PatternRules, Patterns, PatternState, PatternStream
from tradewright.features.structure import Swings
from tradewright.kernels import patterns as kernels
from tradewright.market.bars import Bars, slice_bars
from tradewright.testing.shapes import drawn_market, rough_market, scrambled

LOOSE = PatternRules(tolerance=1.0, least_height=0.5, pole=1.0, least_quality=0.1, least_bars=3, patience=0.5)
MIRRORED = {
    PatternKind.HEAD_AND_SHOULDERS: PatternKind.INVERSE_HEAD_AND_SHOULDERS,
    PatternKind.TRIPLE_TOP: PatternKind.TRIPLE_BOTTOM,
    PatternKind.DOUBLE_TOP: PatternKind.DOUBLE_BOTTOM,
    PatternKind.BEAR_FLAG: PatternKind.BULL_FLAG,
    PatternKind.BEAR_PENNANT: PatternKind.BULL_PENNANT,
    PatternKind.ASCENDING_TRIANGLE: PatternKind.DESCENDING_TRIANGLE,
    PatternKind.RISING_WEDGE: PatternKind.FALLING_WEDGE,
    PatternKind.RISING_CHANNEL: PatternKind.FALLING_CHANNEL,
}
MIRRORED |= {other: kind for kind, other in MIRRORED.items()}


@st.composite
def corners(draw: st.DrawFn) -> Bars:
    """A market of straight lines between turning points, many of them level with an earlier one."""
    size = draw(st.integers(4, 14))
    gaps = draw(st.lists(st.integers(2, 8), min_size=size, max_size=size))
    highs = draw(st.lists(st.sampled_from((108.0, 110.0, 111.0, 114.0, 120.0)), min_size=size, max_size=size))
    lows = draw(st.lists(st.sampled_from((80.0, 90.0, 96.0, 100.0, 101.0, 104.0)), min_size=size, max_size=size))
    bars = list(itertools.accumulate(gaps, initial=8))[:size]
    prices = [high if place % 2 else low for place, (high, low) in enumerate(zip(highs, lows, strict=True))]
    return drawn_market([(0, 99.0), *zip(bars, prices, strict=True)])


markets = corners() | st.builds(rough_market, st.integers(0, 120), st.integers(0, 10_000))


def pivots_of(bars: Bars) -> Swings:
    return ta.pivots.zigzag(bars, 1.0, 5)


def find(bars: Bars, rules: PatternRules = LOOSE) -> Patterns:
    return patterns.find(bars, pivots_of(bars), rules, 5)


def table(found: Patterns) -> list[tuple[Any, ...]]:
    """Rows of plain values; NaN written as None, so that rows can be compared."""
    listed = [np.where(np.isnan(column), None, column).tolist() for column in found]
    return [tuple(tuple(v) if isinstance(v, list) else v for v in row) for row in zip(*listed, strict=True)]


# The twin: each kind by itself, from points (bar, level) that end with a high.

Points = list[tuple[int, float]]
Shape = dict[str, Any]


def _line(*points: tuple[int, float]) -> tuple[float, float]:
    """Level at bar 0 and slope of the straight line nearest to the points."""
    x, y = np.array(points, dtype=float).T
    slope = float(((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum())
    return float(y.mean() - slope * x.mean()), slope


def _at(line: tuple[float, float], bar: int) -> float:
    return line[0] + line[1] * bar


def _evenness(first: float, second: float) -> float:
    return min(first, second) / max(first, second)


def _head(before: Points, p: Points, atr: float, rules: PatternRules) -> Shape | None:
    left, trough, head, valley, right = (level for _, level in p)
    neck = _line(p[1], p[3])
    height = head - _at(neck, p[2][0])
    room = rules.tolerance * height
    is_head = head - max(left, right) >= 0.25 * height >= 0.25 * rules.least_height * atr
    is_even = abs(left - right) <= room and abs(trough - valley) <= room
    is_clear = min(left, right) > max(trough, valley)
    if not (before and before[-1][1] <= min(trough, valley) and is_head and is_even and is_clear):
        return None
    clear = min(4 * (head - max(left, right)) / height - 1, 1)
    parts = (1 - abs(left - right) / room, 1 - abs(trough - valley) / room, clear)
    balance = _evenness(p[2][0] - p[0][0], p[4][0] - p[2][0])
    upper = (max(left, right), 0.0)
    return _shape(PatternKind.HEAD_AND_SHOULDERS, -1, height, (upper, neck), (*parts, balance))


def _triple(before: Points, p: Points, atr: float, rules: PatternRules) -> Shape | None:
    tops, lows = [p[0][1], p[2][1], p[4][1]], [p[1][1], p[3][1]]
    height = sum(tops) / 3 - min(lows)
    room = rules.tolerance * height
    uneven, tilt = max(tops) - min(tops), max(lows) - min(lows)
    if not before or before[-1][1] > min(lows) or height < rules.least_height * atr or max(uneven, tilt) > room:
        return None
    balance = _evenness(p[2][0] - p[0][0], p[4][0] - p[2][0])
    lines = (max(tops), 0.0), (min(lows), 0.0)
    return _shape(PatternKind.TRIPLE_TOP, -1, height, lines, (1 - uneven / room, 1 - tilt / room, balance))


def _double(before: Points, p: Points, atr: float, rules: PatternRules) -> Shape | None:
    if not before:
        return None
    (start, one), (middle, low), (end, two) = p
    height, advance = (one + two) / 2 - low, one - before[-1][1]
    room = rules.tolerance / 2 * height
    if height < rules.least_height * atr or abs(one - two) > room or advance < 1.5 * height:
        return None
    parts = 1 - abs(one - two) / room, _evenness(middle - start, end - middle), min(advance / (3 * height), 1)
    return _shape(PatternKind.DOUBLE_TOP, -1, height, ((max(one, two), 0.0), (low, 0.0)), parts)


def _flag(_: Points, p: Points, atr: float, rules: PatternRules) -> Shape | None:
    upper, lower = _line(p[2], p[4]), _line(p[1], p[3])
    pole, speed = p[0][1] - p[1][1], (p[1][0] - p[0][0]) / (p[4][0] - p[1][0])
    width, left = (_at(upper, p[place][0]) - _at(lower, p[place][0]) for place in (1, 4))
    retrace = (max(p[2][1], p[4][1]) - p[1][1]) / pole
    if pole < rules.pole * atr or speed > 1 or retrace > 0.5 or not (0 < width <= pole / 2 and left > 0):
        return None
    if upper[1] < 0 < lower[1] and left <= width / 2:
        kind, form = PatternKind.BEAR_PENNANT, 1 - left / width
    elif abs(1 - left / width) <= 0.3 and upper[1] + lower[1] >= 0:
        kind, form = PatternKind.BEAR_FLAG, 1 - abs(1 - left / width) / 0.3
    else:
        return None
    return _shape(kind, -1, pole, (upper, lower), (form, 1 - speed, 1 - retrace * 2))


def _between(_: Points, p: Points, atr: float, rules: PatternRules) -> Shape | None:
    upper, lower = _line(p[0], p[2], p[4]), _line(p[1], p[3])
    first, last = p[0][0], p[4][0]
    width, left = (_at(upper, bar) - _at(lower, bar) for bar in (first, last))
    if width <= 0 or left <= 0 or max(width, left) < rules.least_height * atr:
        return None
    miss = max(abs(level - _at(upper, bar)) for bar, level in p[::2]) / (0.25 * rules.tolerance * width)
    if miss > 1:
        return None
    rises = upper[1] * (last - first) / width, lower[1] * (last - first) / width
    named = _named(*rises, left / width)
    if named is None:
        return None
    kind, side, form = named
    balance = _evenness(p[2][0] - first, last - p[2][0])
    return _shape(kind, side, width, (upper, lower), (1 - miss, balance, form))


def _named(up: float, low: float, left: float) -> tuple[PatternKind, int, float] | None:
    if abs(up - low) <= 0.15:
        middle = (up + low) / 2
        ways = {-1: PatternKind.FALLING_CHANNEL, 0: PatternKind.HORIZONTAL_CHANNEL, 1: PatternKind.RISING_CHANNEL}
        return ways[(middle > 0.15) - (middle < -0.15)], 0, 1 - abs(up - low) / 0.15
    if left > 0.5:
        return None
    if abs(up) <= 0.15:
        return PatternKind.ASCENDING_TRIANGLE, 1, 1 - abs(up) / 0.15
    if abs(low) <= 0.15:
        return PatternKind.DESCENDING_TRIANGLE, -1, 1 - abs(low) / 0.15
    if up < 0 < low:
        return PatternKind.SYMMETRIC_TRIANGLE, 0, _evenness(-up, low)
    return (PatternKind.RISING_WEDGE, -1, 1 - left) if up > 0 else (PatternKind.FALLING_WEDGE, 1, 1 - left)


def _shape(kind: PatternKind, side: int, height: float, lines: Any, parts: tuple[float, ...]) -> Shape:
    return {"kind": kind, "side": side, "height": height, "lines": lines, "quality": sum(parts) / len(parts)}


def slow_shape(points: Points, atr: float, rules: PatternRules) -> Shape | None:
    """The first kind, from the most specific on, that the last pivots (the last a high) are an example of."""
    for kind, count in ((_head, 5), (_triple, 5), (_flag, 5), (_between, 5), (_double, 3)):
        before, chosen = points[:-count], points[-count:]
        levels = [level for _, level in chosen]
        zigzags = all((b - a) * (-1) ** place < 0 for place, (a, b) in enumerate(itertools.pairwise(levels)))
        if len(chosen) == count and zigzags and rules.least_bars <= chosen[-1][0] - chosen[0][0] <= rules.most_bars:
            found = kind(before, chosen, atr, rules)
            if found:
                return found | {"points": chosen}
    return None


def slow_patterns(bars: Bars, found: Swings, rules: PatternRules) -> list[Shape]:
    """Go through the bars with lists and dicts; the market upside down is another list of points."""
    atr, rows, pivots = ta.atr(bars, 5), [], []
    for t in range(bars.close.size):
        for row in np.flatnonzero(found.event_bar == t).tolist():
            side = int(found.side[row])
            pivots = pivots[:-1] if pivots and pivots[-1][2] == side else pivots
            pivots.append((int(found.ref_bar[row]), float(found.level[row]), side))
            shape = slow_shape([(bar, side * level) for bar, level, _ in pivots[-6:]], atr[t], rules)
            if np.isnan(atr[t]) or shape is None or shape["quality"] < rules.least_quality:
                continue
            _turn_back(shape, side)
            if not any(row["kind"] == shape["kind"] and row["state"] == PatternState.FORMED for row in rows):
                rows.append(shape | {"event": t, "state": PatternState.FORMED, "end": NEVER, "end_side": 0})
        for row in rows:
            if row["state"] == PatternState.FORMED:
                _judge(row, t, bars.close[t], rules)
    return rows


def _turn_back(shape: Shape, side: int) -> None:
    if side < 0:
        (a, b), (c, d) = shape["lines"]
        shape["kind"] = MIRRORED.get(shape["kind"], shape["kind"])
        shape["lines"] = (-c, -d), (-a, -b)
        shape["side"] *= -1
        shape["points"] = [(bar, -level) for bar, level in shape["points"]]


def _judge(row: Shape, t: int, close: float, rules: PatternRules) -> None:
    first = row["points"][0][0]
    upper, lower = (_at(line, t) for line in row["lines"])
    # On a line, and where lines meet, the last digits of their arithmetic must not decide.
    edge = 1e-9 * abs(close)
    out = int(close > upper + edge) - int(close < lower - edge)
    if upper <= lower + edge or t - row["event"] > rules.patience * (row["event"] - first):
        row.update(state=PatternState.EXPIRED, end=t)
    elif out:
        state = PatternState.CONFIRMED if row["side"] in {0, out} else PatternState.FAILED
        row.update(state=state, end=t, end_side=out)


@given(markets, st.sampled_from((LOOSE, PatternRules(), LOOSE._replace(tolerance=0.3, patience=3.0))))
def test_patterns_equal_their_twin(bars: Bars, rules: PatternRules) -> None:
    """Kinds, points, lines, quality and what became of each are what the definitions say."""
    found = find(bars, rules)
    expected = slow_patterns(bars, pivots_of(bars), rules)
    whole = zip(*(found[place].tolist() for place in (0, 1, 2, 12, 13, 14)), strict=True)
    assert [tuple(row[name] for name in ("kind", "side", "event", "state", "end", "end_side")) for row in expected] == [
        *whole
    ]
    for place, row in enumerate(expected):
        size = len(row["points"])
        assert size == found.points[place]
        assert row["points"] == [
            *zip(found.point_bar[place][:size].tolist(), found.point_level[place][:size].tolist(), strict=True)
        ]
        first = row["points"][0][0]
        numbers = [number for line in row["lines"] for number in (_at(line, first), line[1])]
        ours = [column[place] for column in (found.upper, found.upper_slope, found.lower, found.lower_slope)]
        np.testing.assert_allclose([*numbers, row["height"]], [*ours, found.height[place]], rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(row["quality"], found.quality[place], atol=1e-9)
        assert 0.0 <= found.quality[place] <= 1.0


@example(rough_market(101, 101))  # whose close at bar 63 is on the line
@given(markets)
def test_patterns_of_swings_equal_their_twin(bars: Bars) -> None:
    """Pivots confirmed by time, which may be replaced and need not alternate in price, are read alike."""
    swings = ta.structure.swings(bars, 1)
    found = patterns.find(bars, swings, LOOSE, 5)
    expected = slow_patterns(bars, swings, LOOSE)
    assert [(row["kind"], row["event"], row["end"]) for row in expected] == [
        *zip(found.kind.tolist(), found.event_bar.tolist(), found.end_bar.tolist(), strict=True)
    ]


def test_pivots_that_do_not_alternate_in_price_form_no_pattern() -> None:
    """A swing low above the swing high before it makes no double top of three highs and lows, nor anything else."""
    bars = rough_market(60, 1)
    places = np.arange(10, 50, 8)
    for levels, count in (([50.0, 110.0, 90.0, 110.0], 1), ([50.0, 110.0, 120.0, 110.0], 0)):
        pivots = Swings(places[:4] + 2, places[:4], np.array([-1, 1, -1, 1]), np.array(levels))
        found = patterns.find(bars, pivots, LOOSE._replace(least_height=0.0), 5)
        assert count == found.kind.size
        assert count == len(slow_patterns(bars, pivots, LOOSE._replace(least_height=0.0)))


@given(markets)
def test_patterns_compiled_and_uncompiled_agree(bars: Bars) -> None:
    """The compiler changes nothing."""
    pivots = pivots_of(bars)
    plain = getattr(kernels.pattern_events, "py_func", kernels.pattern_events)
    rows = (pivots.event_bar, pivots.ref_bar, pivots.side, pivots.level)
    found = plain(bars.close, ta.atr(bars, 5), rows, LOOSE, kernels.new_pattern_book())
    assert table(Patterns(*(found[name] for name in Patterns._fields))) == table(find(bars))


@given(markets, st.data())
def test_patterns_do_not_know_the_future(bars: Bars, data: st.DataObject) -> None:
    """What is known of a pattern at a bar, its end included, is the same whatever follows or does not."""
    cut = data.draw(st.integers(0, bars.close.size))
    early = find(slice_bars(bars, 0, cut))
    for whole in (find(bars), find(scrambled(bars, cut))):
        known = [as_of(row, cut) for row in table(whole) if row[2] < cut]
        assert known == table(early)
        late = patterns.by_bar(whole, bars.close.size)
        for now, then in zip(patterns.by_bar(early, cut), late, strict=True):
            assert now.tolist() == then[:cut].tolist()
    assert (early.point_bar.max(axis=1, initial=NEVER) < early.event_bar).all()


def as_of(row: tuple[Any, ...], cut: int) -> tuple[Any, ...]:
    """The row as it stood before bar `cut`."""
    return row if row[13] < cut else (*row[:12], PatternState.FORMED, NEVER, 0)


@given(markets)
def test_patterns_of_the_market_upside_down_are_upside_down(bars: Bars) -> None:
    """Tops become bottoms at the same bars, with the same quality."""
    turned = find(ta.structure.mirrored(bars))
    upright = find(bars)
    assert [MIRRORED.get(PatternKind(kind), kind) for kind in upright.kind.tolist()] == turned.kind.tolist()
    for name in ("event_bar", "quality", "height", "state", "end_bar"):
        assert getattr(upright, name).tolist() == getattr(turned, name).tolist()
    assert (-upright.side).tolist() == turned.side.tolist()
    assert (-upright.upper).tolist() == turned.lower.tolist()


@given(markets)
def test_patterns_fed_bar_by_bar_are_those_of_the_columns(bars: Bars) -> None:
    """The stream forms the same patterns at the same bars, and ends them alike, to the last bit."""
    stream, rows = PatternStream(1.0, LOOSE, 5), {}
    for t, bar in enumerate(zip(bars.high.tolist(), bars.low.tolist(), bars.close.tolist(), strict=True)):
        formed, ended = stream.update(*bar)
        for row in table(formed):
            assert t == row[2]
            rows[row[0], row[2]] = row
        for row in table(ended):
            assert t == row[13]
            assert as_of(row, t) == rows[row[0], row[2]]
            rows[row[0], row[2]] = row
    assert table(find(bars)) == list(rows.values())
