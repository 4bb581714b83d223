"""Takers and quotes, bar by bar."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright import ta
from tradewright.domain.errors import InvalidValue
from tradewright.market.bars import Bars
from tradewright.testing.bars import traded

BARS = traded(6, 1, "1m")
MINUTE = 60 * 10**9


def test_trades_are_summed_in_the_bar_that_was_open() -> None:
    """A trade at a close belongs to the next bar; what lies outside all bars is left out."""
    ts = [-1, 0, MINUTE - 1, MINUTE, 3 * MINUTE, 6 * MINUTE]
    flow = ta.order_flow(BARS, ts, [9.0, 1.0, 2.0, 4.0, 5.0, 9.0], [1, 1, -1, 1, -1, 1])
    assert [1.0, 4.0, 0.0, 0.0, 0.0, 0.0] == flow.bought.tolist()
    assert [2.0, 0.0, 0.0, 5.0, 0.0, 0.0] == flow.sold.tolist()
    assert [-1.0, 4.0, 0.0, -5.0, 0.0, 0.0] == flow.delta.tolist()
    assert [-1.0, 3.0, 3.0, -2.0, -2.0, -2.0] == flow.cvd.tolist()
    assert [-1 / 3, 1.0, 0.0, -1.0, 0.0, 0.0] == flow.imbalance.tolist()


def test_trades_between_missing_bars_belong_to_none() -> None:
    """Without the second bar its trades are in no row."""
    broken = Bars(*(np.delete(column, 1) for column in BARS))
    assert 0.0 == ta.order_flow(broken, [MINUTE], [3.0], [1]).bought.sum()


def test_trade_by_trade_the_flow_is_the_same_to_the_last_bit() -> None:
    """Random trades, also in bars that have none."""
    rng = np.random.default_rng(4)
    ts = np.sort(rng.integers(0, 6 * MINUTE, 300))
    quantity, side = rng.gamma(1.0, 0.3, 300), rng.choice([-1, 1], 300)
    whole, stream = ta.order_flow(BARS, ts, quantity, side), ta.FlowStream()
    for k in range(6):
        for at in np.flatnonzero(ts // MINUTE == k):
            stream.trade(float(quantity[at]), int(side[at]))
        assert tuple(column[k] for column in whole) == stream.close_bar()


@pytest.mark.parametrize(("quantity", "side"), [(-1.0, 1), (np.nan, 1), (np.inf, -1), (1.0, 0)])
def test_a_bad_trade_is_refused_and_leaves_the_bar_alone(quantity: float, side: int) -> None:
    """The error names what is wrong, and nothing of it was counted."""
    stream = ta.FlowStream()
    with pytest.raises(InvalidValue, match="is not allowed"):
        stream.trade(quantity, side)
    assert (0.0, 0.0, 0.0, 0.0, 0.0) == stream.close_bar()


def test_later_trades_change_no_row_before() -> None:
    """The rows of closed bars are what they were."""
    rng = np.random.default_rng(5)
    ts, quantity = np.sort(rng.integers(0, 6 * MINUTE, 100)), rng.gamma(1.0, 1.0, 100)
    side, known = rng.choice([-1, 1], 100), ts < 3 * MINUTE
    whole = ta.order_flow(BARS, ts, quantity, side)
    early = ta.order_flow(BARS, ts[known], quantity[known], side[known])
    for now, then in zip(early, whole, strict=True):
        np.testing.assert_array_equal(now[:3], then[:3])


@pytest.mark.parametrize(
    ("ts", "quantity", "side", "message"),
    [
        ([1, 0], [1.0, 1.0], [1, 1], "ts: .* times that do not go back"),
        ([0], [1.0, 2.0], [1], r"trades: \[1, 2, 1\] is not allowed"),
        ([0], [1.0], [0], "side: 0.0 is not allowed; give 1 where the taker bought"),
        ([0], [-1.0], [1], "quantity: -1.0 is not allowed"),
    ],
)
def test_bad_trades_are_refused(ts, quantity, side, message: str) -> None:
    """The error names the column and the value."""
    with pytest.raises(InvalidValue, match=message):
        ta.order_flow(BARS, ts, quantity, side)
