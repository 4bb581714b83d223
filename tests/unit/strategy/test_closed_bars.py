"""What a strategy may see."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from tradewright.domain.errors import StrategyError
from tradewright.domain.timeframe import Timeframe
from tradewright.market.resample import resample
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.view import BarView, PositionView
from tradewright.testing.bars import walk

LTF = walk(40, 1)
HTF = resample(LTF, Timeframe.parse("15m"), Timeframe.parse("1h"))
CLOSED = ClosedBars(LTF, HTF)


@pytest.mark.rule("T-4")
def test_higher_timeframe_values_arrive_at_their_close() -> None:
    """The fourth 15m bar is the first to know the first hour; before it there is the fill."""
    values = CLOSED.on_close(np.arange(10.0), fill=-1.0)
    assert [-1.0, -1.0, -1.0, 0.0, 0.0, 0.0, 0.0, 1.0] == values[:8].tolist()
    assert 9.0 == values[39]


@pytest.mark.rule("T-1")
@pytest.mark.parametrize("index", [0, 2, 3, 17, 39])
def test_a_shorter_view_knows_only_what_had_closed(index: int) -> None:
    """`until` ends both timeframes at the close of its last row, and joins as the whole does."""
    early = CLOSED.until(index)
    assert index + 1 == len(early)
    assert LTF.close[: index + 1].tolist() == early.close.tolist()
    assert (early.htf.ts_close <= early.ts_close[-1]).all()
    assert (index + 1) // 4 == early.htf.close.size
    np.testing.assert_array_equal(CLOSED.on_close(HTF.close)[: index + 1], early.on_close(early.htf.close))


def test_columns_of_a_view_are_not_copies() -> None:
    """Looking back costs nothing: the columns share the run's memory."""
    assert np.shares_memory(LTF.close, CLOSED.until(20).close)


def test_bars_that_go_to_another_process_end_where_they_ended() -> None:
    """Of a view of ten bars that is pickled ten arrive: the rest is not known there."""
    there = pickle.loads(pickle.dumps(CLOSED.until(9)))  # noqa: S301 - our own bytes
    assert (10, 2, LTF.close[:10].tolist()) == (len(there), there.htf.close.size, there.close.tolist())
    view = BarView(there, 9)
    assert (LTF.close[9], LTF.ts_close[9]) == (view.close, view.ts_close)
    assert (float, int) == (type(view.high), type(view.ts_open))


def test_asking_for_a_higher_timeframe_that_is_not_there_is_an_error() -> None:
    """The message says what to write in the strategy."""
    with pytest.raises(StrategyError, match="htf = '4h'"):
        _ = ClosedBars(LTF).htf


def test_joining_a_column_of_another_length_is_an_error() -> None:
    """The message has both lengths."""
    with pytest.raises(StrategyError, match="3 values for 10 bars"):
        CLOSED.on_close(np.ones(3))


def test_a_row_outside_is_an_error() -> None:
    """Neither a row after the end nor a negative one can be looked at."""
    for index in (40, -1):
        with pytest.raises(IndexError):
            CLOSED.until(index)


@pytest.mark.rule("T-1")
def test_a_bar_view_shows_its_bar_and_nothing_later() -> None:
    """The view's prices are the bar's, and its bars end with it."""
    view = BarView(CLOSED, 5, PositionView(), 1_000.0)
    expected = (LTF.open[5], LTF.high[5], LTF.low[5], LTF.close[5], LTF.volume[5], LTF.ts_open[5], LTF.ts_close[5])
    assert expected == (view.open, view.high, view.low, view.close, view.volume, view.ts_open, view.ts_close)
    assert 6 == len(view.bars)
    assert 1_000.0 == view.equity


def test_a_view_makes_signals_of_known_prices() -> None:
    """A risk that is not known yet gives no signal; of one beyond the price it is for the gate to say that."""
    view = BarView(CLOSED, 5)
    signal = view.with_risk("short", 10.0)
    assert signal is not None
    assert (view.close + 10.0, view.close - 30.0) == (signal.stop_loss, signal.take_profit)
    assert view.with_risk("long", float("nan")) is None
    beyond = view.with_risk("long", 2.0 * view.close)
    assert beyond is not None
    assert -view.close == beyond.stop_loss
