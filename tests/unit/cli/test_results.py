"""`tradewright results` at the door: lists, JSON, errors, files."""

from __future__ import annotations

import json
import webbrowser

import numpy as np
import pytest

from tradewright.adapters.storage.json_results import JsonResults
from tradewright.bootstrap.settings import DATA_DIR
from tradewright.cli.main import main
from tradewright.domain.enums import Code
from tradewright.domain.intents import Twap
from tradewright.engine.outcome import log_of
from tradewright.kernels.records import REFUSAL
from tradewright.testing.results import a_result
from tradewright.testing.run_logs import BTC, Deal, a_run, bars_of
from tradewright.testing.scripted import FLAT, played

FIRST, SECOND = "20261121-101530-3f9a", "20261121-101530-4000"


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A data folder with two results; the terminal is wide."""
    monkeypatch.setenv(DATA_DIR, str(tmp_path))
    monkeypatch.setenv("COLUMNS", "160")
    for name in (FIRST, SECOND):
        whole = a_result(name)
        JsonResults(tmp_path).save(whole.result, whole.tables, "<p>report</p>")
    return tmp_path


def _told(capsys, *arguments: str):
    assert 0 == main(["results", *arguments])
    return capsys.readouterr().out


def test_list_shows_the_newest_first(data, capsys):
    """One line for each result."""
    lines = [line for line in _told(capsys, "list").splitlines() if line.strip().startswith("2026")]
    assert [SECOND, FIRST] == [line.split()[0] for line in lines]
    assert "ma_crossover" in lines[0]


def test_list_as_json_has_the_plain_fields(data, capsys):
    """JSON alone on stdout: the answer's fields, the path, and the number of warnings."""
    newest, oldest = json.loads(_told(capsys, "list", "--json"))
    assert (SECOND, FIRST) == (newest["id"], oldest["id"])
    assert (3, 2 / 3, "1h") == (newest["total_trades"], newest["win_rate"], newest["timeframe"])
    assert newest["path"].endswith(f"{SECOND}.json")


def test_list_marks_what_is_damaged(data, capsys):
    """A broken file is a line of its own, in words and in JSON."""
    JsonResults(data).rows()[0].path.write_text("{", encoding="utf-8")
    assert "damaged" in _told(capsys, "list")
    assert "is damaged" in json.loads(_told(capsys, "list", "--json"))[0]["damage"]


def test_list_of_nothing_says_how_to_begin(tmp_path, monkeypatch, capsys):
    """An empty store is no error."""
    monkeypatch.setenv(DATA_DIR, str(tmp_path))
    assert "tradewright backtest" in _told(capsys, "list")
    assert [] == json.loads(_told(capsys, "list", "--json"))


def test_show_tells_figures_and_warnings(data, capsys):
    """Words for people, everything for programs."""
    text = _told(capsys, "show", FIRST)
    assert "profit factor" in text
    assert "! Closed trades: 3." in text
    assert json.loads(json.dumps(a_result(FIRST).result.as_dict())) == json.loads(
        _told(capsys, "show", FIRST, "--json")
    )


def test_show_says_what_the_result_hangs_on(data, capsys):
    """A paragraph for each chapter, and the costs part by part, of each instrument where there are several."""
    other = type(BTC)("ETH/USDT:USDT", "binance", tick_size="0.1", lot_size="0.001")
    bars = bars_of([100.0, 101.0, 102.0])
    deals = [Deal(1, 1, 100.0, 1.0, fee=0.25), Deal(1, 1, 100.0, 2.0, fee=0.5, instrument=1)]
    whole = a_result("20261121-101530-6000", log=a_run((bars, bars), deals, instruments=(BTC, other)))
    JsonResults(data).save(whole.result, whole.tables, "")
    lines = _told(capsys, "show", whole.result.id).splitlines()
    for name in ("optimism", "costs", "doubt", "margin", "capacity"):
        assert any(line.startswith(f"{name}: ") for line in lines)
    (fees,) = [line for line in lines if line.strip().startswith("taker fees")]
    assert ["taker", "fees", "0.75", "0.25", "0.50"] == fees.split()


