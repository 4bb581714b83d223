"""Support and resistance against a slow twin, their compiled selves, their stream, their mirror image, the future."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewright import ta
from tradewright.features import levels
from tradewright.features.levels import NEVER, LevelRules, Levels, LevelState, LevelStream
from tradewright.features.structure import Swings
from tradewright.kernels import levels as kernels
from tradewright.market.bars import Bars, slice_bars
from tradewright.testing.shapes import rough_market, scrambled

markets = st.builds(rough_market, st.integers(0, 120), st.integers(0, 10_000))
WIDE = LevelRules(near=1.0, beyond=0.25, least=2, half_life=20.0)
rules_of_all_kinds = st.sampled_from((WIDE, WIDE._replace(most=3), WIDE._replace(least=1, beyond=0.0, most=1)))


def pivots_of(bars: Bars) -> Swings:
    return ta.pivots.zigzag(bars, 1.0, 5)


def find(bars: Bars, rules: LevelRules = WIDE) -> Levels:
    return levels.find(bars, pivots_of(bars), rules, 5)


def facts(found: Levels) -> list[tuple[Any, ...]]:
    """The rows without their strength."""
    names = [name for name in Levels._fields[:-1] if name != "strength"]
    return list(zip(*(getattr(found, name).tolist() for name in names), strict=True))


class _Level:
    """A list of touches, and what closes did to it."""

    def __init__(self, side: int) -> None:
        self.touches: list[tuple[int, float, float]] = []
        self.side, self.now, self.state = side, side, LevelState.OPEN
        self.has_left = False
        self.event = self.flip = self.retest = self.end = NEVER

    @property
    def price(self) -> float:
        return sum(price for _, price, _ in self.touches) / len(self.touches)

    def strength(self, t: int, half_life: float) -> float:
        return float(sum(weight * 0.5 ** ((t - bar) / half_life) for bar, _, weight in self.touches))

    def meet(self, t: int, bars: Bars, near: float, beyond: float) -> None:
        above, gone = self.now * (bars.close[t] - self.price), LevelState.BROKEN
        reached = self.now * ((bars.low if self.now > 0 else bars.high)[t] - self.price)
        if above < -beyond and self.state == LevelState.OPEN:
            self.state, self.flip, self.now = LevelState.FLIPPED, t, -self.now
        elif above < -beyond:
            self.state, self.end = gone, t
        elif self.flip != NEVER and reached > near:
            self.has_left = True
        elif self.flip != NEVER and self.has_left and self.retest == NEVER and above > 0:
            self.retest = t

    def row(self) -> tuple[Any, ...]:
        prices = [price for _, price, _ in self.touches]
        spread = self.price, min(prices), max(prices), len(prices)
        places = self.touches[0][0], self.touches[-1][0]
        return self.event, *places, self.side, *spread, self.state, self.flip, self.retest, self.end


def slow_levels(bars: Bars, found: Swings, rules: LevelRules) -> tuple[list[_Level], list[list[float]]]:
    """Every level that became known, in that order, and the nearest ones at each bar."""
    atr, open_, known, nearest = ta.atr(bars, 5), [], [], []
    for t in range(bars.close.size):
        for level in [] if np.isnan(atr[t]) else open_:
            level.meet(t, bars, rules.near * atr[t], rules.beyond * atr[t])
        open_ = [level for level in open_ if level.state < LevelState.BROKEN]
        for row in np.flatnonzero(found.event_bar == t).tolist():
            level = _touched(open_, t, (float(found.level[row]), -int(found.side[row])), rules.near * atr[t], rules)
            place = int(found.ref_bar[row])
            usual = bars.volume[max(place - 4, 0) : place + 1].mean() if place >= 4 else 0.0
            level.touches.append((place, float(found.level[row]), min(bars.volume[place] / (usual or np.nan), 3.0)))
            if usual == 0.0:
                level.touches[-1] = (*level.touches[-1][:2], 1.0)
            if len(level.touches) == rules.least:
                level.event = t
                known.append(level)
        nearest.append(slow_nearest([level for level in open_ if level.event != NEVER], t, rules.half_life))
    return known, nearest


def _touched(open_: list[_Level], t: int, pivot: tuple[float, int], near: float, rules: LevelRules) -> _Level:
    price, side = pivot
    reachable = [level for level in open_ if abs(price - level.price) <= near]
    if reachable:
        return min(reachable, key=lambda level: abs(price - level.price))
    if len(open_) == rules.most:
        weakest = min(open_, key=lambda level: level.strength(t, rules.half_life))
        weakest.state, weakest.end = LevelState.FORGOTTEN, t
        open_.remove(weakest)
    open_.append(_Level(side))
    return open_[-1]


def slow_nearest(open_: list[_Level], t: int, half_life: float) -> list[float]:
    out = []
    for side in (1, -1):
        best = max((level for level in open_ if level.now == side), key=lambda level: side * level.price, default=None)
        out += [best.price, best.strength(t, half_life)] if best else [np.nan, np.nan]
    return out


@given(markets, rules_of_all_kinds)
def test_levels_equal_their_twin(bars: Bars, rules: LevelRules) -> None:
    """Touches, strength, flips, retests and breaks are what the definitions say, and so are the nearest levels."""
    found = find(bars, rules)
    known, nearest = slow_levels(bars, pivots_of(bars), rules)
    assert [level.row() for level in known] == facts(found)
    last = [level.end if level.end != NEVER else bars.close.size - 1 for level in known]
    strength = [level.strength(t, rules.half_life) for level, t in zip(known, last, strict=True)]
    np.testing.assert_allclose(strength, found.strength, rtol=1e-9)
    np.testing.assert_allclose(np.array(nearest).reshape(-1, 4).T, [*found.nearest], rtol=1e-9)


@given(markets, rules_of_all_kinds)
def test_levels_compiled_and_uncompiled_agree(bars: Bars, rules: LevelRules) -> None:
    """The compiler changes nothing."""
    plain = getattr(kernels.level_lives, "py_func", kernels.level_lives)
    pivots = (*pivots_of(bars), np.ones(pivots_of(bars).side.size))
    arguments = (bars.high, bars.low, bars.close), ta.atr(bars, 5), pivots, rules
    rows, near = plain(*arguments, kernels.new_level_book(rules.most))
    expected, nearest = kernels.level_lives(*arguments, kernels.new_level_book(rules.most))
    assert expected.tolist() == rows.tolist()
    np.testing.assert_array_equal(nearest, near)


@given(markets, rules_of_all_kinds, st.data())
def test_levels_do_not_know_the_future(bars: Bars, rules: LevelRules, data: st.DataObject) -> None:
    """Columns before a cut, and the levels known by then, are the same whatever follows or does not."""
    cut = data.draw(st.integers(0, bars.close.size))
    part = find(slice_bars(bars, 0, cut), rules)
    for whole in (find(bars, rules), find(scrambled(bars, cut), rules)):
        for early, late in zip(part.nearest, whole.nearest, strict=True):
            np.testing.assert_array_equal(early, late[:cut])
        for early, late in zip(levels.by_bar(part, cut), levels.by_bar(whole, bars.close.size), strict=True):
            assert early.tolist() == late[:cut].tolist()
        known = whole.event_bar < cut
        for name in ("event_bar", "first_bar", "side"):
            assert getattr(part, name).tolist() == getattr(whole, name)[known].tolist()
        for name in ("flip_bar", "retest_bar", "end_bar"):
            bar = getattr(whole, name)[known]
            assert np.where(bar < cut, bar, NEVER).tolist() == getattr(part, name).tolist()


@given(markets, rules_of_all_kinds)
def test_levels_of_the_market_upside_down_are_upside_down(bars: Bars, rules: LevelRules) -> None:
    """Support becomes resistance and nothing else changes."""
    upright, turned = find(bars, rules), find(ta.structure.mirrored(bars), rules)
    assert (-upright.side).tolist() == turned.side.tolist()
    for name in ("event_bar", "touches", "strength", "state", "flip_bar", "retest_bar", "end_bar"):
        assert getattr(upright, name).tolist() == getattr(turned, name).tolist()
    np.testing.assert_array_equal(-upright.nearest.support, turned.nearest.resistance)


@given(markets, rules_of_all_kinds)
def test_levels_fed_bar_by_bar_are_those_of_the_columns(bars: Bars, rules: LevelRules) -> None:
    """After each bar the nearest levels are the same, and after the last all that are followed, to the last bit."""
    stream, rows = LevelStream(1.0, rules, 5), zip(bars.high, bars.low, bars.close, bars.volume, strict=True)
    nearest = [stream.update(*bar) for bar in rows]
    found = find(bars, rules)
    np.testing.assert_array_equal(np.array(nearest).reshape(-1, 4).T, [*found.nearest])
    followed = found.state < LevelState.BROKEN
    for name in Levels._fields[:-1]:
        assert getattr(found, name)[followed].tolist() == getattr(stream.known, name).tolist()


@pytest.mark.compiled
def test_levels_bar_by_bar_are_compiled_once() -> None:
    """A bar that confirms a pivot and one that does not, of plain numbers or of numpy's, reach one signature."""
    bars, stream = rough_market(300, 1), LevelStream(1.0)
    for bar in zip(bars.high, bars.low, bars.close, bars.volume, strict=True):
        stream.update(*bar)
    for high, low, close, volume in zip(*(column.tolist() for column in bars[3:]), strict=True):
        stream.update(high, low, close, volume)
    assert len(stream.known.price) > 0
    assert len(kernels.next_levels.signatures) == 1  # type: ignore[attr-defined]
