"""`tradewright strategies`: what a user sees, and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tradewright.cli.main import main
from tradewright.services.strategies import find_strategies

GOOD = '''from tradewright import Param, Signals, Strategy, ta


class Breakout(Strategy):
    """Buy a close above the channel."""

    version = "3.1"
    length: int = Param(48, low=2, high=500, doc="bars of the channel")

    def signals(self, bars):
        top = ta.previous(ta.highest(bars.high, self.length))
        return Signals.with_risk(bars, long=ta.crossed_above(bars.close, top), risk=2 * ta.atr(bars))
'''


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty user folder for plug-ins, and nowhere else to look or write."""
    plugins = tmp_path / "plugins"
    plugins.mkdir()
    monkeypatch.setenv("TRADEWRIGHT_STRATEGIES_DIR", str(plugins))
    monkeypatch.setenv("TRADEWRIGHT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    return plugins


def test_the_list_has_good_ones_above_and_broken_ones_below(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Built-in and user strategies with version, first doc line and parameters; broken ones with file and line."""
    (folder / "breakout.py").write_text(GOOD)
    (folder / "wrong.py").write_text("x = 1\nimport tradewrong\n")
    assert 0 == main(["strategies"])
    good, _, broken = capsys.readouterr().out.partition("Cannot be used:")
    for text in ("breakout", "3.1", "Buy a close above the channel.", "length=48", "smc", "ma_crossover"):
        assert text in good
    assert f"{folder / 'wrong.py'}:2: ModuleNotFoundError" in broken.replace("\n", "")


def test_one_strategy_is_documented_from_its_own_code(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Docstring, ranges, defaults, timeframes, and where the code stands; the name in any case."""
    assert 0 == main(["strategies", "SMC"])
    shown = capsys.readouterr().out
    for text in ("smc 1.0.0", "15m (LTF) with 4h (HTF)", "sweep_window", "a whole number from 1 to 1000", "smc.py"):
        assert text in shown


def test_json_is_alone_on_stdout(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The list and a document as JSON, for programs."""
    (folder / "wrong.py").write_text("import tradewrong\n")
    assert 0 == main(["strategies", "--json"])
    listed = json.loads(capsys.readouterr().out)
    assert list(find_strategies().names()) == [card["name"] for card in listed["strategies"]]
    assert [1] == [item["line"] for item in listed["broken"]]
    assert 0 == main(["strategies", "smc", "--json"])
    assert "4h" == json.loads(capsys.readouterr().out)["htf"]


def test_check_passes_an_honest_file_with_exit_code_0(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A verdict for each rule, and the leak test."""
    path = folder / "breakout.py"
    path.write_text(GOOD)
    assert 0 == main(["strategies", "check", str(path)])
    shown = capsys.readouterr().out
    assert "no knowledge of the future" in shown
    assert "breakout: passed" in shown


def test_check_fails_a_leaky_file_with_exit_code_1_and_names_the_bar(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The future is caught; the output has bar, time and likely cause."""
    path = folder / "oracle.py"
    path.write_text(GOOD.replace("bars.close, top)", "bars.close, top[::-1])"))
    assert 1 == main(["strategies", "check", str(path)])
    shown = capsys.readouterr().out
    assert "FAIL" in shown
    assert "bar " in shown
    assert "breakout: FAILED" in shown


def test_check_as_json_has_verdicts_and_passport(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Everything that the table shows, for programs."""
    assert 0 == main(["strategies", "check", "simple-test", "--set", "every=10", "--json"])
    (report,) = json.loads(capsys.readouterr().out)
    assert (True, True, 10) == (
        report["passed"],
        report["leak_passport"]["passed"],
        report["leak_passport"]["params"]["every"],
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["strategies", "smcc"], "strategy 'smcc' is unknown; did you mean 'smc'?"),
        (["strategies", "check", "nowhere.py"], "nowhere.py: there is no such file"),
        (["strategies", "check", "wrong"], "wrong.py:1: ModuleNotFoundError"),
        (["strategies", "check", "plugins/wrong.py"], "wrong.py:1: ModuleNotFoundError"),
        (["strategies", "check", "smc", "--set", "swing"], "--set: 'swing' is not allowed; give name=value"),
        (["strategies", "check", "smc", "--set", "swing=0"], "smc.swing: '0' is not allowed; give a whole number"),
        (["strategies", "check", "smc", "--set", "swings=3"], "parameter of smc 'swings' is unknown; did you mean"),
        (["strategies", "check", "smc", "--timeframe", "7m"], "--timeframe: '7m' is not allowed"),
        (["strategies", "check", "smc", "--timeframe", "1d"], "--timeframe: '1d' is not allowed"),
        (["strategies", "check", "smc", "--instrument", "BTC/USDT"], "--venue: None is not allowed"),
        (["strategies", "check", "smc", "--instrument", "BTC/USDT", "--venue", "kraken"], "no candles for"),
        (["strategies", "check", "smc", "--seed", "-1"], "seed: -1 is not allowed"),
        (["strategies", "check"], "Missing argument"),
    ],
)
def test_bad_arguments_give_one_line_and_exit_code_2(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    """Each mistake has its own words, on stderr, and nothing on stdout."""
    (folder / "wrong.py").write_text("import tradewrong\n")
    assert 2 == main(arguments)
    out, err = capsys.readouterr()
    assert message in err
    assert (1, "") == (err.count("\n"), out)


def test_a_new_strategy_is_written_found_checked_and_trades(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file passes its check as it stands; what it says to do next works."""
    assert 0 == main(["strategies", "new", "my_breakout"])
    said = capsys.readouterr().out
    assert "class MyBreakout(Strategy):" in (folder / "my_breakout.py").read_text()
    assert "tradewright strategies check my_breakout" in said
    assert 0 == main(["strategies", "check", "my_breakout", "--json"])
    report = json.loads(capsys.readouterr().out)[0]
    assert report["passed"]
    assert report["leak_passport"]["signals"] > 50


@pytest.mark.parametrize("name", ["My", "my-breakout", "2nd", "class", "../x", "", "a__b", "smc"])
def test_a_name_that_cannot_be_a_strategy_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """One line that names the value, exit code 2, and no file."""
    assert 2 == main(["strategies", "new", name])
    assert f"name: {name!r} is not allowed" in capsys.readouterr().err
    assert [] == list(folder.parent.rglob("*.py"))


def test_a_file_that_is_there_is_never_overwritten(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A broken file has no strategy of its name, and still belongs to its owner."""
    mine = folder / "mine.py"
    mine.write_text("import tradewrong\n")
    assert 2 == main(["strategies", "new", "mine"])
    assert "is there already" in capsys.readouterr().err
    assert "import tradewrong\n" == mine.read_text()
    assert [mine] == [path for path in folder.iterdir() if path.is_file()]
