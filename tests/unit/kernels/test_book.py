"""The book: levels set and taken, walks, quotes older and newer than diffs."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.enums import EventKind
from tradewright.kernels.book import (
    FAR,
    apply_event,
    depth_within,
    has_side,
    is_crossed,
    lots_at,
    next_ask,
    next_bid,
    set_level,
)
from tradewright.kernels.replay_records import BOOK, Book
from tradewright.market.events import EVENT


def a_book(bids: dict[int, int], asks: dict[int, int], base: int = 90) -> Book:
    """A book in a window of twenty ticks."""
    top = np.zeros(1, BOOK)
    top["base"], top["best_ask"], top["bid_floor"] = base, FAR, FAR
    top["low"], top["high"] = base, base + 19
    book = Book(np.zeros(20, np.int64), np.zeros(20, np.int64), top)
    for side, levels in ((1, bids), (-1, asks)):
        for ticks, lots in levels.items():
            set_level(book, 0, side, ticks, lots)
    return book


def tell(book: Book, kind: EventKind, side: int, ticks: int, lots: int, sequence: int, *, last: bool = True) -> None:
    """Apply one row."""
    row = np.zeros(1, EVENT)
    row["kind"], row["side"], row["ticks"], row["lots"] = kind, side, ticks, lots
    row["sequence"], row["last"] = sequence, last
    apply_event(book, row[0])


def best(book: Book) -> tuple[int, int]:
    """Best bid and ask."""
    return int(book.top[0]["best_bid"]), int(book.top[0]["best_ask"])


def test_best_prices_follow_the_levels() -> None:
    """The best price of a side is the best that holds lots, and there is none where nothing stands."""
    book = a_book({98: 3, 95: 1}, {101: 2, 105: 4})
    assert (98, 101) == best(book)
    assert 3 == set_level(book, 0, 1, 98, 0)
    assert 2 == set_level(book, 0, -1, 101, 0)
    assert (95, 105) == best(book)
    set_level(book, 0, 1, 95, 0)
    set_level(book, 0, -1, 105, 0)
    assert (0, FAR) == best(book)
    assert not has_side(book, 0, 1)
    assert not has_side(book, 0, -1)
    assert (0, FAR) == (next_bid(book, 0, 98), next_ask(book, 0, 98))


def test_outside_the_window_nothing_stands() -> None:
    """A price beyond the prices of the tape has no lots."""
    assert [0, 0, 3] == [lots_at(a_book({98: 3}, {}), 0, 1, ticks) for ticks in (89, 110, 98)]


@pytest.mark.parametrize(
    ("side", "limit", "most", "found"),
    [(1, 101, 99, 2), (1, 105, 99, 6), (1, 100, 99, 0), (1, FAR - 1, 3, 6), (-1, 95, 99, 4), (-1, 1, 2, 3)],
)
def test_depth_counts_up_to_the_limit(side: int, limit: int, most: int, found: int) -> None:
    """A taker finds what stands up to his limit; counting stops with the level that is enough."""
    assert found == depth_within(a_book({98: 3, 95: 1}, {101: 2, 105: 4}), 0, side, limit, most)


def test_quote_removes_what_is_better() -> None:
    """Nothing is better than a quoted price; what is worse stays."""
    book = a_book({98: 3, 97: 2, 95: 1}, {101: 2, 102: 2, 105: 4})
    tell(book, EventKind.QUOTE, 1, 96, 7, 5)
    tell(book, EventKind.QUOTE, -1, 103, 8, 5)
    assert (96, 103) == best(book)
    assert [7, 1, 0] == [lots_at(book, 0, 1, ticks) for ticks in (96, 95, 98)]


@pytest.mark.rule("4.12")
def test_older_quote_does_not_undo_newer_depth() -> None:
    """A quote that is older than the last diff is passed over."""
    book = a_book({}, {})
    tell(book, EventKind.DEPTH, 1, 98, 3, 10)
    tell(book, EventKind.QUOTE, 1, 96, 7, 9)
    assert 98 == book.top[0]["best_bid"]


@pytest.mark.rule("4.12")
def test_newer_quote_stays_true_over_older_depth() -> None:
    """Diffs come later than quotes: after an older diff the newer quote holds again, once the message is whole."""
    book = a_book({98: 3}, {101: 2})
    tell(book, EventKind.QUOTE, 1, 97, 7, 20, last=False)
    tell(book, EventKind.QUOTE, -1, 102, 5, 20)
    tell(book, EventKind.DEPTH, 1, 98, 9, 15, last=False)
    tell(book, EventKind.DEPTH, -1, 101, 9, 15)
    assert (97, 102) == best(book)
    assert (7, 5) == (lots_at(book, 0, 1, 97), lots_at(book, 0, -1, 102))


def test_clear_forgets_levels_and_quotes() -> None:
    """After a clear the book is empty, and quotes of before do not come back."""
    book = a_book({98: 3, 97: 1}, {101: 2, 109: 1})
    tell(book, EventKind.QUOTE, 1, 97, 7, 20)
    tell(book, EventKind.CLEAR, 0, 0, 0, 0)
    assert (0, FAR) == best(book)
    tell(book, EventKind.DEPTH, 1, 99, 4, 5)
    assert (99, 0) == (book.top[0]["best_bid"], lots_at(book, 0, 1, 97))


def test_clear_forgets_a_bid_at_the_lowest_tick() -> None:
    """There is no bid that is too low to be taken out."""
    book = a_book({1: 3}, {2: 4}, base=0)
    tell(book, EventKind.CLEAR, 0, 0, 0, 0)
    assert ((0, FAR), 0) == (best(book), lots_at(book, 0, 1, 1))


def test_crossed_book_is_seen() -> None:
    """A bid at or above an ask is a crossed book."""
    assert is_crossed(a_book({101: 1}, {101: 1}), 0)
    assert not is_crossed(a_book({100: 1}, {101: 1}), 0)
