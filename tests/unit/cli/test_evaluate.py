"""`tradewright evaluate`: what a user sees, what is kept, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tradewright.cli.main import main

LEAK = '''"""A strategy that looks ahead."""
from tradewright import Signals, Strategy


class Seer(Strategy):
    """Buy what will rise."""

    version = "1"
    ltf = "1h"

    def signals(self, bars):
        rises = bars.close < bars.close.mean()
        return Signals.with_risk(bars, long=rises, risk=0.01 * bars.close)
'''


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two synthetic instruments of 40 days."""
    folder = tmp_path_factory.mktemp("market")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRADEWRIGHT_DATA_DIR", str(folder / "data"))
        for place, symbol in enumerate(("BTC/USDT:USDT", "ETH/USDT:USDT")):
            synth = ["data", "synth", "--instrument", symbol, "--timeframe", "1h", "--days", "40"]
            assert 0 == main([*synth, "--seed", str(place + 1)])
    return folder


@pytest.fixture(autouse=True)
def _here(market: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADEWRIGHT_DATA_DIR", str(market / "data"))
    monkeypatch.setenv("TRADEWRIGHT_STRATEGIES_DIR", str(market / "strategies"))
    monkeypatch.setenv("COLUMNS", "120")


def evaluated(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    """The JSON of an evaluation."""
    capsys.readouterr()
    assert 0 == main(["evaluate", "--timeframe", "1h", *arguments, "--json"])
    found: dict = json.loads(capsys.readouterr().out)
    return found


def test_every_strategy_meets_every_instrument_in_every_period(capsys: pytest.CaptureFixture[str]) -> None:
    """Cells are complete; the returns of an instrument's periods multiply to the whole of a backtest on it alone."""
    found = evaluated(capsys, "ma_crossover", "simple_test", "--periods", "3")
    assert {"ma_crossover", "simple_test"} == set(found["cells"])
    cells = found["cells"]["ma_crossover"]
    assert [(symbol, period) for symbol in ("BTC/USDT:USDT", "ETH/USDT:USDT") for period in range(3)] == [
        (cell["instrument"], cell["period"]) for cell in cells
    ]
    run = ["backtest", "ma_crossover", "--instrument", "ETH/USDT:USDT", "--timeframe", "1h", "--json"]
    assert 0 == main(run)
    alone = json.loads(capsys.readouterr().out)
    whole = 1.0
    for cell in cells[3:]:
        whole *= 1.0 + cell["total_return"]
    assert alone["total_return"] == pytest.approx(whole - 1.0, abs=1e-12)
    assert alone["total_trades"] - sum(cell["trades"] for cell in cells[3:]) in {0, 1}  # one may be open at the end


def test_the_same_evaluation_gives_the_same_figures(capsys: pytest.CaptureFixture[str]) -> None:
    """All but id and time."""
    first, again = (evaluated(capsys, "simple_test", "ma_crossover") for _ in range(2))
    for key in ("id", "created_at"):
        assert first.pop(key)
        assert again.pop(key)
    assert first == again


def test_the_page_and_the_figures_are_kept(market: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both stand under the id; the page holds the figures and asks for nothing from outside."""
    found = evaluated(capsys, "simple_test")
    folder = market / "data" / "evaluations" / found["id"]
    assert found == json.loads((folder / "evaluation.json").read_text())
    page = (folder / "heat_map.html").read_text()
    assert "simple_test" in page
    assert "src=" not in page
    assert "://" not in page


def test_a_small_sample_is_said_to_be_one(capsys: pytest.CaptureFixture[str]) -> None:
    """Forty days of noise tell nothing, and the summary says so."""
    assert 0 == main(["evaluate", "simple_test", "smc", "--timeframe", "1h"])
    shown = capsys.readouterr().out
    assert "too small to rank" in shown
    assert "heat_map.html" in shown


def test_a_strategy_that_knows_the_future_stands_last(market: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without names, all strategies run, a user's as well."""
    (market / "strategies").mkdir()
    (market / "strategies" / "seer.py").write_text(LEAK)
    try:
        found = evaluated(capsys)
    finally:
        (market / "strategies" / "seer.py").unlink()
    assert {"ma_crossover", "simple_test", "smc", "seer"} <= set(found["cells"])
    assert ("seer", "leaks") == (found["standings"][-1]["strategy"], found["standings"][-1]["verdict"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nobody"], "strategy 'nobody' is unknown"),
        (["smc", "--periods", "0"], "--periods: 0 is not allowed"),
        (["smc", "--periods", "61"], "--periods: 61 is not allowed"),
        (["smc", "--instrument", "SOL/USDT"], "no candles of SOL/USDT are stored"),
        (["smc", "--venue", "nowhere"], "no candles are stored"),
        (["smc", "--timeframe", "1m"], "1m"),
        (["smc", "--from", "soon"], "--from: 'soon' is not allowed"),
        (["smc", "--min-reward-risk", "-1"], "min_reward_risk: -1.0 is not allowed"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(
    market: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    """One line, exit code 2."""
    kept = sorted((market / "data").rglob("*"))
    assert 2 == main(["evaluate", *arguments])
    error = capsys.readouterr().err
    assert said in error
    assert 1 == len(error.splitlines())
    assert kept == sorted((market / "data").rglob("*"))
