"""The time grid of a run."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.errors import DataError, InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.feed import Feed
from tradewright.engine.grid import make_grid
from tradewright.market.bars import empty_bars, make_bars

MINUTE = Timeframe.parse("1m")
BTC = Instrument("BTC/USDT:USDT", "test", tick_size="0.5")
ETH = Instrument("ETH/USDT:USDT", "test", tick_size="0.01")


def feed(instrument: Instrument, minutes: list[int], closes: list[float], timeframe: Timeframe = MINUTE) -> Feed:
    """Bars whose open is the close less one, at the given minutes."""
    close = np.array(closes)
    prices = (close - 1.0, close + 2.0, close - 2.0, close)
    return Feed(instrument, make_bars(np.array(minutes) * MINUTE.ns, prices, np.full(close.size, 1e6), timeframe))


def test_grid_of_one_instrument_holds_its_bars_in_ticks() -> None:
    """A single instrument's grid is its own bars; a price of 100.5 at a tick of 0.5 is tick 201."""
    grid = make_grid([feed(BTC, [0, 1], [100.5, 101.0])])

    assert [[201, 202]] == grid.close.tolist()
    assert [[199, 200]] == grid.open.tolist()
    assert [0, MINUTE.ns] == grid.ts_open.tolist()
    assert grid.has_bar.all()


def test_grid_of_two_instruments_is_the_union_of_their_times() -> None:
    """Where an instrument has no bar its row repeats the last close, and says that there is none."""
    grid = make_grid([feed(BTC, [0, 2], [100.0, 102.0]), feed(ETH, [1, 2], [10.0, 11.0])])

    assert [0, 1, 2] == (grid.ts_open // MINUTE.ns).tolist()
    assert [[True, False, True], [False, True, True]] == grid.has_bar.tolist()
    assert [200, 200, 204] == grid.close[0].tolist()
    assert [196, 200, 200] == grid.low[0].tolist()
    assert [0, 1000, 1100] == grid.close[1].tolist()


def test_steps_of_an_instrument_lead_from_its_bars_to_the_grid() -> None:
    """The second bar of the second instrument stands at the third step."""
    grid = make_grid([feed(BTC, [0, 2], [100.0, 102.0]), feed(ETH, [1, 2], [10.0, 11.0])])

    assert [1, 2] == grid.steps_of(1, np.array([0, 1])).tolist()


def test_grid_without_bars_is_refused() -> None:
    """A range without bars is an error, not an empty result."""
    with pytest.raises(DataError, match="no bars"):
        make_grid([Feed(BTC, empty_bars())])


def test_grid_of_unequal_bar_lengths_is_refused() -> None:
    """Bars of one minute and of five have no common grid."""
    five = Timeframe.parse("5m")
    with pytest.raises(DataError, match="different lengths"):
        make_grid([feed(BTC, [0], [100.0]), feed(ETH, [0], [10.0], five)])


def test_price_below_one_tick_is_refused() -> None:
    """A price that rounds to tick zero names the instrument and its tick."""
    coarse = Instrument("DUST/USDT", "test", tick_size="100")
    with pytest.raises(InvalidValue, match=r"price of DUST/USDT.*at least a tick \(100\)"):
        make_grid([feed(coarse, [0], [30.0])])
