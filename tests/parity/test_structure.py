"""Structure kernels against slow twins, their uncompiled selves, and the library `smartmoneyconcepts`."""

from __future__ import annotations

import contextlib
import io
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewright import ta
from tradewright.domain.timeframe import Timeframe
from tradewright.features import structure as features
from tradewright.kernels import moving, structure
from tradewright.market.bars import Bars, make_bars, slice_bars

MINUTE = Timeframe.parse("1m")


def a_market(size: int, seed: int, step: float = 1.0) -> Bars:
    """A random walk on whole prices, so that equal highs and lows are common."""
    rng = np.random.default_rng(seed)
    close = 1_000.0 + np.cumsum(np.round(rng.normal(0.0, 3.0 * step, size)))
    start = np.concatenate(([1_000.0], close[:-1]))
    high = np.maximum(start, close) + rng.integers(0, 4, size)
    low = np.minimum(start, close) - rng.integers(0, 4, size)
    stamps = np.arange(size, dtype=np.int64) * MINUTE.ns
    return make_bars(stamps, (start, high, low, close), np.ones(size), MINUTE)


markets = st.builds(a_market, st.integers(0, 80), st.integers(0, 10_000))


def slow_swings(high: np.ndarray, low: np.ndarray, k: int) -> list[tuple[int, int, int, float]]:
    events: list[tuple[int, int, int, float]] = []
    for t in range(high.size):
        i = t - k
        if i < 2 * k - 1:
            continue
        window = slice(i - k + 1, i + k + 1)
        if high[i] == max(high[window]):
            event = (t, i, 1, float(high[i]))
        elif low[i] == min(low[window]):
            event = (t, i, -1, float(low[i]))
        else:
            continue
        is_weaker = bool(events) and events[-1][2] == event[2] and (event[3] - events[-1][3]) * event[2] <= 0
        if not is_weaker:
            events.append(event)
    return events


def slow_breaks(close: np.ndarray, swings: list[tuple[int, int, int, float]]) -> list[tuple[int, int, int, int]]:
    events, broken, trend = [], set(), 0
    for t in range(close.size):
        known = [row for row, swing in enumerate(swings) if swing[0] <= t]
        highs = [row for row in known if swings[row][2] > 0][-1:]
        lows = [row for row in known if swings[row][2] < 0][-1:]
        for row in [*highs, *lows]:
            side = swings[row][2]
            if row in broken or (close[t] - swings[row][3]) * side <= 0:
                continue
            kind = structure.INIT if trend == 0 else structure.BOS if trend == side else structure.CHOCH
            events.append((t, row, side, kind))
            broken.add(row)
            trend = side
            break
    return events


def slow_sweeps(
    low: np.ndarray, close: np.ndarray, lows: list[tuple[int, float]], near: float
) -> list[tuple[int, int, int]]:
    events, taken = [], set()
    for t in range(low.size):
        hit = [row for row, (event, level) in enumerate(lows) if event < t and row not in taken and level > low[t]]
        if not hit:
            continue
        taken.update(hit)
        deepest = min(hit, key=lambda row: (lows[row][1], row))
        if close[t] > lows[deepest][1]:
            events.append((t, deepest, sum(lows[row][1] - lows[deepest][1] <= near for row in hit)))
    return events


def rows(columns: tuple[np.ndarray, ...]) -> list[tuple[Any, ...]]:
    return list(zip(*(column.tolist() for column in columns), strict=True))


@given(markets, st.integers(1, 6))
def test_structure_kernels_equal_their_twins(bars: Bars, k: int) -> None:
    """Swings, breaks and sweeps are what their definitions say."""
    swings = slow_swings(bars.high, bars.low, k)
    found = structure.swing_events(bars.high, bars.low, k)
    assert swings == rows(found)
    event, _, side, level = found
    assert slow_breaks(bars.close, swings) == rows(structure.break_events(bars.close, event, side, level)[:4])
    lows = [(swing[0], swing[3]) for swing in swings if swing[2] < 0]
    pair = (event[side < 0], level[side < 0])
    near = np.full(bars.low.size, 2.0)
    assert slow_sweeps(bars.low, bars.close, lows, 2.0) == rows(
        structure.sweep_events(bars.low, bars.close, pair, near)
    )


@given(markets, st.integers(1, 6))
def test_compiled_and_uncompiled_structure_agree(bars: Bars, k: int) -> None:
    """The compiler changes nothing."""

    def plain(kernel: Any) -> Any:
        return getattr(kernel, "py_func", kernel)

    event, ref, side, level = structure.swing_events(bars.high, bars.low, k)
    assert rows(plain(structure.swing_events)(bars.high, bars.low, k)) == rows((event, ref, side, level))
    arguments = (bars.close, event, side, level)
    for slow, fast in zip(plain(structure.break_events)(*arguments), structure.break_events(*arguments), strict=True):
        np.testing.assert_array_equal(slow, fast)
    sweep = (bars.low, bars.close, (event[side < 0], level[side < 0]), np.ones(bars.low.size))
    assert rows(plain(structure.sweep_events)(*sweep)) == rows(structure.sweep_events(*sweep))


