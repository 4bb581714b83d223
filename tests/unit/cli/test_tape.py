"""`tradewright tape`: a recorded market from the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tradewright.cli.main import main

TRADES = "time,price,amount,side\n" + "".join(
    f"2024-01-01T00:00:{second:02}Z,{100 + second % 3},1,{'buy' if second % 3 else 'sell'}\n" for second in range(30)
)
STRATEGY = '''
from tradewright.kernels.door import elapse, submit, Intent

def waiting(replay):
    """Bid at 100, once."""
    elapse(replay, 3_200_000_000)
    submit(replay, Intent(1, 1, 100, 0, 2, 0, False))

def pair(replay):
    """Buys one of the first, sells two of the second, and buys back one."""
    elapse(replay, 3_200_000_000)
    submit(replay, Intent(1, 0, 0, 0, 1, 0, False))
    submit(replay, Intent(-1, 0, 0, 0, 2, 0, False), 1)
    elapse(replay, 8_000_000_000)
    submit(replay, Intent(1, 0, 0, 0, 1, 0, False), 1)

def greedy(replay):
    """Buys more than the account bears, twice, and a little."""
    elapse(replay, 3_200_000_000)
    submit(replay, Intent(1, 0, 0, 0, 400, 0, False))
    submit(replay, Intent(1, 0, 0, 0, 301, 0, False))
    submit(replay, Intent(1, 0, 0, 0, 1, 0, False))

def failing(replay):
    raise ValueError("no idea")
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Thirty trades at 100, 101 and 102 in turns, and a file with two strategies."""
    (tmp_path / "trades.csv").write_text(TRADES)
    (tmp_path / "mine.py").write_text(STRATEGY)
    return tmp_path


def tape(folder: Path, strategy: str, *options: str) -> int:
    """Call the command on a market in whole units."""
    steps = ("--tick-size", "1", "--lot-size", "1", "--min-notional", "1")
    return main(["tape", str(folder / "trades.csv"), f"{folder}/{strategy}", *steps, *options])


