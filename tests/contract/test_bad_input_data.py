"""Bad files and arguments for the data commands: each has its own clear error, and nothing is left behind.

One line a case: what is wrong, the file, the arguments, and what the error must say.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest

from tradewright.bootstrap.settings import DATA_DIR
from tradewright.cli.main import main
from tradewright.testing.candles import candle_csv, folder_bytes

GOOD = candle_csv()
LINES = GOOD.splitlines()
GENERIC = candle_csv(header="timestamp,open,high,low,close,volume")
TO = ("--venue", "binance", "--instrument", "BTC/USDT:USDT", "--timeframe", "1m")
MARKET = ("--venue", "binance", "--instrument", "BTC/USDT:USDT")


def _row(number: int, text: str) -> str:
    return "\n".join((*LINES[:number], text, *LINES[number + 1 :])) + "\n"


def _stamps(*stamps: str, header: str = LINES[0]) -> str:
    return "\n".join((header, *(f"{stamp},100,102,99,100.5,1" for stamp in stamps))) + "\n"


class Case(NamedTuple):
    """One bad input."""

    name: str
    content: str | bytes | None
    arguments: tuple[str, ...]
    said: str
    file: str = "bars.csv"


IMPORTS = [
    Case("no such file", None, TO, "there is no such file"),
    Case("unknown kind of file", GOOD, TO, "neither in .csv nor in .parquet", "bars.xlsx"),
    Case("empty file", "", TO, "is empty"),
    Case("header alone", LINES[0] + "\n", TO, "holds no rows"),
    Case("not a Parquet file", GOOD, TO, "cannot be read", "bars.parquet"),
    Case("not text", b"\xff\xfe\x00\x81\x82\n\x93,\x94\n", TO, "cannot be read"),
    Case("ragged lines", GOOD + "2024-01-01T00:05:00Z,1,2,3,4,5,6,7,8\n", TO, "cannot be read"),
    Case(
        "no header",
        "\n".join(LINES[1:]).replace("2024-01-01T", "").replace(":", "").replace("Z", ""),
        TO,
        "add a header line",
    ),
    Case("a name twice", GOOD.replace("close", "open", 1), TO, "two columns are called 'open'"),
    Case("no high", GOOD.replace("high", "top", 1), TO, "no column for 'high' among"),
    Case("no volume", GOOD.replace("volume", "size", 1), TO, "no volume column among"),
    Case(
        "two closes",
        GOOD.replace("volume", "close_price", 1),
        TO,
        "columns 'close' and 'close_price' could both be the close; give --column close=NAME",
    ),
    Case(
        "two times",
        GOOD.replace("open_time", "date", 1).replace("volume", "time", 1),
        TO,
        "columns 'date' and 'time' could both be the time",
    ),
    Case("stamp not said", GENERIC, TO, "does not say whether it is a bar's open or close"),
    Case("stamp against the name", GOOD, (*TO, "--stamp", "close"), "--stamp close, but column 'open_time' says open"),
    Case("unknown stamp", GENERIC, (*TO, "--stamp", "middle"), "--stamp: 'middle' is not allowed"),
    Case(
        "a word for a price",
        _row(3, "2024-01-01T00:02:00Z,102,104,oops,102.5,3"),
        TO,
        "row 3: column 'low' has 'oops', which is not a number",
    ),
    Case(
        "a price left out", _row(3, "2024-01-01T00:02:00Z,102,104,,102.5,3"), TO, "1 not a finite number (first: row 3,"
    ),
    Case(
        "high below low",
        _row(2, "2024-01-01T00:01:00Z,101,99,102,101.5,2"),
        TO,
        "1 high below low (first: row 2, 2024-01-01T00:01:00Z); give --repair",
    ),
    Case(
        "close above high", _row(2, "2024-01-01T00:01:00Z,101,103,100,104,2"), TO, "1 open or close outside low to high"
    ),
    Case("price of zero", _row(2, "2024-01-01T00:01:00Z,101,103,0,101,2"), TO, "1 non-positive price"),
    Case("negative volume", _row(2, "2024-01-01T00:01:00Z,101,103,100,101,-2"), TO, "1 negative volume"),
    Case("a row twice", _row(2, LINES[1]), TO, "1 duplicate"),
    Case("two bars of one time", _row(2, LINES[1].replace("100.5", "101")), TO, "1 conflicting duplicate"),
    Case("out of order", "\n".join((LINES[0], LINES[2], LINES[1], *LINES[3:])), TO, "1 disorder (first: row 2,"),
    Case("beside the grid", _row(2, LINES[2].replace("00:01:00", "00:01:20")), TO, "1 off-grid stamp"),
    Case("from the future", GOOD.replace("2024-", "2199-"), TO, "5 bar not closed yet"),
    Case("wrong timeframe", GOOD, (*MARKET, "--timeframe", "5m"), "rows are 60 s apart; --timeframe 5m does not fit"),
    Case("no such timeframe", GOOD, (*MARKET, "--timeframe", "7m"), "--timeframe: '7m' is not allowed"),
    Case("timeframe left out", GOOD, MARKET, "--timeframe: None is not allowed"),
    Case(
        "American dates",
        _stamps("01/02/2024 00:00", "01/02/2024 00:01"),
        TO,
        "row 1: column 'open_time' has '01/02/2024 00:00'; expected an ISO time",
    ),
    Case("no such day", _stamps("2024-02-30T00:00:00Z"), TO, "row 1: column 'open_time' has '2024-02-30T00:00:00Z'"),
    Case(
        "time left out",
        _row(2, LINES[2].partition(",")[1] + LINES[2].partition(",")[2]),
        TO,
        "row 2: column 'open_time' is empty",
    ),
    Case("unit in doubt", _stamps("86400000", "86460000"), TO, "the unit is in doubt; give --time-unit"),
    Case("units mixed", _stamps("1704067200000", "1704067260000000"), TO, "the unit is in doubt"),
    Case("unknown unit", _stamps("1704067200"), (*TO, "--time-unit", "h"), "--time-unit: 'h' is not allowed"),
    Case("unknown kind", GOOD, (*TO, "--kind", "trades"), "--kind: 'trades' is not allowed"),
    Case("unknown volume unit", GOOD, (*TO, "--volume-unit", "usd"), "--volume-unit: 'usd' is not allowed"),
    Case("column without role", GOOD, (*TO, "--column", "px"), "--column: 'px' is not allowed; give role=name"),
    Case("unknown role", GOOD, (*TO, "--column", "price=close"), "--column: 'price=close' is not allowed"),
    Case("unknown column", GOOD, (*TO, "--column", "close=clos"), "column 'clos' is unknown; did you mean 'close'?"),
    Case("a role twice", GOOD, (*TO, "--column", "close=low", "--column", "close=high"), "the role close once"),
    Case(
        "not a symbol",
        GOOD,
        ("--venue", "binance", "--instrument", "BTCUSDT", "--timeframe", "1m"),
        "instrument: 'BTCUSDT' is not allowed",
    ),
    Case(
        "a path for a venue",
        GOOD,
        ("--venue", "../x", "--instrument", "BTC/USDT", "--timeframe", "1m"),
        "venue: '../x' is not allowed",
    ),
    Case("venue left out", GOOD, ("--instrument", "BTC/USDT"), "Missing option '--venue'"),
    Case(
        "against what is stored",
        GOOD.replace("100.5,1\n", "101,1\n", 1),
        TO,
        "1 stored bars differ from the new ones, the first at 2024-01-01T00:00:00Z",
    ),
    Case("nothing left to repair", _stamps("2199-01-01"), (*TO, "--repair"), "no sound row is left"),
    Case(
        "funding of spot",
        GOOD,
        ("--venue", "binance", "--instrument", "BTC/USDT", "--kind", "funding"),
        "spot has no funding",
    ),
    Case(
        "funding beside the hour",
        "time,rate\n2024-01-01T00:05:00Z,0.0001\n",
        (*MARKET, "--kind", "funding"),
        "is no whole hour",
    ),
    Case(
        "funding in per cent",
        "time,rate\n2024-01-01,10\n",
        (*MARKET, "--kind", "funding"),
        "row 1: rate 10.0 is no fraction",
    ),
    Case(
        "two rates at a time",
        "time,rate\n2024-01-01,0.1\n2024-01-01,0.2\n",
        (*MARKET, "--kind", "funding"),
        "row 2: 2024-01-01T00:00:00Z has two different rates",
    ),
]

COMMANDS = [
    Case("synth without instrument", None, ("synth",), "Missing option '--instrument'"),
    Case("synth of no days", None, ("synth", "--instrument", "BTC/USDT", "--days", "0"), "--days: 0.0 is not allowed"),
    Case(
        "synth of a word", None, ("synth", "--instrument", "BTC/USDT", "--days", "many"), "Invalid value for '--days'"
    ),
    Case(
        "synth into the future",
        None,
        ("synth", "--instrument", "BTC/USDT", "--start", "2199-01-01"),
        "ends before the present",
    ),
    Case(
        "synth without a seed", None, ("synth", "--instrument", "BTC/USDT", "--seed", "-3"), "seed: -3 is not allowed"
    ),
    Case("synth for nothing", None, ("synth", "--instrument", "BTC/USDT", "--price", "0"), "price: 0.0 is not allowed"),
    Case(
        "synth from no time",
        None,
        ("synth", "--instrument", "BTC/USDT", "--start", "soon"),
        "--start: 'soon' is not allowed",
    ),
    Case(
        "synth over other bars",
        None,
        ("synth", *TO, "--start", "2024-01-01", "--days", "1"),
        "another series is stored; give --replace",
    ),
    Case(
        "check of the unknown",
        None,
        ("check", "--instrument", "ETH/USDT"),
        "no candles of ETH/USDT are stored; stored: BTC/USDT:USDT 1m on binance",
    ),
    Case("check of no timeframe", None, ("check", "--timeframe", "soon"), "--timeframe: 'soon' is not allowed"),
    Case("repair of the unknown", None, ("repair", "--venue", "kraken"), "no candles of kraken are stored"),
    Case("no such command", None, ("guess",), "No such command 'guess'"),
    Case("no such option", None, ("list", "--loud"), "No such option: --loud"),
]


@pytest.fixture
def data_dir(tmp_path, monkeypatch, capsys) -> Path:
    """A data folder that already holds five bars."""
    monkeypatch.setenv(DATA_DIR, str(tmp_path / "data"))
    source = tmp_path / "stored.csv"
    source.write_text(GOOD, encoding="utf-8")
    assert 0 == main(["data", "import", str(source), *TO])
    capsys.readouterr()
    return tmp_path / "data"


def _is_refused(arguments, said, data_dir, capsys) -> None:
    before = folder_bytes(data_dir)
    code = main(["data", *arguments])
    told = capsys.readouterr()
    assert 2 == code
    assert "" == told.out
    assert told.err.startswith("error: ")
    assert 1 == told.err.count("\n")
    assert said in told.err
    assert before == folder_bytes(data_dir)


@pytest.mark.parametrize("case", IMPORTS, ids=lambda case: case.name)
def test_import_of_bad_input_is_refused_in_one_line(case, data_dir, tmp_path, capsys):
    """A bad file or argument gives its own line, exit code 2, and a data folder that is byte for byte the same."""
    path = tmp_path / case.file
    if case.content is not None:
        path.write_bytes(case.content if isinstance(case.content, bytes) else case.content.encode())
    _is_refused(("import", str(path), *case.arguments), case.said, data_dir, capsys)


@pytest.mark.parametrize("case", COMMANDS, ids=lambda case: case.name)
def test_other_commands_refuse_bad_arguments_in_one_line(case, data_dir, capsys):
    """A bad argument gives its own line, exit code 2, and changes nothing."""
    _is_refused(case.arguments, case.said, data_dir, capsys)


def test_import_of_a_folder_is_refused(data_dir, tmp_path, capsys):
    """A folder is no file."""
    _is_refused(("import", str(tmp_path), *TO), "is a folder", data_dir, capsys)


def test_import_of_bad_parquet_columns_is_refused(data_dir, tmp_path, capsys):
    """Columns of a kind that holds neither times nor numbers are named with their kind."""
    good = {"open": [1.0], "high": [1.0], "low": [1.0], "close": [1.0], "volume": [1.0]}
    cases = [
        ({"open_time": [True]} | good, "column 'open_time' holds Boolean"),
        ({"open_time": ["2024-01-01"]} | good | {"close": [[1.0]]}, "column 'close' holds List"),
        ({"open_time": ["2024-01-01"]} | good | {"volume": [None]}, "give --kind mark"),
        ({"open_time": [pl.Series([-1]).cast(pl.Datetime("ms"))[0]]} | good, "expected a year from 1970 to 2200"),
    ]
    for columns, said in cases:
        path = tmp_path / "bars.parquet"
        pl.DataFrame(columns).write_parquet(path)
        _is_refused(("import", str(path), *TO), said, data_dir, capsys)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "BTC-USDT-USDT.json: line 1, column 2"),
        ("[]", "BTC-USDT-USDT.json: holds no JSON object"),
        ('{"symbol": "BTC/USDT:USDT", "venue": "binance", "tick_size": 0.1}', "tick_size: 0.1 is not allowed"),
        ('{"symbol": "BTC/USDT:USDT", "venue": "binance", "tick": "0.1"}', "instrument: 'tick' is not allowed"),
        ('{"symbol": "BTC/USDT:USDT", "venue": "binance", "taker_fee": 5}', "taker_fee: 5 is not allowed"),
        ('{"symbol": "ETH/USDT", "venue": "binance"}', "symbol: speaks of ETH/USDT on binance"),
    ],
)
def test_a_damaged_instrument_file_is_named_with_its_field(content, said, data_dir, tmp_path, capsys):
    """An instrument file edited into nonsense stops the import before anything is written."""
    (data_dir / "instruments/binance/BTC-USDT-USDT.json").write_text(content, encoding="utf-8")
    path = tmp_path / "more.csv"
    path.write_text(candle_csv(8), encoding="utf-8")
    _is_refused(("import", str(path), *TO), said, data_dir, capsys)


def test_a_damaged_candle_file_is_named(data_dir, tmp_path, capsys):
    """A stored file that is no Parquet is named, and not written over."""
    (data_dir / "candles/binance/BTC-USDT-USDT/1m.parquet").write_bytes(b"PAR1")
    path = tmp_path / "more.csv"
    path.write_text(candle_csv(8), encoding="utf-8")
    _is_refused(("import", str(path), *TO), "not a readable Parquet file", data_dir, capsys)
    _is_refused(("check",), "not a readable Parquet file", data_dir, capsys)


@pytest.mark.parametrize(("value", "said"), [("", f"{DATA_DIR}: ''"), ("{file}", "a file is there")])
def test_an_unusable_data_folder_is_named(value, said, data_dir, tmp_path, monkeypatch, capsys):
    """The setting that names the data folder is checked like any argument."""
    monkeypatch.setenv(DATA_DIR, value.format(file=tmp_path / "stored.csv"))
    _is_refused(("list",), said, data_dir, capsys)
