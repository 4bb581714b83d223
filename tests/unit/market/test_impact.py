"""Daily volatility by the root of daily volume, known before each bar."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import empty_bars, make_bars, slice_bars
from tradewright.market.impact import impact_per_root


def a_walk(count: int, timeframe: str = "1h", seed: int = 1):
    """Bars of a random walk with random volumes."""
    rng = np.random.default_rng(seed)
    close = 100.0 * np.exp(np.cumsum(rng.normal(0.0, 0.01, count)))
    first = np.concatenate(([100.0], close[:-1]))
    prices = (first, np.maximum(first, close), np.minimum(first, close), close)
    length = Timeframe.parse(timeframe)
    return make_bars(np.arange(count) * length.ns, prices, rng.uniform(1.0, 9.0, count), length)


@pytest.mark.rule("C-2")
def test_impact_is_volatility_of_a_day_by_the_root_of_its_volume() -> None:
    """Counted one by one over the 24 hours before a bar; over what there is at the beginning; nothing at the first."""
    bars = a_walk(60)
    found = impact_per_root(bars)

    for at in (1, 2, 10, 24, 25, 59):
        rows = range(max(at - 24, 0), at)
        moves = [math.log(bars.close[i] / (bars.close[i - 1] if i else bars.open[0])) for i in rows]
        a_day = 24 / len(moves)
        sigma = math.sqrt(sum(move * move for move in moves) * a_day)
        assert sigma / math.sqrt(sum(bars.volume[i] for i in rows) * a_day) == pytest.approx(found[at], rel=1e-6)
    assert found[0] == 0.0


@pytest.mark.rule("C-2", "T-3")
def test_impact_knows_nothing_of_its_own_bar_or_later_ones() -> None:
    """Whatever comes after is changed, and what was known before stays."""
    bars = a_walk(60)
    later = bars.close.copy()
    later[40:] *= 2.0
    cut = slice_bars(bars, 0, 41)

    assert impact_per_root(bars._replace(close=later))[:41].tolist() == impact_per_root(bars)[:41].tolist()
    assert impact_per_root(cut) == pytest.approx(impact_per_root(bars)[:41], rel=1e-9)


def test_impact_of_days_looks_back_over_twenty_of_them() -> None:
    """A single day says little: with bars of a day the last twenty count, and an older one no more."""
    bars = a_walk(60, "1d")
    old = bars.close.copy()
    old[:10] *= 3.0

    assert impact_per_root(bars)[40:] == pytest.approx(impact_per_root(bars._replace(close=old))[40:], rel=1e-9)


def test_impact_without_bars_or_without_volume_is_nothing() -> None:
    """No bars: no column. No volume: no number, so none is invented."""
    assert impact_per_root(empty_bars()).size == 0
    bars = a_walk(5)
    assert impact_per_root(bars._replace(volume=np.zeros(5))).tolist() == [0.0] * 5
