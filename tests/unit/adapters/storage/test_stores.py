"""What is on disk is whole or absent, and what is damaged is named."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tradewright.adapters.storage.atomic import replacing
from tradewright.adapters.storage.json_instruments import JsonInstruments
from tradewright.adapters.storage.parquet_candles import ParquetCandles
from tradewright.adapters.storage.parquet_funding import ParquetFunding
from tradewright.domain.errors import DataError, InvalidValue, StoreError
from tradewright.domain.instrument import Instrument
from tradewright.market.merge import MarkedBars, make_marked
from tradewright.ports.candle_store import CandleKey
from tradewright.testing.candles import MINUTE, START, folder_bytes, some_bars

KEY = CandleKey("binance", "BTC/USDT:USDT", MINUTE)


def test_replacing_leaves_the_old_file_where_the_writer_fails(tmp_path):
    """A writer that dies half-way changes nothing and leaves nothing beside."""
    path = tmp_path / "file"
    path.write_text("old", encoding="utf-8")

    def die_half_way() -> None:
        with replacing(path) as temporary:
            temporary.write_text("half", encoding="utf-8")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        die_half_way()
    assert {"file": b"old"} == folder_bytes(tmp_path)


def test_replacing_where_nothing_can_be_written_is_a_store_error(tmp_path):
    """What the system refuses is told in one line with the path."""
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be written"), replacing(tmp_path / "file" / "below"):
        pass


def test_candles_lie_at_a_path_a_person_can_guess(tmp_path):
    """Venue, symbol and timeframe are the path; the columns are those that are documented."""
    store = ParquetCandles(tmp_path)
    store.save(KEY, MarkedBars(some_bars(3), np.array([False, True, False])))
    frame = pl.read_parquet(tmp_path / "binance/BTC-USDT-USDT/1m.parquet")
    assert ["ts_open", "open", "high", "low", "close", "volume", "filled"] == frame.columns
    assert [START, START + MINUTE.ns, START + 2 * MINUTE.ns] == frame["ts_open"].to_list()
    assert [False, True, False] == frame["filled"].to_list()


def test_candles_are_listed_by_key_and_strangers_are_left_alone(tmp_path):
    """Every stored series is found again under its key; a file with another name is nobody's."""
    store = ParquetCandles(tmp_path)
    spot = CandleKey("kraken", "ADA/BTC", MINUTE)
    store.save(spot, make_marked(some_bars(1)))
    store.save(KEY, make_marked(some_bars(1)))
    (tmp_path / "binance/BTC-USDT-USDT/notes.parquet").write_bytes(b"")
    assert (KEY, spot) == store.list()
    store.delete(spot)
    assert (KEY,) == store.list()
    with pytest.raises(StoreError, match="ADA/BTC 1m on kraken is not stored"):
        store.delete(spot)


def test_candles_are_cut_to_the_range_asked_for(tmp_path):
    """From the first open at or after the start to the last close at or before the end."""
    store = ParquetCandles(tmp_path)
    store.save(KEY, make_marked(some_bars(10)))
    got = store.load(KEY, START + 1, START + 5 * MINUTE.ns).bars
    assert [START + i * MINUTE.ns for i in (1, 2, 3, 4)] == got.ts_open.tolist()


def test_conflicting_candles_are_refused_and_replaced_only_on_request(tmp_path):
    """A stored bar is not overwritten by accident."""
    store, other = ParquetCandles(tmp_path), some_bars(3)
    other.close[1] += 0.25
    store.save(KEY, make_marked(some_bars(3)))
    with pytest.raises(DataError, match="1 stored bars differ"):
        store.merge(KEY, make_marked(other))
    assert 101.5 == store.load(KEY).bars.close[1]
    store.merge(KEY, make_marked(other), replace=True)
    assert 101.75 == store.load(KEY).bars.close[1]


def test_candles_with_foreign_columns_or_order_are_named(tmp_path):
    """A file that was changed by hand is refused with the column, or with the way to mend it."""
    store = ParquetCandles(tmp_path)
    store.save(KEY, make_marked(some_bars(3)))
    path = tmp_path / "binance/BTC-USDT-USDT/1m.parquet"
    frame = pl.read_parquet(path)
    frame.reverse().write_parquet(path)
    with pytest.raises(StoreError, match="not in order; run 'tradewright data repair'"):
        store.merge(KEY, make_marked(some_bars(4)))
    frame.drop("filled").write_parquet(path)
    with pytest.raises(StoreError, match="column 'filled' is absent, expected Boolean"):
        store.load(KEY)
    frame.with_columns(close=pl.lit(None, pl.Float64)).write_parquet(path)
    with pytest.raises(StoreError, match="column 'close' has empty rows"):
        store.load(KEY)


def test_a_key_cannot_point_outside_the_store():
    """A venue or symbol that is a path is refused before there is a path."""
    for venue, symbol in (("../x", "BTC/USDT"), ("binance", "../../BTC/USDT")):
        with pytest.raises(InvalidValue):
            CandleKey(venue, symbol, MINUTE)


def test_instruments_are_kept_with_every_field(tmp_path):
    """What was saved is loaded; what was not saved is None."""
    store = JsonInstruments(tmp_path)
    instrument = Instrument("BTC/USDT:USDT", "binance", tick_size="0.1", min_notional=100.0)
    assert store.load("binance", "BTC/USDT:USDT") is None
    store.save(instrument)
    assert instrument == store.load("binance", "BTC/USDT:USDT")


def test_funding_is_kept_and_damage_is_named(tmp_path):
    """Rates come back as they were; a damaged file is named."""
    store = ParquetFunding(tmp_path)
    assert store.load("binance", KEY.symbol) is None
    store.save("binance", KEY.symbol, np.array([START], np.int64), np.array([0.0001]))
    found = store.load("binance", KEY.symbol)
    assert found is not None
    assert ([START], [0.0001]) == (found[0].tolist(), found[1].tolist())
    assert (("binance", KEY.symbol),) == store.list()
    path = tmp_path / "binance/BTC-USDT-USDT.parquet"
    pl.DataFrame({"ts": [START]}).write_parquet(path)
    with pytest.raises(StoreError, match="column 'rate'"):
        store.load("binance", KEY.symbol)
    path.write_bytes(b"no")
    with pytest.raises(StoreError, match="not a readable Parquet file"):
        store.load("binance", KEY.symbol)