@given(markets, st.integers(1, 6), st.data())
def test_structure_events_are_only_ever_appended(bars: Bars, k: int, data: st.DataObject) -> None:
    """Every event of a prefix is an event of the whole, and the whole has no other up to that bar."""
    cut = data.draw(st.integers(0, bars.close.size))
    early = slice_bars(bars, 0, cut)
    whole, part = features.market_structure(bars, k), features.market_structure(early, k)
    for kind in ("swings", "breaks"):
        events = rows(getattr(whole, kind))
        assert [event for event in events if event[0] < cut] == rows(getattr(part, kind))
    np.testing.assert_array_equal(whole.trend[:cut], part.trend)
    for find in (features.fair_value_gaps, lambda b: features.order_blocks(b, features.market_structure(b, k).breaks)):
        assert [event for event in rows(find(bars)) if event[0] < cut] == rows(find(early))


@pytest.fixture(scope="module")
def library() -> Any:
    """The library's class; it prints an advert when it is imported."""
    with contextlib.redirect_stdout(io.StringIO()):
        return pytest.importorskip("smartmoneyconcepts").smc


def a_frame(bars: Bars) -> pd.DataFrame:
    names = ("open", "high", "low", "close", "volume")
    return pd.DataFrame({name: getattr(bars, name) for name in names})


def surviving(swings: features.Swings) -> dict[int, int]:
    """Fold the events: one of the same side as the last takes its place."""
    kept: list[tuple[int, int]] = []
    for ref, side in zip(swings.ref_bar.tolist(), swings.side.tolist(), strict=True):
        if kept and kept[-1][1] == side:
            kept.pop()
        kept.append((ref, side))
    return dict(kept)


@pytest.mark.parametrize(("seed", "k"), [(1, 2), (2, 3), (3, 5)])
def test_swings_equal_the_library_on_every_prefix(library: Any, seed: int, k: int) -> None:
    """For each prefix, ours are the library's swings without those it invents at the first and last bar."""
    bars = a_market(160, seed)
    for size in range(4 * k, 161):
        part = slice_bars(bars, 0, size)
        column = library.swing_highs_lows(a_frame(part), swing_length=k)["HighLow"].to_numpy()
        expected = {i: int(column[i]) for i in range(1, size - 1) if not np.isnan(column[i])}
        assert expected == surviving(features.swings(part, k))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_fair_value_gaps_equal_the_library(library: Any, seed: int) -> None:
    """Ours are the library's gaps, known one bar after the place where it stamps them."""
    bars = a_market(400, seed, step=3.0)
    frame = library.fvg(a_frame(bars)).dropna(subset=["FVG"])
    expected = [(i + 1, i, int(row.FVG), row.Bottom, row.Top) for i, row in frame.iterrows()]
    assert len(expected) > 10
    assert expected == rows(features.fair_value_gaps(bars))


def test_most_breaks_of_the_library_are_ours(library: Any) -> None:
    """At least nine in ten of its BOS and CHoCH rows are ours: same bar, same level (it may skip a newer swing)."""
    bars, k = a_market(3_000, 7), 5
    frame = a_frame(bars)
    theirs = library.bos_choch(frame, library.swing_highs_lows(frame, swing_length=k)).dropna(subset=["Level"])
    found = features.market_structure(bars, k).breaks
    ours = set(zip(found.event_bar.tolist(), found.level.tolist(), strict=True))
    shared = [row for row in theirs.itertuples() if (int(row.BrokenIndex), float(row.Level)) in ours]
    assert len(theirs) > 50
    assert 0.9 * len(theirs) <= len(shared)


def test_feature_kernels_compile_one_signature_each() -> None:
    """Whole columns, slices, lists and read-only arrays all reach a kernel in one shape: nothing compiles twice."""
    bars = a_market(200, 1)
    frozen = bars.close[::2].copy()
    frozen.flags.writeable = False
    for values in (bars.close, bars.close[5:50], bars.close[::3], frozen, bars.close.tolist(), np.arange(50)):
        for feature in (ta.sma, ta.ema, ta.stdev, ta.highest, ta.lowest):
            feature(values, 5)
    for part in (bars, slice_bars(bars, 3, 90), features.mirrored(bars)):
        shape = features.market_structure(part, 3)
        features.sweeps(part, shape.swings, 0.1 * ta.atr(part))
    kernels = [getattr(module, name) for module in (moving, structure) for name in module.__all__]
    compiled = [kernel for kernel in kernels if hasattr(kernel, "signatures")]
    assert [1] * len(compiled) == [len(kernel.signatures) for kernel in compiled]
