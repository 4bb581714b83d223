"""Liquidity pools against a slow twin, their compiled selves, their mirror image, and the future."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tradewright.features import structure, zones
from tradewright.features.pivots import SwingStream
from tradewright.features.structure import Swings
from tradewright.features.structure_stream import PoolStream
from tradewright.features.zones import NEVER, Pools, PoolState
from tradewright.kernels import liquidity
from tradewright.market.bars import Bars, slice_bars
from tradewright.testing.shapes import drawn_market, rough_market, scrambled

markets = st.builds(rough_market, st.integers(0, 90), st.integers(0, 10_000))
rooms = st.sampled_from((1, 2, 200))
NEAR = 2.0


def pools_of(bars: Bars, most: int = 200, k: int = 1) -> Pools:
    return zones.liquidity_pools(bars, structure.swings(bars, k), np.full(bars.close.size, NEAR), most)


def table(pools: Pools) -> list[tuple[Any, ...]]:
    return sorted(zip(*(column.tolist() for column in pools[:8]), strict=True))


def slow_pools(bars: Bars, found: Swings, most: int) -> list[tuple[Any, ...]]:
    """Lists of swings instead of records; each pool asks for its level anew."""
    pools: list[dict[str, Any]] = []
    for t in range(bars.close.size):
        for pool in [pool for pool in pools if pool["state"] == PoolState.OPEN]:
            level = max(pool["levels"]) if pool["side"] > 0 else min(pool["levels"])
            end = bars.high[t] if pool["side"] > 0 else bars.low[t]
            if (end - level) * pool["side"] > 0:
                back = (level - bars.close[t]) * pool["side"] > 0
                pool.update(state=PoolState.SWEPT if back else PoolState.RUN, end=t)
        for row in np.flatnonzero(found.event_bar == t).tolist():
            _join(pools, t, (int(found.ref_bar[row]), int(found.side[row]), float(found.level[row])), most)
    return sorted(
        (p["event"], p["ref"], p["side"], min(p["levels"]), max(p["levels"]), len(p["levels"]), p["state"], p["end"])
        for p in pools
        if len(p["levels"]) > 1
    )


def _join(pools: list[dict[str, Any]], t: int, swing: tuple[int, int, float], most: int) -> None:
    ref, side, level = swing
    unhurt = [pool for pool in pools if pool["state"] == PoolState.OPEN]
    near = []
    for pool in unhurt:
        extreme = max(pool["levels"]) if pool["side"] > 0 else min(pool["levels"])
        if pool["side"] == side and abs(level - extreme) <= NEAR:
            near.append((abs(level - extreme), len(near), pool))
    if near:
        pool = min(near)[2]
        pool["levels"].append(level)
        pool["event"] = t if len(pool["levels"]) == 2 else pool["event"]
        return
    if len(unhurt) == most:
        unhurt[0].update(state=PoolState.FORGOTTEN, end=t)
    pools.append({"side": side, "ref": ref, "event": NEVER, "levels": [level], "state": PoolState.OPEN, "end": NEVER})


@given(markets, rooms)
def test_pools_equal_their_twin(bars: Bars, most: int) -> None:
    """Equal swings form pools, and price takes them, as the definition says."""
    assert slow_pools(bars, structure.swings(bars, 1), most) == table(pools_of(bars, most))


@given(markets, rooms)
def test_pools_compiled_and_uncompiled_agree(bars: Bars, most: int) -> None:
    """The compiler changes nothing."""
    plain = getattr(liquidity.pool_lives, "py_func", liquidity.pool_lives)
    near = np.full(bars.close.size, NEAR)
    prices = (bars.high, bars.low, bars.close)
    rows, levels = plain(prices, tuple(structure.swings(bars, 1)), near, liquidity.new_pool_book(most))
    found = pools_of(bars, most)
    assert rows["end_bar"].tolist() == found.end_bar.tolist()
    np.testing.assert_array_equal(levels, [found.above, found.below])


@given(markets, rooms)
def test_pools_fed_bar_by_bar_are_those_of_the_columns(bars: Bars, most: int) -> None:
    """Pools end at the same bars, and the nearest are the same after each, to the last bit."""
    stream, swings, records, nearest = PoolStream(most), SwingStream(1), [], []
    for high, low, close in zip(bars.high.tolist(), bars.low.tolist(), bars.close.tolist(), strict=True):
        records += stream.update(high, low, close).tolist()
        swing = swings.update(high, low)
        records += stream.add(swing, NEAR).tolist() if swing else []
        nearest.append(stream.nearest)
    records += stream.open.tolist()
    found = pools_of(bars, most)
    names = ("side", "first_bar", "event_bar", "touches", "bottom", "top", "state", "end_bar")
    columns = [found.side, found.ref_bar, found.event_bar, found.touches, found.bottom, found.top]
    expected = zip(*(column.tolist() for column in (*columns, found.state, found.end_bar)), strict=True)
    assert names == liquidity.POOL.names
    assert sorted(expected) == sorted(records)
    np.testing.assert_array_equal([found.above, found.below], np.array(nearest).reshape(-1, 2).T)


@given(markets, rooms, st.data())
def test_pools_do_not_know_the_future(bars: Bars, most: int, data: st.DataObject) -> None:
    """Columns before a cut do not change with what follows, and the pools known by then are the same ones."""
    cut = data.draw(st.integers(0, bars.close.size))
    part = pools_of(slice_bars(bars, 0, cut), most)
    for whole in (pools_of(bars, most), pools_of(scrambled(bars, cut), most)):
        np.testing.assert_array_equal(part.above, whole.above[:cut])
        np.testing.assert_array_equal(part.below, whole.below[:cut])
        known = sorted(row[:3] for row in table(whole) if row[0] < cut)
        assert sorted(row[:3] for row in table(part)) == known


@given(markets)
def test_pools_of_the_market_upside_down_are_the_same(bars: Bars) -> None:
    """Equal highs become equal lows and nothing else changes."""
    found = structure.swings(bars, 1)
    other = found._replace(side=-found.side, level=-found.level)
    upright = pools_of(bars)
    turned = zones.liquidity_pools(structure.mirrored(bars), other, np.full(bars.close.size, NEAR))
    expected = [(e, r, -side, -top, -bottom, n, s, end) for e, r, side, bottom, top, n, s, end in table(upright)]
    assert sorted(expected) == table(turned)
    np.testing.assert_array_equal(upright.above, -turned.below)


def test_a_pool_is_swept_by_a_bar_that_comes_back_and_run_by_one_that_does_not() -> None:
    """Two highs at 110 wait above; a close at 115 after them runs them, a wick with a close inside sweeps them."""
    base = [(0, 100.0), (5, 110.0), (10, 100.0), (15, 110.0), (20, 100.0), (25, 115.0)]
    run = table(zones.liquidity_pools(drawn_market(base), structure.swings(drawn_market(base), 3), np.full(26, 0.5)))
    assert [(18, 5, 1, 110.0, 110.0, 2, PoolState.RUN, 24)] == [row for row in run if row[2] > 0]
    bars = drawn_market([*base[:5], (23, 109.0), (25, 105.0)])
    bars.high[24] = 111.0
    swept = zones.liquidity_pools(bars, structure.swings(bars, 3), np.full(26, 0.5))
    assert [(18, 5, 1, 110.0, 110.0, 2, PoolState.SWEPT, 24)] == [row for row in table(swept) if row[2] > 0]
