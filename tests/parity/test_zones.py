"""The lives of zones against a slow twin, the library, their streams, their mirror image, and the future."""

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
from tradewright.domain.errors import InvalidValue
from tradewright.features import structure, zones
from tradewright.features.pivots import SwingStream
from tradewright.features.structure import Zones
from tradewright.features.structure_stream import BarOf, GapStream, StructureStream, SweepStream, Zone, ZoneStream
from tradewright.features.zones import NEVER, ZoneLives, ZoneState
from tradewright.kernels import zones as kernels
from tradewright.market.bars import Bars, slice_bars
from tradewright.testing.shapes import rough_market, scrambled

markets = st.builds(rough_market, st.integers(0, 80), st.integers(0, 10_000))


def every_zone(bars: Bars, k: int = 2) -> Zones:
    """Gaps and blocks of a market in one list."""
    blocks = structure.order_blocks(bars, structure.market_structure(bars, k).breaks)
    joined = [np.concatenate(pair) for pair in zip(structure.fair_value_gaps(bars), blocks, strict=True)]
    order = np.argsort(joined[0], kind="stable")
    return Zones(*(column[order] for column in joined))


def slow_life(bars: Bars, event: int, side: int, bottom: float, top: float) -> list[int]:
    """State and the bars of touch, middle, far side and break, each looked for by itself."""
    later = slice(event + 1, None)
    near, far = (top, bottom) if side > 0 else (-bottom, -top)
    dip, last = (bars.low[later], bars.close[later]) if side > 0 else (-bars.high[later], -bars.close[later])
    reached = [dip <= near, dip <= (near + far) / 2.0, dip <= far, last < far]
    bar = [event + 1 + int(np.argmax(hit)) if hit.any() else NEVER for hit in reached]
    end = bar[3]
    bar = [NEVER if NEVER < end < b else b for b in bar]
    return [sum(b != NEVER for b in bar), *bar]