def figures(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    """What it prints as JSON."""
    assert tape(folder, "mine.py:waiting", "--json", *options) == 0
    printed: dict[str, Any] = json.loads(capsys.readouterr().out)
    return printed


@pytest.mark.rule("L-2")
def test_a_bid_that_is_only_touched_fills_under_the_kind_model_alone(folder: Path, capsys) -> None:
    """Prices touch 100 and never go through it: two lots by TOUCH, none by THROUGH."""
    shown = figures(folder, capsys)

    assert shown["events"] == 30
    assert {row["queue"]: row["position"] for row in shown["runs"]} == {"touch": 2, "through": 0}
    assert {row["queue"]: row["volume"] for row in shown["runs"]} == {"touch": 200.0, "through": 0.0}


def test_the_queue_models_that_are_asked_for_are_run(folder: Path, capsys) -> None:
    """One row for each, in their order."""
    assert [row["queue"] for row in figures(folder, capsys, "--queue", "through")["runs"]] == ["through"]


def test_the_table_says_what_hangs_on_the_queue(folder: Path, capsys) -> None:
    """A person reads the spread of profit between the models, and what was assumed."""
    assert tape(folder, "mine.py:waiting") == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "between these models" in shown
    assert "assumed: the recorded market does not react to our orders" in shown


@pytest.mark.parametrize(
    ("strategy", "options", "said"),
    [
        ("mine.py", (), "give FILE.py:FUNCTION"),
        ("absent.py:waiting", (), "absent.py"),
        ("mine.py:nothing", (), "give a function of mine.py: failing, greedy, pair, waiting"),
        ("mine.py:failing", (), "mine.py:25: ValueError: no idea"),
        ("mine.py:waiting", ("--queue", "hope"), "queue model"),
        ("mine.py:waiting", ("--queue", "log"), "without quotes or depth there is no queue to know"),
        ("mine.py:waiting", ("--entry-ms", "-1"), "entry_ms"),
        ("mine.py:waiting", ("--tick-size", "0"), "tick_size"),
        ("mine.py:waiting", ("--tick-size", "0.7"), "the tick 0.7"),
    ],
)
def test_bad_input_is_one_line_that_names_it(folder: Path, capsys, strategy: str, options, said: str) -> None:
    """Exit code 2, and what is allowed."""
    assert tape(folder, strategy, *options) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def other(folder: Path, **said: str) -> str:
    """Another market, as the option says it: prices half as high, quantities of thirty."""
    path = folder / "other.csv"
    path.write_text(TRADES.replace(",1,", ",30,").replace(",10", ",5"))
    return ",".join(f"{name}={value}" for name, value in ({"symbol": "B/USDT:USDT", "recording": path} | said).items())


def test_several_recordings_are_traded_on_one_wallet(folder: Path, capsys) -> None:
    """The figures tell the instruments apart; their profits add up to the account's."""
    also = other(folder, lot_size="10")
    assert tape(folder, "mine.py:pair", "--json", "--queue", "through", "--also", also) == 0
    shown = json.loads(capsys.readouterr().out)

    parts = shown["instruments"]
    assert [("BTC/USDT:USDT", 1, 1), ("B/USDT:USDT", 2, -1)] == [
        (part["symbol"], part["orders"], part["position"]) for part in parts
    ]
    run = shown["runs"][0]
    assert (60, 3, None) == (shown["events"], run["orders"], run["position"])
    assert run["profit"] == pytest.approx(sum(part["profit"] for part in parts))
    assert run["volume"] == pytest.approx(sum(part["volume"] for part in parts))


def test_the_table_has_a_row_for_each_instrument(folder: Path, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person sees which one has earned what."""
    monkeypatch.setenv("COLUMNS", "160")
    assert tape(folder, "mine.py:pair", "--queue", "touch", "--also", other(folder)) == 0
    shown = capsys.readouterr().out
    assert "B/USDT:USDT" in shown
    assert "BTC/USDT:USDT" in shown


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"recording": ""}, "names are symbol, recording"),
        ({"colour": "red"}, "names are symbol, recording"),
        ({"leverage": "2,leverage=3"}, "each name once"),
        ({"leverage": "2, leverage=2"}, "each name once"),
        ({"symbol": "BTC/USDT:USDT"}, "a market that no other of the recordings is of"),
        ({"symbol": "B/ETH:ETH"}, "one wallet has one currency"),
        ({"leverage": "much"}, "leverage of B/USDT:USDT"),
        ({"tick_size": "0"}, "tick_size"),
        ({"recording": "absent.csv"}, "absent.csv"),
    ],
)
def test_another_market_that_does_not_suit_is_refused_in_one_line(folder: Path, capsys, said, complaint: str) -> None:
    """By field and value, and what is allowed."""
    assert tape(folder, "mine.py:pair", "--also", other(folder, **said)) == 2
    error = capsys.readouterr().err
    assert complaint in error
    assert error.count("\n") == 1


def test_a_file_of_no_known_kind_is_refused_by_its_name(folder: Path, capsys) -> None:
    """What can be read is said."""
    (folder / "trades.xml").write_text("<trades/>")
    assert main(["tape", str(folder / "trades.xml"), f"{folder}/mine.py:waiting"]) == 2
    assert ".jsonl" in capsys.readouterr().err


def test_a_broken_file_is_named_with_its_line(folder: Path, capsys) -> None:
    """A syntax error of a user is not ours."""
    (folder / "broken.py").write_text("def f(:\n")
    assert tape(folder, "broken.py:f") == 2
    assert "broken.py:1: SyntaxError" in capsys.readouterr().err


def test_refused_requests_are_counted_by_their_reason(folder: Path, capsys) -> None:
    """400 and 301 lots at 101 and more are beyond three times 10,000; one lot is not. A wider cap lets both through."""
    assert tape(folder, "mine.py:greedy", "--json", "--queue", "touch", "--leverage", "20") == 0
    (row,) = json.loads(capsys.readouterr().out)["runs"]
    assert (2, {"exposure-exceeded": 2}, 1) == (row["refused"], row["refusals"], row["position"])
    assert tape(folder, "mine.py:greedy", "--queue", "touch", "--leverage", "20") == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "refused under touch: exposure-exceeded 2" in shown
    assert "at most 3 times equity (max_exposure)" in shown
    assert tape(folder, "mine.py:greedy", "--json", "--queue", "touch", "--leverage", "20", "--max-exposure", "9") == 0
    printed = json.loads(capsys.readouterr().out)
    assert (0, {}) == (printed["runs"][0]["refused"], printed["runs"][0]["refusals"])
    assert any("at most 9 times equity" in note for note in printed["assumptions"])


def test_fills_are_written_as_those_of_a_result_are(folder: Path, capsys) -> None:
    """A table with the queue model of each, or figures and fills in one file."""
    out = ("--out", str(folder / "out"))
    assert tape(folder, "mine.py:waiting", "--json", *out) == 0
    assert [str(folder / "out" / "trades-fills.csv")] == json.loads(capsys.readouterr().out)["files"]
    with (folder / "out" / "trades-fills.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    assert 2.0 == sum(float(row["quantity"]) for row in rows)
    assert {("touch", "BTC/USDT:USDT", "buy", "maker", "100.0")} == {
        tuple(row[name] for name in ("queue", "symbol", "side", "liquidity", "price")) for row in rows
    }
    assert tape(folder, "mine.py:waiting", "--format", "json", *out) == 0
    whole = json.loads((folder / "out" / "trades.json").read_text())
    assert ([int(row["ts"]) for row in rows], 30) == ([row["ts"] for row in whole["fills"]], whole["result"]["events"])
    assert tape(folder, "mine.py:waiting", "--format", "xml", *out) == 2
    assert "--format" in capsys.readouterr().err


def test_a_table_without_fills_has_its_heads(folder: Path) -> None:
    """A program that reads it finds its columns."""
    assert tape(folder, "mine.py:waiting", "--queue", "through", "--out", str(folder)) == 0
    assert (folder / "trades-fills.csv").read_text().startswith("queue,ts,ref,symbol,side,")
