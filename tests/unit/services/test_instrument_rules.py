"""Rules read off prices."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.adapters.storage.json_instruments import JsonInstruments
from tradewright.domain.instrument import Instrument
from tradewright.market.bars import Bars, make_bars
from tradewright.services.instrument_rules import infer_instrument, refine_tick, settle_instrument
from tradewright.testing.candles import MINUTE, START


def _bars(*prices: float) -> Bars:
    column = np.array(prices)
    stamps = START + MINUTE.ns * np.arange(len(prices), dtype=np.int64)
    return make_bars(stamps, (column, column, column, column), np.ones(len(prices)), MINUTE)


@pytest.mark.parametrize(
    ("prices", "tick"),
    [
        ((46_319.0, 46_385.0), "1"),
        ((46_319.5, 46_385.0), "0.1"),
        ((1.0807, 1.08), "0.0001"),
        ((0.00005342, 0.0000534), "0.00000001"),
        ((0.1 + 0.2, 0.3), "0.1"),
        ((1 / 3, 0.5), "0.000000001"),
        ((46_319.123456789,), "0.0001"),
    ],
)
def test_tick_is_the_finest_decimal_and_not_the_noise(prices, tick):
    """Binary fractions are seen through; what has no end is cut at nine digits."""
    assert tick == infer_instrument("BTC/USDT", "binance", _bars(*prices)).tick_size


def test_lot_and_least_order_follow_price_and_currency():
    """A lot is worth at most a fiftieth of the least order; least orders differ by currency."""
    btc = infer_instrument("BTC/USDT:USDT", "binance", _bars(46_319.0))
    ada = infer_instrument("ADA/BTC", "binance", _bars(0.00005342))
    odd = infer_instrument("ADA/XYZ", "binance", _bars(0.5))
    assert (("0.000001", 5.0), ("0.01", 0.0001), ("0.1", 0.0)) == tuple(
        (item.lot_size, item.min_notional) for item in (btc, ada, odd)
    )
    assert (8, 0) == (btc.funding_hours, ada.funding_hours)
    assert (0.0005, 0.001) == (btc.taker_fee, ada.taker_fee)


def test_a_tick_that_fits_is_kept_and_one_that_does_not_is_refined():
    """A stored tick stays whatever it is, as long as the prices keep it."""
    half = Instrument("BTC/USDT", "binance", tick_size="0.5")
    assert half is refine_tick(half, _bars(100.0, 100.5))
    assert "0.01" == refine_tick(half, _bars(100.25)).tick_size
    fine = Instrument("BTC/USDT", "binance", tick_size="0.005")
    assert "0.001" == refine_tick(fine, _bars(100.1, 100.001)).tick_size


def test_settle_keeps_a_stored_instrument_and_says_what_it_changes(tmp_path):
    """Inferred, refined or untouched: what is done is said, and nothing is said where nothing is done."""
    store = JsonInstruments(tmp_path)
    _, notes = settle_instrument(store, "BTC/USDT", "binance", _bars(100.5))
    assert "tick size 0.1 is inferred" in notes[0]
    assert () == settle_instrument(store, "BTC/USDT", "binance", _bars(100.1))[1]
    edited = Instrument("BTC/USDT", "binance", tick_size="0.1", taker_fee=0.002)
    store.save(edited)
    refined, notes = settle_instrument(store, "BTC/USDT", "binance", _bars(100.25))
    assert ("0.01", 0.002) == (refined.tick_size, refined.taker_fee)
    assert "tick size refined from 0.1 to 0.01" in notes[0]
    assert refined == store.load("binance", "BTC/USDT")
