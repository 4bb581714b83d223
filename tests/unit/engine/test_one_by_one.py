"""A sequence of which one item is held."""

from __future__ import annotations

import pytest

from tradewright.engine.one_by_one import OneByOne


def test_an_item_is_made_when_it_is_asked_for_and_the_last_one_is_kept() -> None:
    """Asked twice in a row it is made once; after another one it is made anew; slices make nothing by themselves."""
    made: list[int] = []

    def square(k: int) -> int:
        made.append(k)
        return k * k

    squares = OneByOne(4, square)
    assert len(squares) == 4
    assert not made
    assert (squares[2], squares[2], squares[-1], squares[2]) == (4, 4, 9, 4)
    assert made == [2, 3, 2]
    odd = squares[1::2]
    assert len(odd) == 2
    assert made == [2, 3, 2]
    assert list(odd) == [1, 9]
    with pytest.raises(IndexError):
        squares[4]
