"""Foreign files: what is understood, how, and what is said about it."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

from tradewright.adapters.storage.candle_files import TableFiles
from tradewright.domain.errors import DataError
from tradewright.domain.timeframe import Timeframe
from tradewright.ports.candle_files import ReadOptions
from tradewright.testing.candles import MINUTE, START, candle_csv, some_bars

OPTIONS = ReadOptions(MINUTE, base="BTC", quote="USDT")
SECOND = 10**9


def _read(tmp_path, text: str, options: ReadOptions = OPTIONS, name: str = "bars.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return TableFiles().candles(path, options)


def _rows(*stamps: object, header: str = "open_time,open,high,low,close,volume") -> str:
    return "\n".join((header, *(f"{stamp},100,102,99,100.5,1" for stamp in stamps))) + "\n"


@pytest.mark.parametrize(
    ("header", "stamp"),
    [
        ("open_time,open,high,low,close,volume", "open"),
        ("Open Time,Open,High,Low,Close,Volume BTC", "open"),
        ("ts_open,o,h,l,c,v", "open"),
        ("start,open_price,high_price,low_price,close_price,base_volume", "open"),
    ],
)
def test_candles_are_read_under_the_names_that_are_in_use(tmp_path, header, stamp):
    """Names differ by file; the columns that were taken are told."""
    table = _read(tmp_path, candle_csv(header=header))
    assert (stamp, dict(zip(("time", "open", "high", "low", "close", "volume"), header.split(","), strict=True))) == (
        table.stamp,
        table.columns,
    )
    assert all(np.array_equal(a, b) for a, b in zip(some_bars(5), table.bars, strict=True))


def test_close_stamps_are_moved_back_by_one_bar(tmp_path):
    """A row stamped with its close opened one timeframe earlier."""
    table = _read(tmp_path, candle_csv(header="close_time,open,high,low,close,volume"))
    assert ("close", START - MINUTE.ns) == (table.stamp, table.bars.ts_open[0])


def test_a_chosen_convention_picks_the_column_that_says_so(tmp_path):
    """With an open and a close time in the file, --stamp close reads the close time; both give the same bars."""
    text = "open_time,close_time,open,high,low,close,volume\n1704067200000,1704067259999,1,1,1,1,1\n"
    by_open = _read(tmp_path, text)
    by_close = _read(tmp_path, text, ReadOptions(MINUTE, stamp="close"))
    assert ("open_time", "close_time") == (by_open.columns["time"], by_close.columns["time"])
    assert [START] == by_open.bars.ts_open.tolist() == by_close.bars.ts_open.tolist()


def test_klines_without_a_header_are_known_by_their_twelve_columns(tmp_path):
    """The venue's own downloads have no header line."""
    text = "1704067200000,100,102,99,100.5,7,1704067259999,700,12,3,300,0\n"
    table = _read(tmp_path, text)
    assert (START, 102.0, 7.0) == (table.bars.ts_open[0], table.bars.high[0], table.bars.volume[0])


@pytest.mark.parametrize(
    "stamps",
    [
        (1704067200, 1704067260),
        ("1704067200.0", "1704067260.0"),
        (1704067200000, 1704067260000),
        (1704067200000000, 1704067260000000),
        (1704067200000000000, 1704067260000000000),
        ("2024-01-01", "2024-01-01 00:01"),
        ("2024-01-01 00:00:00.000000", "2024-01-01 00:01:00.000000"),
        ("2024-01-01T00:00:00Z", "2024-01-01T00:01:00Z"),
        ("2024-01-01 00:00:00 UTC", "2024-01-01 00:01:00 UTC"),
        ("2024-01-01T02:00:00+02:00", "2024-01-01T02:01:00+0200"),
        ("2023-12-31T18:30:00-05:30", "2023-12-31T18:31:00-05:30"),
    ],
)
def test_times_are_read_in_any_unit_and_notation(tmp_path, stamps):
    """Seconds to nanoseconds by magnitude, ISO text with and without zone: all are the same instants."""
    assert [START, START + MINUTE.ns] == _read(tmp_path, _rows(*stamps)).bars.ts_open.tolist()


def test_a_time_without_zone_is_utc_and_that_is_said(tmp_path):
    """What is assumed is told; what is stated needs no note."""
    bare = _read(tmp_path, _rows("2024-01-01 00:00", "2024-01-01 00:01"))
    assert "column 'open_time' has no time zone: taken as UTC" in bare.notes
    assert not any("time zone" in note for note in _read(tmp_path, candle_csv()).notes)


def test_a_unit_in_doubt_can_be_given(tmp_path):
    """A stamp that could be two things is what the user says it is."""
    hour = ReadOptions(Timeframe.parse("1h"), time_unit="ms")
    assert 86_400 * SECOND == _read(tmp_path, _rows(86_400_000, 90_000_000), hour).bars.ts_open[0]


