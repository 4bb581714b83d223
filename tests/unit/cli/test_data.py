"""The data commands, as a person uses them."""

from __future__ import annotations

import json

import pytest

from tradewright.bootstrap.settings import DATA_DIR
from tradewright.cli.main import main
from tradewright.testing.candles import candle_csv, folder_bytes

BTC = ("--venue", "binance", "--instrument", "BTC/USDT:USDT", "--timeframe", "1m")


@pytest.fixture
def desk(tmp_path, monkeypatch, capsys):
    """A data folder, and a function that runs a command and gives what it printed, at 80 columns."""
    monkeypatch.setenv(DATA_DIR, str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "80")

    def ask(*arguments: str) -> str:
        capsys.readouterr()
        code = main(["data", *arguments])
        told = capsys.readouterr()
        assert (0, "") == (code, told.err)
        return told.out

    return ask


def _file(tmp_path, text: str) -> str:
    path = tmp_path / "bars.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_import_says_what_it_read_and_did(desk, tmp_path):
    """Columns, convention, assumptions, counts: each in words."""
    told = desk("import", _file(tmp_path, candle_csv()), *BTC)
    for line in (
        "columns: time = open_time",
        "stamps: a row's time is its bar's open",
        "note: volume is taken as base currency",
        "note: tick size 0.1 is inferred from the prices",
        "5 rows: 5 new, 0 known",
    ):
        assert line in told
    assert "5 rows: 0 new, 5 known" in desk("import", _file(tmp_path, candle_csv()), *BTC)


def test_import_goes_on_where_the_last_one_ended(desk, tmp_path):
    """A longer file adds what is new; overlapping rows are counted, not doubled."""
    desk("import", _file(tmp_path, candle_csv(5)), *BTC)
    assert "8 rows: 3 new, 5 known" in desk("import", _file(tmp_path, candle_csv(8)), *BTC)


def test_import_repairs_on_request_and_names_each_thing(desk, tmp_path):
    """A broken row is dropped with its reason, and the hole it leaves is told."""
    broken = candle_csv().replace("102,104,101", "102,104,0")
    told = desk("import", _file(tmp_path, broken), *BTC, "--repair")
    assert "dropped (non-positive price)  2024-01-01T00:02:00Z" in told
    assert "1 bars are missing in 1 gaps; nothing was invented" in told


def test_import_replaces_on_request_and_counts(desk, tmp_path):
    """With --replace-conflicts the new bars win."""
    desk("import", _file(tmp_path, candle_csv()), *BTC)
    told = desk("import", _file(tmp_path, candle_csv().replace("100.5,1", "101,1")), *BTC, "--replace-conflicts")
    assert "5 rows: 0 new, 4 known, 1 replaced" in told


def test_funding_is_merged_and_replaced_on_request(desk, tmp_path, capsys):
    """Rates are added to what is there; another rate for a known hour needs --replace-conflicts."""
    where = ("--venue", "binance", "--instrument", "BTC/USDT:USDT", "--kind", "funding")
    first = "funding_time,rate\n1704067200000,0.0001\n1704096000000,0.0002\n"
    assert "2 rows: 2 new, 0 known" in desk("import", _file(tmp_path, first), *where)
    other = _file(tmp_path, first.replace("0.0002", "0.0003"))
    assert 2 == main(["data", "import", other, *where])
    assert "1 stored rates differ from the new ones, the first at 2024-01-01T08:00:00Z" in capsys.readouterr().err
    assert "2 rows: 0 new, 1 known, 1 replaced" in desk("import", other, *where, "--replace-conflicts")


def test_synth_is_the_same_market_each_time(desk, tmp_path):
    """Made up once and again, the folder is the same to the byte; another seed takes its place only on request."""
    wish = ("synth", "--instrument", "BTC/USDT:USDT", "--days", "2")
    assert "2,880 bars, 2024-01-01T00:00:00Z to" in desk(*wish)
    before = folder_bytes(tmp_path / "data")
    assert "stored already" in desk(*wish)
    assert before == folder_bytes(tmp_path / "data")
    told = json.loads(desk(*wish, "--seed", "8", "--replace", "--json"))
    assert (2_880, "0.1") == (told["added"], told["instrument"]["tick_size"])
    assert before != folder_bytes(tmp_path / "data")


def test_list_tells_what_is_there_or_how_to_begin(desk, tmp_path):
    """An empty folder says what to do; a full one is a table that fits 80 columns."""
    assert "nothing is stored yet; see: tradewright data import --help" in desk("list")
    assert [] == json.loads(desk("list", "--json"))
    desk("import", _file(tmp_path, candle_csv()), *BTC)
    lines = desk("list").splitlines()
    assert max(len(line) for line in lines) <= 80
    assert any("BTC/USDT:USDT  1m" in line and "2024-01-01" in line for line in lines)
    assert ["1m"] == [line["timeframe"] for line in json.loads(desk("list", "--json"))]


def test_check_and_repair_name_missing_and_filled_bars(desk, tmp_path):
    """What is missing is named; repair leaves it alone, --fill closes it and marks it, and the inventory says so."""
    lines = candle_csv().splitlines()
    desk("import", _file(tmp_path, "\n".join((*lines[:3], *lines[4:]))), *BTC)
    assert "missing  2024-01-01T00:02:00Z" in desk("check")
    assert "nothing to repair" in desk("repair")
    assert "filled with the previous close (missing)  2024-01-01T00:02:00Z" in desk("repair", "--fill")
    assert "filled  2024-01-01T00:02:00Z" in desk("check")
    assert "1 bars of BTC/USDT:USDT 1m on binance are filled, not real" in desk("list")


def test_a_real_bar_takes_the_place_of_a_filled_one(desk, tmp_path):
    """When the missing bar turns up, an import puts it where the invented one stood."""
    lines = candle_csv().splitlines()
    desk("import", _file(tmp_path, "\n".join((*lines[:3], *lines[4:]))), *BTC)
    desk("repair", "--fill")
    assert "5 rows: 0 new, 4 known, 1 in place of filled ones" in desk("import", _file(tmp_path, candle_csv()), *BTC)
    (series,) = json.loads(desk("check", "--json"))
    assert ([], []) == (series["missing"], series["filled"])


def test_long_lists_are_cut_on_the_screen_and_whole_in_json(desk, tmp_path):
    """Two hundred lines are shown; JSON has them all."""
    lines = candle_csv(300).splitlines()
    desk("import", _file(tmp_path, "\n".join((*lines[:20], *lines[280:]))), *BTC)
    assert "… and 60 more; --json names them all" in desk("check")
    assert 260 == len(json.loads(desk("check", "--json"))[0]["missing"])
