"""How the best quotes leant, bar by bar."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright import ta
from tradewright.domain.errors import InvalidValue
from tradewright.testing.bars import traded

BARS = traded(6, 1, "1m")
MINUTE = 60 * 10**9


def random_quotes(seed: int, size: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """Times, and quotes that stay, rise and fall."""
    rng = np.random.default_rng(seed)
    bid = 100.0 + rng.integers(-2, 3, size)
    sizes = [rng.integers(1, 9, size) / 10.0 for _ in range(2)]
    return np.sort(rng.integers(0, 6 * MINUTE, size)), [bid, sizes[0], bid + rng.integers(1, 3, size), sizes[1]]


def test_a_quote_adds_what_came_to_the_bid_and_left_the_ask() -> None:
    """Bid up: its new size; bid down: less its old size; same bid: the change. The ask the other way round."""
    quotes = ([10.0, 11.0, 11.0, 10.0], [5.0, 3.0, 4.0, 2.0], [12.0, 12.0, 13.0, 13.0], [6.0, 6.0, 1.0, 3.0])
    ts = [0, 1, MINUTE, 2 * MINUTE]
    found = ta.quote_flow(BARS, ts, quotes)
    # 1: bid rose, +3; ask the same, -6 + 6.  2: bid the same, +4 - 3; ask rose, +6.  3: bid fell, -4; ask same, -3 + 1.
    assert [3.0, 7.0, -6.0, 0.0, 0.0, 0.0] == found.flow.tolist()
    assert [5.0, 2.5, 2.5, 0.0, 0.0, 0.0] == found.depth.tolist()
    assert [0.6, 2.8, -2.4, 0.0, 0.0, 0.0] == found.pressure.tolist()


def test_the_example_of_the_textbook() -> None:
    """Bid 100 x 5, ask 101 x 7; then bid x 8, a higher bid x 3, a lower one x 9, a lower ask x 2: +3, +3, -5, -2."""
    quotes = ([100.0, 100.0, 100.5, 99.0, 99.0], [5.0, 8.0, 3.0, 9.0, 9.0], [101.0] * 4 + [100.5], [7.0] * 4 + [2.0])
    found = ta.quote_flow(BARS, np.arange(5) * MINUTE, quotes)
    assert [0.0, 3.0, 3.0, -3.0, -2.0, 0.0] == found.flow.tolist()


def test_quote_by_quote_the_flow_is_the_same_to_the_last_bit() -> None:
    """Random quotes, also in bars that have none."""
    ts, quotes = random_quotes(4, 60)
    whole, stream = ta.quote_flow(BARS, ts, quotes), ta.QuoteStream()
    for k in range(6):
        for at in np.flatnonzero(ts // MINUTE == k):
            stream.quote(*(float(column[at]) for column in quotes))
        assert tuple(column[k] for column in whole) == stream.close_bar()


def test_later_quotes_change_no_row_before() -> None:
    """The rows of closed bars are what they were."""
    ts, quotes = random_quotes(5, 80)
    known = ts < 3 * MINUTE
    whole, early = ta.quote_flow(BARS, ts, quotes), ta.quote_flow(BARS, ts[known], [one[known] for one in quotes])
    for now, then in zip(early, whole, strict=True):
        np.testing.assert_array_equal(now[:3], then[:3])


def test_bad_quotes_are_refused() -> None:
    """The error names the column and the value."""
    ts, quotes = random_quotes(6, 5)
    with pytest.raises(InvalidValue, match=r"quotes: \[5, 5, 5, 5\] is not allowed; give 4 rows each"):
        ta.quote_flow(BARS, ts[1:], quotes)
    with pytest.raises(InvalidValue, match=r"ts: .* times that do not go back"):
        ta.quote_flow(BARS, ts[::-1] - np.arange(5), quotes)
    quotes[2][3] = np.nan
    with pytest.raises(InvalidValue, match="ask: nan is not allowed"):
        ta.quote_flow(BARS, ts, quotes)
    stream = ta.QuoteStream()
    with pytest.raises(InvalidValue, match="bid size: inf is not allowed"):
        stream.quote(1.0, np.inf, 2.0, 1.0)
    assert (0.0, 0.0, 0.0) == stream.close_bar()