def test_show_counts_refused_signals(data, capsys):
    """Refusals have their table where there are any."""
    refusals = np.zeros(2, REFUSAL)
    refusals["code"] = Code.STOP_MISSING
    whole = a_result("20261121-101530-5000", log=a_run(bars_of([100.0]), refusals=refusals))
    JsonResults(data).save(whole.result, whole.tables, "")
    (line,) = [line for line in _told(capsys, "show", whole.result.id).splitlines() if "stop-missing" in line]
    assert ["stop-missing", "2"] == line.split()[:2]


def test_delete_removes_one_or_all(data, capsys):
    """Each tells what it did."""
    assert FIRST in _told(capsys, "delete", "20261121-101530-3")
    assert {"deleted": 1} == json.loads(_told(capsys, "delete", "--all", "--json"))
    assert () == JsonResults(data).rows()


@pytest.mark.parametrize(("form", "count"), [("csv", 7), ("json", 1)])
def test_export_writes_and_names_the_files(data, tmp_path, capsys, form, count):
    """The printed paths exist."""
    out = tmp_path / "out"
    files = json.loads(_told(capsys, "export", FIRST, "--format", form, "--out", str(out), "--json"))["files"]
    assert sorted(str(path) for path in out.iterdir()) == sorted(files)
    assert count == len(files)
    assert f"{FIRST}" in _told(capsys, "export", FIRST, "--format", form, "--out", str(out))


def test_open_hands_the_report_to_the_browser(data, capsys, monkeypatch):
    """The path is printed whether or not there is a browser."""
    asked = []
    monkeypatch.setattr(webbrowser, "open", lambda url: bool(asked.append(url)))
    path = data / "reports" / FIRST / "report.html"
    assert {"report": str(path), "opened": False} == json.loads(_told(capsys, "open", FIRST, "--json"))
    assert [path.as_uri()] == asked
    assert path.name in _told(capsys, "open", FIRST)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "nothing"], "is unknown; near:"),
        (["show", "2026"], "stands for several"),
        (["delete"], "either one id or --all"),
        (["delete", FIRST, "--all"], "either one id or --all"),
        (["delete", "x"], "is unknown"),
        (["export", FIRST, "--format", "xml"], "csv or json"),
        (["export", "x"], "is unknown"),
        (["open", "x"], "is unknown"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_two(data, capsys, arguments, words):
    """The error says what would have been right; nothing is deleted."""
    assert 2 == main(["results", *arguments])
    error = capsys.readouterr().err
    assert words in error
    assert 1 == len(error.splitlines())
    assert 2 == len(JsonResults(data).rows())


def test_orders_worked_by_children_are_shown_and_exported(data, capsys, tmp_path):
    """What was asked, filled and paid against two prices: in `show`, in a file of its own, and in the JSON."""
    run = played({0: Twap("buy", 0.3, bars=3, tag="in")}, [FLAT] * 6, participation=0.0)
    whole, name = a_result("20261121-101530-5000", log=log_of(run)), "20261121-101530-5000"
    JsonResults(data).save(whole.result, whole.tables, "<p>report</p>")
    assert "in BTC/USDT:USDT buy filled 0.3 0.3 100.00 0.0 0.0" in " ".join(_told(capsys, "show", name).split())
    _told(capsys, "export", name, "--out", str(tmp_path / "out"))
    (file,) = (tmp_path / "out").glob("*-parents.csv")
    assert "in,BTC/USDT:USDT,twap,buy,filled" in file.read_text(encoding="utf-8")
    assert ["in"] == JsonResults(data).load_tables(name)["parents"]["tag"]
    assert "parents" not in JsonResults(data).load_tables(FIRST)
