"""The zigzag against a slow twin, its compiled self, its stream, its mirror image, and the future."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewright import ta
from tradewright.domain.errors import InvalidValue
from tradewright.features import pivots
from tradewright.features.pivots import Pivot, SwingStream, ZigzagStream
from tradewright.kernels import zigzag
from tradewright.market.bars import Bars, slice_bars
from tradewright.testing.shapes import rough_market, scrambled

markets = st.builds(rough_market, st.integers(0, 90), st.integers(0, 10_000))


def slow_zigzag(bars: Bars, reach: np.ndarray) -> list[tuple[int, int, int, float]]:
    """From the last pivot, try each later bar as the confirmation, looking for the extreme anew each time."""
    found: list[tuple[int, int, int, float]] = []
    begin = int(np.argmax(~np.isnan(reach))) if (~np.isnan(reach)).any() else bars.close.size
    for t in range(begin, bars.close.size):
        start = found[-1][0] if found else begin
        sides = (-found[-1][2],) if found else (1, -1)
        turns = [turn for side in sides if (turn := _turn(bars, reach, (start, t), side))]
        if len(turns) == 1:
            found += turns
    return found


def _turn(bars: Bars, reach: np.ndarray, span: tuple[int, int], side: int) -> tuple[int, int, int, float] | None:
    start, t = span
    ahead, back = (bars.high, bars.low) if side > 0 else (-bars.low, -bars.high)
    place = start + int(np.argmax(ahead[start : t + 1]))
    way_back = ahead[place] - back[t]
    if place == t or way_back <= 0.0 or not way_back >= reach[place]:
        return None
    return t, place, side, float(side * ahead[place])


def rows(columns: tuple[np.ndarray, ...]) -> list[tuple[Any, ...]]:
    return list(zip(*(column.tolist() for column in columns), strict=True))


@given(markets, st.sampled_from((0.5, 1.0, 2.5)))
def test_zigzag_equals_its_twin(bars: Bars, reversal: float) -> None:
    """Pivots are what the definition says, and alternate."""
    found = pivots.zigzag(bars, reversal, 5)
    assert slow_zigzag(bars, reversal * ta.atr(bars, 5)) == rows(found)
    assert (found.side[1:] == -found.side[:-1]).all()
    assert (found.ref_bar < found.event_bar).all()


@given(markets)
def test_zigzag_compiled_and_uncompiled_agree(bars: Bars) -> None:
    """The compiler changes nothing."""
    reach = ta.atr(bars, 5)
    plain = getattr(zigzag.zigzag_events, "py_func", zigzag.zigzag_events)
    assert rows(plain(bars.high, bars.low, reach, zigzag.new_zigzag())) == rows(pivots.zigzag(bars, 1.0, 5))


@given(markets, st.integers(1, 5))
def test_pivots_fed_bar_by_bar_are_those_of_the_columns(bars: Bars, k: int) -> None:
    """Streams give the same pivots at the same bars, to the last bit."""
    by_distance, by_time = ZigzagStream(1.5, 5), SwingStream(k)
    prices = rows((bars.high, bars.low, bars.close))
    turns = [pivot for bar in prices if (pivot := by_distance.update(*bar))]
    swings = [pivot for bar in prices if (pivot := by_time.update(*bar[:2]))]
    assert [Pivot(*row) for row in rows(pivots.zigzag(bars, 1.5, 5))] == turns
    assert [Pivot(*row) for row in rows(ta.structure.swings(bars, k))] == swings


@given(markets, st.data())
def test_pivots_do_not_know_the_future(bars: Bars, data: st.DataObject) -> None:
    """With the future cut off, or other than it was, what was known is the same."""
    cut = data.draw(st.integers(0, bars.close.size))
    known = [row for row in rows(pivots.zigzag(bars, 1.0, 5)) if row[0] < cut]
    assert known == rows(pivots.zigzag(slice_bars(bars, 0, cut), 1.0, 5))
    assert known == [row for row in rows(pivots.zigzag(scrambled(bars, cut), 1.0, 5)) if row[0] < cut]


@given(markets)
def test_pivots_of_the_market_upside_down_are_upside_down(bars: Bars) -> None:
    """Highs become lows and lows highs, at the same bars."""
    turned = [(event, ref, -side, -level) for event, ref, side, level in rows(pivots.zigzag(bars, 1.0, 5))]
    assert turned == rows(pivots.zigzag(ta.structure.mirrored(bars), 1.0, 5))


@pytest.mark.parametrize(
    ("field", "values"), [("reversal", (0.05, 101.0, math.nan, "2", True)), ("n", (0, 1.5, -3, True))]
)
def test_zigzag_refuses_what_is_out_of_range(field: str, values: tuple[Any, ...]) -> None:
    """The error names the field, the value and what is allowed."""
    for value in values:
        for make in (lambda given: pivots.zigzag(rough_market(40, 1), **given), lambda given: ZigzagStream(**given)):
            with pytest.raises(InvalidValue, match=f"^{field}: .* is not allowed; give a"):
                make({field: value})