def lives_of(lives: ZoneLives) -> list[list[int]]:
    columns = lives[:5]
    return [list(row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def slow_nearest(bars: Bars, found: Zones, lives: ZoneLives) -> np.ndarray:
    out = np.full((4, bars.close.size), np.nan)
    for t in range(bars.close.size):
        is_open = (found.event_bar <= t) & ((lives.end_bar == NEVER) | (lives.end_bar > t))
        for row, side in ((0, 1), (2, -1)):
            chosen = np.flatnonzero(is_open & (found.side == side))
            if chosen.size:
                key = found.top[chosen] if side > 0 else -found.bottom[chosen]
                best = chosen[int(np.argmax(key))]
                out[row, t], out[row + 1, t] = found.bottom[best], found.top[best]
    return out


@given(markets)
def test_lives_equal_their_twin(bars: Bars) -> None:
    """Each zone is touched, half filled, filled and broken where the definitions say; the nearest open one is named."""
    found = every_zone(bars)
    lives = zones.zone_lives(bars, found)
    rows = zip(found.event_bar, found.side, found.bottom, found.top, strict=True)
    assert [slow_life(bars, *row) for row in rows] == lives_of(lives)
    np.testing.assert_array_equal(slow_nearest(bars, found, lives), [*lives.demand, *lives.supply])


@given(markets, st.integers(1, 4))
def test_lives_compiled_and_uncompiled_agree(bars: Bars, most: int) -> None:
    """The compiler changes nothing, also where zones are forgotten."""
    found = every_zone(bars)
    arguments = (bars.high, bars.low, bars.close), (found.event_bar, found.side, found.bottom, found.top)
    plain = getattr(kernels.zone_lives, "py_func", kernels.zone_lives)
    expected, near = plain(*arguments, kernels.new_zone_book(most))
    lives = zones.zone_lives(bars, found, most)
    assert expected["state"].tolist() == lives.state.tolist()
    assert expected["end_bar"].tolist() == lives.end_bar.tolist()
    np.testing.assert_array_equal(near, [*lives.demand, *lives.supply])


def test_the_oldest_zone_is_forgotten_where_there_is_no_room() -> None:
    """With room for two, the third zone pushes out the first, at its own bar; what had happened to it stays written."""
    bars = rough_market(10, 1)
    far = Zones(np.array([1, 3, 5]), np.array([0, 2, 4]), np.ones(3, np.int64), np.zeros(3), np.array([1.0, 3.0, 2.0]))
    lives = zones.zone_lives(bars, far, most=2)
    assert [ZoneState.FORGOTTEN, ZoneState.OPEN, ZoneState.OPEN] == lives.state.tolist()
    assert [5, NEVER, NEVER] == lives.end_bar.tolist()
    np.testing.assert_array_equal([np.nan, 1.0, 1.0] + [3.0] * 7, lives.demand[1])


@given(markets, st.data())
def test_lives_do_not_know_the_future(bars: Bars, data: st.DataObject) -> None:
    """Columns before a cut do not change with what follows; lives change only by what happened after it."""
    cut = data.draw(st.integers(0, bars.close.size))
    early = slice_bars(bars, 0, cut)
    part = zones.zone_lives(early, every_zone(early), 3)
    for whole in (bars, scrambled(bars, cut)):
        found = every_zone(whole)
        lives = zones.zone_lives(whole, found, 3)
        for late, soon in zip([*lives.demand, *lives.supply], [*part.demand, *part.supply], strict=True):
            np.testing.assert_array_equal(late[:cut], soon)
        known = found.event_bar < cut
        for name in ("touched_bar", "half_bar", "filled_bar", "end_bar"):
            bar = getattr(lives, name)[known]
            assert np.where(bar < cut, bar, NEVER).tolist() == getattr(part, name).tolist()


@given(markets)
def test_lives_of_the_market_upside_down_are_the_same(bars: Bars) -> None:
    """Demand becomes supply and nothing else changes."""
    found = every_zone(bars)
    lives = zones.zone_lives(bars, found)
    turned = Zones(found.event_bar, found.ref_bar, -found.side, -found.top, -found.bottom)
    other = zones.zone_lives(structure.mirrored(bars), turned)
    assert lives_of(lives) == lives_of(other)
    np.testing.assert_array_equal(lives.demand[1], -other.supply[0])


@given(markets, st.integers(1, 4), st.sampled_from((0.0, 2.0)))
def test_structure_fed_bar_by_bar_is_that_of_the_columns(bars: Bars, k: int, least: float) -> None:
    """Breaks, blocks, trend and gaps come at the same bars with the same numbers."""
    stream, gaps = StructureStream(k), GapStream()
    rows = [
        BarOf(*row) for row in zip(*(c.tolist() for c in (bars.open, bars.high, bars.low, bars.close)), strict=True)
    ]
    breaks, trend, found = [], [], []
    for row in rows:
        breaks.append(stream.update(row))
        trend.append(stream.trend)
        found.append(gaps.update(row, least))
    shape = structure.market_structure(bars, k)
    blocks = structure.order_blocks(bars, shape.breaks)
    made = [each for each in breaks if each]
    assert shape.trend.tolist() == trend
    assert _rows(shape.breaks) == [tuple(each[:5]) for each in made]
    assert _rows(blocks) == [tuple(each.block) for each in made]
    assert _rows(structure.fair_value_gaps(bars, least)) == [tuple(gap) for gap in found if gap]


@given(markets, st.sampled_from((2, 200)))
def test_lives_fed_bar_by_bar_are_those_of_the_columns(bars: Bars, most: int) -> None:
    """Zones end at the same bars, and the nearest ones are the same, to the last bit."""
    found = every_zone(bars)
    lives = zones.zone_lives(bars, found, most)
    stream, ended, nearest = ZoneStream(most), [], []
    for t in range(bars.close.size):
        ended += stream.update(bars.high[t], bars.low[t], bars.close[t]).tolist()
        for row in np.flatnonzero(found.event_bar == t).tolist():
            ended += stream.add(Zone(*(column[row].item() for column in found))).tolist()
        nearest.append(stream.nearest)
    np.testing.assert_array_equal(np.array(nearest).reshape(-1, 4).T, [*lives.demand, *lives.supply])
    records = sorted([*ended, *stream.open.tolist()])
    assert [(record[4], *record[5:]) for record in records] == [tuple(row) for row in lives_of(lives)]


@given(markets, st.integers(1, 3), st.sampled_from((0.0, 2.0)))
def test_sweeps_fed_bar_by_bar_are_those_of_the_columns(bars: Bars, k: int, near: float) -> None:
    """Sweeps of lows and of highs come at the same bars with the same levels and touches."""
    swings = structure.swings(bars, k)
    turned = swings._replace(side=-swings.side, level=-swings.level)
    reach = np.full(bars.close.size, near)
    above = structure.sweeps(structure.mirrored(bars), turned, reach)
    for side, found, ends in (
        (-1, structure.sweeps(bars, swings, reach), bars.low),
        (1, above._replace(level=-above.level), bars.high),
    ):
        stream, swings_by_bar, rows = SweepStream(side), SwingStream(k), []
        for high, low, end, close in zip(bars.high, bars.low, ends, bars.close, strict=True):
            rows.append(stream.update(end, close, near))
            swing = swings_by_bar.update(high, low)
            if swing:
                stream.add(swing)
        assert _rows(found) == [tuple(row) for row in rows if row]


@given(markets)
def test_displacement_is_the_greatest_body_of_the_leg(bars: Bars) -> None:
    """Looked for bar by bar, from the block to the break; 0 where no bar of the leg went with it."""
    breaks = structure.market_structure(bars, 2).breaks
    blocks = structure.order_blocks(bars, breaks)
    expected = [
        max([0.0, *((bars.close[t] - bars.open[t]) * side for t in range(ref, event + 1))])
        for ref, event, side in zip(blocks.ref_bar, breaks.event_bar, breaks.side, strict=True)
    ]
    assert expected == structure.displacement(bars, breaks, blocks).tolist()


@pytest.fixture(scope="module")
def library() -> Any:
    """The library's class; it prints an advert when it is imported."""
    with contextlib.redirect_stdout(io.StringIO()):
        return pytest.importorskip("smartmoneyconcepts").smc


def _frame(bars: Bars) -> pd.DataFrame:
    return pd.DataFrame({name: getattr(bars, name) for name in ("open", "high", "low", "close", "volume")})


def _rows(columns: tuple[np.ndarray, ...]) -> list[tuple[Any, ...]]:
    return list(zip(*(column.tolist() for column in columns), strict=True))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_gaps_are_mitigated_where_the_library_says_on_every_prefix(library: Any, seed: int) -> None:
    """The library's `MitigatedIndex` is our `touched_bar`; it writes 0 where there is none."""
    bars = rough_market(260, seed, step=9.0)
    for size in range(3, 261):
        part = slice_bars(bars, 0, size)
        theirs = library.fvg(_frame(part)).dropna(subset=["FVG"])
        found = structure.fair_value_gaps(part)
        touched = zones.zone_lives(part, found, 1_000).touched_bar
        assert [(i + 1, int(row.MitigatedIndex)) for i, row in theirs.iterrows()] == list(
            zip(found.event_bar.tolist(), np.maximum(touched, 0).tolist(), strict=True)
        )
    assert len(theirs) > 10


@pytest.mark.parametrize("value", [0, 10_001, 1.5, True, "many"])
def test_lives_refuse_a_room_out_of_range(value: Any) -> None:
    """The error names field, value and range."""
    bars = rough_market(30, 1)
    for call in (
        lambda: zones.zone_lives(bars, every_zone(bars), value),
        lambda: zones.liquidity_pools(bars, structure.swings(bars, 2), np.ones(30), value),
        lambda: ZoneStream(value),
    ):
        with pytest.raises(InvalidValue, match=r"^most: .* give a whole number from 1 to 10000"):
            call()


def test_a_broken_zone_comes_back_working_the_other_way() -> None:
    """Each broken zone is given once more with its side turned, known at the bar that broke it."""
    bars = rough_market(200, 4)
    found = every_zone(bars)
    lives = zones.zone_lives(bars, found)
    turned = zones.flipped(found, lives)
    broken = lives.state == ZoneState.BROKEN
    assert broken.sum() > 5
    expected = sorted(zip(lives.end_bar[broken], -found.side[broken], found.bottom[broken], strict=True))
    assert expected == sorted(zip(turned.event_bar, turned.side, turned.bottom, strict=True))
    assert (np.diff(turned.event_bar) >= 0).all()


def test_premium_and_discount_are_places_in_the_last_confirmed_range() -> None:
    """At the swing low 0, at the swing high 1; NaN before both are known."""
    bars = rough_market(300, 5)
    found = ta.structure.swings(bars, 3)
    low, high = structure.dealing_range(found, 300)
    place = zones.premium_discount(bars, found)
    known = ~np.isnan(low) & ~np.isnan(high) & (high > low)
    assert known.sum() > 200
    assert np.isnan(place[~known]).all()
    np.testing.assert_allclose(bars.close[known], (low + place * (high - low))[known], rtol=1e-12)


def test_the_previous_range_is_that_of_the_last_completed_span() -> None:
    """Quarter-hours in hours: an hour is known from the close of its last bar on; NaN before one is complete."""
    bars = rough_market(10, 1)
    low, high = zones.previous_range(bars, "1h")
    assert np.isnan(low[:3]).all()
    assert [bars.low[:4].min()] * 4 + [bars.low[4:8].min()] * 3 == low[3:].tolist()
    assert [bars.high[:4].max()] * 4 + [bars.high[4:8].max()] * 3 == high[3:].tolist()
    assert [0, 0] == [one.size for one in zones.previous_range(rough_market(0, 1), "1d")]
    assert np.isnan(zones.previous_range(bars, "1d")).all()


@pytest.mark.parametrize("every", ["soon", "5m", "7h"])
def test_a_span_that_bars_do_not_make_up_is_refused(every: str) -> None:
    """The error names what was asked for."""
    with pytest.raises(InvalidValue, match=every):
        zones.previous_range(rough_market(10, 1), every)