def test_stamps_a_hair_off_the_grid_are_moved_and_that_is_said(tmp_path):
    """Some milliseconds are the recorder's; they are moved onto the grid and counted."""
    table = _read(tmp_path, _rows(1704067200017, 1704067260000))
    assert [START, START + MINUTE.ns] == table.bars.ts_open.tolist()
    assert "1 stamps stood up to 17 ms beside the grid and were moved onto it" in table.notes


@pytest.mark.parametrize(
    ("header", "options"),
    [
        ("open_time,open,high,low,close,volume", ReadOptions(MINUTE, volume_unit="quote")),
        ("open_time,open,high,low,close,quote_volume", OPTIONS),
        ("open_time,open,high,low,close,Volume USDT", OPTIONS),
    ],
)
def test_volume_in_quote_currency_is_turned_into_base(tmp_path, header, options):
    """Quote volume is divided by the typical price of the bar, whether an option or the name says that it is quote."""
    table = _read(tmp_path, candle_csv(header=header), options)
    assert pytest.approx(1.0 / ((102.0 + 99.0 + 100.5) / 3), rel=1e-15) == table.bars.volume[0]
    assert any("divided by the typical price" in note for note in table.notes)


def test_base_volume_is_taken_where_both_are_there(tmp_path):
    """Two volumes whose names say which is which are not ambiguous."""
    text = "open_time,open,high,low,close,volume,quote_volume\n1704067200,100,102,99,100.5,2,200\n"
    assert [2.0] == _read(tmp_path, text).bars.volume.tolist()


def test_named_columns_are_used_as_told(tmp_path):
    """--column settles names that nobody could guess."""
    options = ReadOptions(MINUTE, stamp="open", columns={"time": "wann", "close": "px"})
    table = _read(tmp_path, candle_csv(header="wann,open,high,low,px,volume"), options)
    assert ("wann", "px") == (table.columns["time"], table.columns["close"])


def test_semicolons_tabs_and_compression_are_read(tmp_path):
    """Other separators and a packed file give the same rows."""
    want = _read(tmp_path, candle_csv()).bars.close.tolist()
    assert want == _read(tmp_path, candle_csv().replace(",", ";")).bars.close.tolist()
    assert want == _read(tmp_path, candle_csv().replace(",", "\t"), name="bars.tsv").bars.close.tolist()
    packed = tmp_path / "bars.csv.gz"
    packed.write_bytes(gzip.compress(candle_csv().encode()))
    assert want == TableFiles().candles(packed, OPTIONS).bars.close.tolist()


@pytest.mark.parametrize(
    "times",
    [
        [datetime(2024, 1, 1, tzinfo=UTC)],
        [datetime(2024, 1, 1)],  # noqa: DTZ001 - files have such times
        [datetime(2024, 1, 1).date()],  # noqa: DTZ001 - the same
        [1704067200],
        ["2024-01-01"],
    ],
)
def test_parquet_times_are_read_in_any_type(tmp_path, times):
    """Date, time with and without zone, number and text are the same instant."""
    columns = {"open_time": times, "open": [1], "high": [1], "low": [1], "close": [1], "volume": [0.5]}
    path = tmp_path / "bars.parquet"
    pl.DataFrame(columns).write_parquet(path)
    assert [START] == TableFiles().candles(path, OPTIONS).bars.ts_open.tolist()


def test_mark_prices_need_no_volume(tmp_path):
    """Mark prices are read without a volume, which is then nought."""
    text = "open_time,open,high,low,close\n1704067200,100,102,99,100.5\n"
    assert [0.0] == _read(tmp_path, text, ReadOptions(MINUTE, needs_volume=False)).bars.volume.tolist()


def test_an_error_in_a_file_names_the_file(tmp_path):
    """With many files at hand, the message says which one it is."""
    with pytest.raises(DataError, match=r"^odd\.csv: no column for 'open'"):
        _read(tmp_path, "open_time,high,low,close,volume\n1704067200,1,1,1,1\n", name="odd.csv")


@pytest.mark.parametrize(
    ("header", "row", "roles"),
    [
        ("open_time,spread", "0.5", {"spread"}),
        ("open_time,bid,ask", "100.1,100.6", {"bid", "ask"}),
        ("open_time,open,high,low,close", "0.5,0.7,0.4,0.6", {"open", "high", "low", "close"}),
    ],
)
def test_a_spread_is_one_column_or_two_or_has_the_form_of_candles(tmp_path, header, row, roles):
    """Bid and ask are subtracted, without the noise of the difference."""
    text = "\n".join((header, *(f"{START // SECOND + 60 * n},{row}" for n in range(3)))) + "\n"
    table = _read(tmp_path, text, ReadOptions(MINUTE, needs_volume=False, is_spread=True))

    assert roles | {"time"} == set(table.columns)
    assert [0.5] * 3 == table.bars.open.tolist()
