"""The inside of a bar: where it goes, and what is printed there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewright.adapters.venues.practice.course import Bar, Course, legs_of

MINUTE = 60_000_000_000


@st.composite
def bars(draw: st.DrawFn) -> Bar:
    """Bars of any market."""
    low = draw(st.integers(1, 10**6))
    high = low + draw(st.integers(0, 10**4))
    inside = st.integers(low, high)
    return Bar(draw(inside), high, low, draw(inside), draw(st.integers(4, 10**9)))


@given(bars(), st.sampled_from(Course))
def test_candle_of_the_prints_is_the_bar(bar: Bar, course: Course) -> None:
    """First, highest, lowest and last price of the prints, and what they trade together."""
    legs = legs_of(bar, 0, MINUTE, course, bar.open)
    prints = [own for leg in legs for own in leg.prints]
    prices = [ticks for ticks, _, _ in prints]
    assert bar == (prices[0], max(prices), min(prices), prices[-1], sum(lots for _, lots, _ in prints))
    assert min(lots for _, lots, _ in prints) >= 1


@pytest.mark.parametrize(
    ("bar", "corners"), [(Bar(10, 20, 8, 15, 40), [10, 8, 20, 15]), (Bar(10, 12, 2, 5, 40), [10, 12, 2, 5])]
)
def test_nearer_extreme_comes_first(bar: Bar, corners: list[int]) -> None:
    """The path goes from the open to the extreme that is nearer to it, to the other, to the close."""
    legs = legs_of(bar, 0, MINUTE, Course.PATH, bar.open)
    assert corners == [leg.stretch.close for leg in legs]
    assert [0, MINUTE // 3, 2 * MINUTE // 3] == [leg.until for leg in legs[:3]]
    assert legs[3].until < MINUTE


def test_sizes_of_prints_differ() -> None:
    """Trades of a market are of different sizes."""
    sizes = {lots for n in range(20) for leg in legs_of(Bar(100 + n, 110, 90, 100, 10**6), 0, MINUTE, Course.PATH, 100)
             for _, lots, _ in leg.prints}  # fmt: skip
    assert len(sizes) > 40
