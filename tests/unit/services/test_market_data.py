"""What the rest of the program is given."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tradewright.adapters.storage.json_instruments import JsonInstruments
from tradewright.adapters.storage.parquet_candles import ParquetCandles
from tradewright.adapters.storage.parquet_funding import ParquetFunding
from tradewright.bootstrap.settings import Settings
from tradewright.bootstrap.wiring import market_data
from tradewright.domain.errors import DataError, StoreError
from tradewright.domain.instrument import Instrument
from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import Bars
from tradewright.market.merge import MarkedBars, make_marked, take
from tradewright.ports.candle_store import CandleKey
from tradewright.testing.candles import MINUTE, START, some_bars

SYMBOL = "BTC/USDT:USDT"
FIVE, FIFTEEN = Timeframe.parse("5m"), Timeframe.parse("15m")


@pytest.fixture
def source(tmp_path):
    """Market data over an empty folder, whose instrument has a tick of a quarter."""
    JsonInstruments(tmp_path / "instruments").save(Instrument(SYMBOL, "binance", tick_size="0.25"))
    return market_data(Settings(tmp_path))


def _store(tmp_path, bars: Bars, timeframe: Timeframe, filled=None) -> None:
    ParquetCandles(tmp_path / "candles").save(CandleKey("binance", SYMBOL, timeframe), make_marked(bars, filled))


def test_load_takes_the_stored_timeframe_itself(source, tmp_path):
    """What is stored at the length asked for is not made of anything else."""
    _store(tmp_path, some_bars(60), MINUTE)
    _store(tmp_path, some_bars(4, FIFTEEN), FIFTEEN)
    loaded = source.load("binance", SYMBOL, FIFTEEN)
    assert (FIFTEEN, 4) == (loaded.source_timeframe, len(loaded.bars.ts_open))


def test_load_makes_bars_of_the_longest_that_divide(source, tmp_path):
    """Fifteen minutes are made of five, not of one, where both are there."""
    _store(tmp_path, some_bars(60), MINUTE)
    _store(tmp_path, some_bars(12, FIVE), FIVE)
    loaded = source.load("binance", SYMBOL, FIFTEEN)
    assert (FIFTEEN, FIVE) == (loaded.timeframe, loaded.source_timeframe)
    assert [102.5, 105.5, 108.5, 111.5] == loaded.bars.close.tolist()


def test_load_snaps_prices_to_the_tick(source, tmp_path):
    """A price is a whole number of ticks, computed as ticks * num / den."""
    bars = some_bars(1)
    bars.close[0] = 100.6
    _store(tmp_path, bars, MINUTE)
    assert [100.5] == source.load("binance", SYMBOL, MINUTE).bars.close.tolist()


def test_load_keeps_whole_bars_inside_the_range(source, tmp_path):
    """Bars open at or after the start and close at or before the end, also when they are made of shorter ones."""
    _store(tmp_path, some_bars(60), MINUTE)
    loaded = source.load("binance", SYMBOL, FIFTEEN, START + 1, START + 46 * MINUTE.ns)
    assert [START + 15 * MINUTE.ns, START + 30 * MINUTE.ns] == loaded.bars.ts_open.tolist()


def test_load_names_missing_bars_and_counts_filled_ones(source, tmp_path):
    """Holes of the source are named at its own length; a bar that rests on an invented one is counted once."""
    rows = np.delete(np.arange(60), [7, 8, 40])
    filled = np.isin(rows, [16, 17, 50])
    _store(tmp_path, take(some_bars(60), rows), MINUTE, filled)
    loaded = source.load("binance", SYMBOL, FIFTEEN)
    assert tuple(START + i * MINUTE.ns for i in (7, 8, 40)) == loaded.missing
    assert 2 == loaded.filled
    part = source.load("binance", SYMBOL, FIFTEEN, START + 15 * MINUTE.ns, START + 30 * MINUTE.ns)
    assert ((), 1) == (part.missing, part.filled)


def test_fingerprint_follows_the_data_and_nothing_else(source, tmp_path):
    """The same bars have the same fingerprint, another price another one."""
    _store(tmp_path, some_bars(5), MINUTE)
    first = source.load("binance", SYMBOL, MINUTE).fingerprint
    assert first == source.load("binance", SYMBOL, MINUTE).fingerprint
    other = some_bars(5)
    other.volume[4] += 1
    _store(tmp_path, other, MINUTE)
    assert first != source.load("binance", SYMBOL, MINUTE).fingerprint


def test_load_of_what_is_not_there_says_what_is_and_how_to_get_it(source, tmp_path):
    """The message names what is stored and the command that would help."""
    with pytest.raises(DataError, match="stored: nothing; import some: tradewright data import FILE --venue binance"):
        source.load("binance", SYMBOL, MINUTE)
    _store(tmp_path, some_bars(5, FIVE), FIVE)
    with pytest.raises(DataError, match=r"no candles for BTC/USDT:USDT 1m .* stored: BTC/USDT:USDT 5m on binance"):
        source.load("binance", SYMBOL, MINUTE)
    with pytest.raises(DataError, match="no whole 5m bar from 2024-01-01T01:00:00Z to the last; stored: 2024-01-01T00"):
        source.load("binance", SYMBOL, FIVE, START + 60 * MINUTE.ns)


def test_load_of_damaged_bars_is_refused(source, tmp_path):
    """Bars that a check finds fault with reach nobody."""
    bars = some_bars(5)
    bars.high[3] = 1.0
    _store(tmp_path, bars, MINUTE)
    with pytest.raises(DataError, match=r"1 high below low \(first: row 4, .*run data repair"):
        source.load("binance", SYMBOL, MINUTE)


def test_load_without_the_rules_of_the_instrument_is_refused(source, tmp_path):
    """Without a tick there are no prices."""
    _store(tmp_path, some_bars(5), MINUTE)
    (tmp_path / "instruments/binance/BTC-USDT-USDT.json").unlink()
    with pytest.raises(StoreError, match="the rules of BTC/USDT:USDT on binance are not stored"):
        source.load("binance", SYMBOL, MINUTE)


def test_funding_is_cut_to_the_range_and_none_where_nothing_is_known(source, tmp_path):
    """Payments from start to end, both included; no file is not the same as no payment."""
    assert source.funding("binance", SYMBOL) is None
    hours = START + np.arange(4, dtype=np.int64) * 8 * 3_600 * 10**9
    ParquetFunding(tmp_path / "funding").save("binance", SYMBOL, hours, np.array([1e-4, 2e-4, 3e-4, 4e-4]))
    found = source.funding("binance", SYMBOL, int(hours[1]), int(hours[2]))
    assert found is not None
    assert ([2e-4, 3e-4], hours[1:3].tolist()) == (found[1].tolist(), found[0].tolist())


def test_list_describes_each_series(source, tmp_path):
    """Kind, range, holes and invented bars of everything that is stored."""
    assert () == source.list()
    marked = MarkedBars(take(some_bars(5), np.array([0, 1, 4])), np.array([False, True, False]))
    _store(tmp_path, marked.bars, MINUTE, marked.filled)
    ParquetFunding(tmp_path / "funding").save("binance", SYMBOL, np.array([START], np.int64), np.array([0.0]))
    candles, funding = source.list()
    assert ("candles", "1m", 3, START, START + 4 * MINUTE.ns, 2, 1) == (
        candles.kind,
        candles.timeframe,
        candles.count,
        candles.first,
        candles.last,
        candles.missing,
        candles.filled,
    )
    assert ("funding", "", 1) == (funding.kind, funding.timeframe, funding.count)
    assert [CandleKey("binance", SYMBOL, MINUTE)] == list(source.keys())


def _store_marks(tmp_path, bars: Bars, timeframe: Timeframe) -> None:
    ParquetCandles(tmp_path / "mark").save(CandleKey("binance", SYMBOL, timeframe), make_marked(bars))


@pytest.mark.rule("M-10")
def test_marks_are_made_of_the_longest_that_divide_and_keep_their_digits(source, tmp_path):
    """Marks are finer than the tick; who compares cuts them off."""
    bars = some_bars(60)
    bars.open[0] = 100.1
    _store_marks(tmp_path, bars, MINUTE)
    marks = source.marks("binance", SYMBOL, FIFTEEN)
    assert (4, 100.1) == (len(marks.ts_open), marks.open[0])
    assert 3 == len(source.marks("binance", SYMBOL, FIFTEEN, START + FIFTEEN.ns).ts_open)


@pytest.mark.rule("M-10")
def test_marks_that_are_absent_too_coarse_or_of_another_time_are_none(source, tmp_path):
    """A mark cannot be made finer than it was recorded."""
    assert source.marks("binance", SYMBOL, MINUTE) is None
    _store_marks(tmp_path, some_bars(4, FIFTEEN), FIFTEEN)
    assert source.marks("binance", SYMBOL, MINUTE) is None
    assert source.marks("binance", SYMBOL, FIFTEEN, START + 10 * FIFTEEN.ns) is None


def test_damaged_marks_are_an_error(source, tmp_path):
    """What cannot be believed is not used, and the message says what is wrong."""
    bars = some_bars(4)
    bars.high[1] = bars.low[1] - 1.0
    _store_marks(tmp_path, bars, MINUTE)
    with pytest.raises(DataError, match="marks of BTC/USDT:USDT 1m on binance"):
        source.marks("binance", SYMBOL, MINUTE)


@pytest.mark.rule("A-5")
def test_finer_bars_are_the_shortest_that_divide_and_are_read_in_blocks(source, tmp_path, monkeypatch):
    """Minutes, not fives, for a quarter; a block serves what follows it; none are shorter than the shortest."""
    _store(tmp_path, some_bars(60), MINUTE)
    _store(tmp_path, some_bars(12, FIVE), FIVE)
    finer = source.finer("binance", SYMBOL, FIFTEEN)
    reads = []
    load = ParquetCandles.load
    monkeypatch.setattr(ParquetCandles, "load", lambda self, key, *span: reads.append(span) or load(self, key, *span))

    stamps = [finer.between(START + k * FIFTEEN.ns, START + (k + 1) * FIFTEEN.ns).ts_open for k in (0, 1, 3)]
    assert [START, START + 15 * MINUTE.ns, START + 45 * MINUTE.ns] == [int(ts[0]) for ts in stamps]
    assert [15, 15, 15] == [len(ts) for ts in stamps]
    assert ("1m", 1) == (finer.timeframe, len(reads))
    assert 0 == len(finer.between(START + 100 * FIFTEEN.ns, START + 101 * FIFTEEN.ns).ts_open)
    assert source.finer("binance", SYMBOL, MINUTE) is None


@pytest.mark.rule("A-5")
def test_damaged_finer_bars_are_an_error_when_they_are_read(source, tmp_path):
    """A run does not go on with bars that cannot be."""
    bars = some_bars(60)
    bars.low[7] = 1_000.0
    _store(tmp_path, bars, MINUTE)
    with pytest.raises(DataError, match="run data repair"):
        source.finer("binance", SYMBOL, FIVE).between(START, START + FIVE.ns)


@pytest.mark.parametrize("kind", ["candles", "mark"])
def test_a_stretch_is_what_was_given_of_it_whatever_its_edges_lack(source, tmp_path, kind):
    """A bar of three whose first or last minute is missing stands inside the data: it is whole, read alone or not."""
    there = np.setdiff1d(np.arange(60), [15, 16, 29, 30, 44])
    (_store if kind == "candles" else _store_marks)(tmp_path, take(some_bars(60), there), MINUTE)
    given = (
        source.load("binance", SYMBOL, FIFTEEN).bars if kind == "candles" else source.marks("binance", SYMBOL, FIFTEEN)
    )
    load = source.stretches(kind, CandleKey("binance", SYMBOL, FIFTEEN), given)

    edges = START + FIFTEEN.ns * np.arange(-1, 6)
    parts = [load(int(start), int(end)) for start, end in pairwise(edges)]
    assert [0, 1, 1, 1, 1, 0] == [part.close.size for part in parts]
    for name in Bars._fields:
        assert getattr(given, name).tolist() == np.concatenate([getattr(part, name) for part in parts]).tolist()


def test_a_stretch_of_what_is_gone_is_an_error(source, tmp_path):
    """Nothing is made up in its place."""
    _store(tmp_path, some_bars(4), MINUTE)
    given = source.load("binance", SYMBOL, MINUTE).bars
    with pytest.raises(StoreError, match="the mark of BTC/USDT:USDT 1m on binance are not stored any more"):
        source.stretches("mark", CandleKey("binance", SYMBOL, MINUTE), given)
