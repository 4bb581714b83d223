"""The recorded files, through the door a user takes."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tradewright.adapters.storage.candle_files import TableFiles
from tradewright.bootstrap.settings import DATA_DIR, Settings
from tradewright.bootstrap.wiring import market_data
from tradewright.cli.main import main
from tradewright.domain.timeframe import Timeframe
from tradewright.domain.times import parse_time
from tradewright.market.stamps import volume_evidence
from tradewright.ports.candle_files import ReadOptions
from tradewright.testing.candles import folder_bytes

pytestmark = pytest.mark.real_data

BTC, XRP = "BTC/USDT:USDT", "XRP/USDT:USDT"
CLOSE_STAMPED = ("--stamp", "close", "--volume-unit", "quote")


@pytest.fixture
def data_dir(tmp_path, monkeypatch):
    """An empty data folder."""
    monkeypatch.setenv(DATA_DIR, str(tmp_path / "data"))
    return tmp_path / "data"


def _json(capsys, *arguments: str):
    capsys.readouterr()
    assert 0 == main(["data", *arguments, "--json"])
    return json.loads(capsys.readouterr().out)


def _import(capsys, path, symbol: str, timeframe: str, *options: str):
    where = ("--venue", "binance", "--instrument", symbol, "--timeframe", timeframe)
    return _json(capsys, "import", str(path), *where, *options)


@pytest.mark.parametrize(
    ("file", "symbol", "timeframe", "options", "rows", "missing"),
    [
        ("adabtc-spot-5m.parquet", "ADA/BTC", "5m", (), 5_720, 40),
        ("dashbtc-spot-5m.parquet", "DASH/BTC", "5m", (), 5_758, 2),
        ("nxtbtc-spot-5m.parquet", "NXT/BTC", "5m", (), 5_760, 0),
        ("trxbtc-spot-5m.parquet", "TRX/BTC", "5m", (), 5_754, 6),
        ("xlmbtc-spot-5m.parquet", "XLM/BTC", "5m", (), 5_760, 0),
        ("xmrbtc-spot-5m.parquet", "XMR/BTC", "5m", (), 5_758, 2),
        ("unnamed-btc-spot-1m.parquet", "ABC/BTC", "1m", (), 13_681, 717),
        ("btcusd-perp-1m.csv", BTC, "1m", CLOSE_STAMPED, 45_031, 0),
        ("xrpusdt-perp-5m.parquet", XRP, "5m", (), 1_999, 0),
        ("xrpusdt-perp-1h.parquet", XRP, "1h", (), 100, 0),
        ("xrpusdt-perp-1h-mark.parquet", XRP, "1h", ("--kind", "mark"), 100, 0),
    ],
)
def test_import_of_a_recorded_file_is_sound_and_names_what_is_missing(
    real_data, data_dir, capsys, file, symbol, timeframe, options, rows, missing
):
    """Each recorded file is imported whole, its missing bars are counted, and a second import changes nothing."""
    report = _import(capsys, real_data / "bars" / file, symbol, timeframe, *options)
    assert (rows, rows, missing) == (report["rows"], report["added"], len(report["quality"]["missing"]))
    assert {} == report["quality"]["faults"]
    before = folder_bytes(data_dir)
    again = _import(capsys, real_data / "bars" / file, symbol, timeframe, *options)
    assert (0, rows) == (again["added"], again["same"])
    assert before == folder_bytes(data_dir)


def test_check_names_the_forty_missing_bars_one_by_one_and_repair_marks_what_it_fills(real_data, data_dir, capsys):
    """The forty missing bars are those of the outage of 15 January 2018; filled, they are flat, empty and marked."""
    path = real_data / "bars" / "adabtc-spot-5m.parquet"
    _import(capsys, path, "ADA/BTC", "5m")
    (checked,) = _json(capsys, "check", "--instrument", "ADA/BTC")
    known = set(TableFiles().candles(path, ReadOptions(Timeframe.parse("5m"))).bars.ts_open.tolist())
    span = range(min(known), max(known), 300 * 10**9)
    assert [ts for ts in span if ts not in known] == [parse_time(text) for text in checked["missing"]]
    assert 40 == len(set(checked["missing"]))
    assert ("2018-01-15T10:10:00Z", "2018-01-15T14:40:00Z") == (checked["missing"][0], checked["missing"][-1])
    assert [] == checked["filled"]

    (untouched,) = _json(capsys, "repair", "--instrument", "ADA/BTC")
    assert ([], 40) == (untouched["actions"], len(untouched["missing"]))
    (mended,) = _json(capsys, "repair", "--instrument", "ADA/BTC", "--fill")
    assert checked["missing"] == [action["ts_open"] for action in mended["actions"]]
    (filled,) = _json(capsys, "check", "--instrument", "ADA/BTC")
    assert ([], checked["missing"]) == (filled["missing"], filled["filled"])
    loaded = market_data(Settings(data_dir)).load("binance", "ADA/BTC", Timeframe.parse("1h"))
    assert 5 == loaded.filled


def test_the_bitcoin_file_is_stamped_at_closes(real_data, data_dir, capsys):
    """Volume bursts and the inflation figure of 12 January 2022, 13:30 UTC, both say: a row's time is its close."""
    path = real_data / "bars" / "btcusd-perp-1m.csv"
    assert 2 == main(["data", "import", str(path), "--venue", "b", "--instrument", BTC, "--timeframe", "1m"])
    assert "the volume pattern points to close" in capsys.readouterr().err
    assert not data_dir.exists()
    table = TableFiles().candles(path, ReadOptions(Timeframe.parse("1m"), stamp="close"))
    minute = parse_time("2022-01-12T13:30:00Z")
    around = np.flatnonzero((table.bars.ts_open >= minute - 5 * 60 * 10**9) & (table.bars.ts_open <= minute))
    spread = table.bars.high[around] - table.bars.low[around]
    assert minute == table.bars.ts_open[around[int(spread.argmax())]]


