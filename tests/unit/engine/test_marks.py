"""Mark prices on a run's time grid."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tradewright.domain.errors import DataError, InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.feed import Feed
from tradewright.engine.grid import make_grid
from tradewright.engine.marks import check_marks, missing_marks
from tradewright.market.bars import Bars, make_bars

MINUTE = Timeframe.parse("1m")
BTC = Instrument("BTC/USDT:USDT", "test", tick_size="0.5")
ETH = Instrument("ETH/USDT:USDT", "test", tick_size="0.01")


def bars(minutes: list[int], price: float) -> Bars:
    """Bars around a price, at the given minutes."""
    close = np.full(len(minutes), price)
    return make_bars(np.array(minutes) * MINUTE.ns, (close, close + 2.0, close - 2.0, close), close, MINUTE)


@pytest.mark.rule("M-10")
@pytest.mark.parametrize("instruments", [(BTC,), (BTC, ETH)])
def test_without_marks_the_columns_are_the_very_arrays_of_trades(instruments: tuple[Instrument, ...]) -> None:
    """No memory is spent on what is the same."""
    grid = make_grid([Feed(instrument, bars([0, 1], 100.0)) for instrument in instruments])

    for name in ("open", "high", "low", "close"):
        assert getattr(grid, name) is getattr(grid, f"mark_{name}")


@pytest.mark.rule("M-10", "S-2")
def test_mark_stands_at_the_step_of_its_bar_cut_off_to_the_tick() -> None:
    """A mark of 101.4 at a tick of 0.5 is tick 202, never 203; marks beside the run's bars are left out."""
    grid = make_grid([Feed(BTC, bars([1, 2], 100.0), mark=bars([0, 1, 2, 3], 101.4))])

    assert [[202, 202]] == grid.mark_close.tolist() == grid.mark_open.tolist()
    assert [[206, 206]] == grid.mark_high.tolist()
    assert [[200, 200]] == grid.close.tolist()


@pytest.mark.rule("M-10")
def test_bar_without_a_mark_takes_the_prices_of_its_trades() -> None:
    """What is missing is counted, and not invented: the last price stands in."""
    feed = Feed(BTC, bars([0, 1, 2], 100.0), mark=bars([0, 2], 110.0))

    assert [[220, 200, 220]] == make_grid([feed]).mark_close.tolist()
    assert [MINUTE.ns] == missing_marks(feed).tolist()


def test_instrument_without_a_bar_keeps_its_last_mark() -> None:
    """Where nothing trades the mark stands still; an instrument without marks beside one with them has its trades."""
    btc = Feed(BTC, bars([0, 2], 100.0), mark=bars([0, 1, 2], 110.0))
    grid = make_grid([btc, Feed(ETH, bars([0, 1, 2], 10.0))])

    assert [220, 220, 220] == grid.mark_close[0].tolist()
    assert [216, 220, 216] == grid.mark_low[0].tolist()
    assert grid.high[1].tolist() == grid.mark_high[1].tolist()


def test_mark_below_a_tick_is_refused() -> None:
    """A mark of nothing would liquidate everybody."""
    with pytest.raises(InvalidValue, match="mark of BTC/USDT:USDT"):
        make_grid([Feed(BTC, bars([0], 100.0), mark=bars([0], 2.1))])


@pytest.mark.rule("M-10")
def test_marks_that_must_be_recorded_and_are_not_all_there_are_refused_by_name() -> None:
    """The error says how many are missing, of what, and where the first is."""
    feed = Feed(BTC, bars([0, 1, 2], 100.0), mark=bars([0, 2], 110.0))

    with pytest.raises(DataError, match=r"1 of 3 bars of BTC/USDT:USDT have no recorded mark price.*00:01:00"):
        check_marks([feed], "recorded")
    check_marks([feed], "auto")
    check_marks([replace(feed, instrument=Instrument("BTC/USDT", "test"), mark=None)], "recorded")