def test_recorded_open_stamps_of_a_liquid_market_point_to_open(real_data):
    """The same evidence says open where the stamps are known to be opens."""
    five = Timeframe.parse("5m")
    table = TableFiles().candles(real_data / "bars" / "xrpusdt-perp-5m.parquet", ReadOptions(five))
    assert "open" == volume_evidence(table.bars.ts_open, table.bars.volume, five).points_to


def test_a_month_of_bitcoin_is_loaded_at_any_length(real_data, data_dir, capsys):
    """Longer bars are made of the stored minutes; prices stand on the tick; volume is in coins."""
    _import(capsys, real_data / "bars" / "btcusd-perp-1m.csv", BTC, "1m", *CLOSE_STAMPED)
    source = market_data(Settings(data_dir))
    loaded = source.load("binance", BTC, Timeframe.parse("4h"), parse_time("2022-01-01"), parse_time("2022-02-01"))
    assert (186, "1m") == (len(loaded.bars.ts_open), str(loaded.source_timeframe))
    assert () == loaded.missing
    minutes = source.load("binance", BTC, Timeframe.parse("1m"), parse_time("2022-01-01"), parse_time("2022-02-01"))
    assert 31 * 1_440 == len(minutes.bars.ts_open)
    assert loaded.bars.volume.sum() == pytest.approx(minutes.bars.volume.sum(), rel=1e-12)
    num, den = loaded.instrument.tick
    assert (np.rint(minutes.bars.close * den / num) * num / den == minutes.bars.close).all()
    assert (
        minutes.fingerprint
        == source.load(
            "binance", BTC, Timeframe.parse("1m"), parse_time("2022-01-01"), parse_time("2022-02-01")
        ).fingerprint
    )


def test_mark_candles_and_funding_rates_have_their_own_shelves(real_data, data_dir, capsys):
    """Mark prices without volume are refused as candles; rates are moved onto their hours."""
    mark = real_data / "bars" / "xrpusdt-perp-1h-mark.parquet"
    where = ["--venue", "binance", "--instrument", XRP]
    assert 2 == main(["data", "import", str(mark), *where, "--timeframe", "1h"])
    assert "give --kind mark" in capsys.readouterr().err
    _import(capsys, mark, XRP, "1h", "--kind", "mark")
    funding = real_data / "bars" / "xrpusdt-perp-8h-funding.parquet"
    report = _json(capsys, "import", str(funding), *where, "--kind", "funding")
    assert (91, {"time": "ts_open", "rate": "open"}) == (report["added"], report["columns"])
    assert ["funding/binance/XRP-USDT-USDT.parquet", "mark/binance/XRP-USDT-USDT/1h.parquet"] == [
        name for name, content in folder_bytes(data_dir).items() if content
    ]
    rates = market_data(Settings(data_dir)).funding("binance", XRP, parse_time("2021-11-18"), parse_time("2021-11-19"))
    assert rates is not None
    assert [parse_time(f"2021-11-{text}") for text in ("18", "18T08:00", "18T16:00", "19")] == rates[0].tolist()
    assert 0.0001 == rates[1][0]
