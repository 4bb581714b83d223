"""`tradewright backtest --engine backtrader`: the same command, the same kind of result."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tradewright.bootstrap.settings import DATA_DIR
from tradewright.cli.main import main

BTC = "BTC/USDT:USDT"
MARKET = ("--venue", "synthetic", "--timeframe", "15m")
USERS = """
import backtrader as bt


class BuyTheDip(bt.Strategy):
    version = "0.3"
    params = (("length", 48), ("size", 0.05))

    def __init__(self):
        self.low = bt.ind.Lowest(self.data.low(-1), period=self.p.length)
        self.trend = bt.ind.SMA(self.datas[-1].close, period=2)

    def next(self):
        price = self.data.close[0]
        if not self.position and price < self.low[0]:
            levels = {"stopprice": price * 0.98, "limitprice": price * 1.03}
            self.buy_bracket(size=self.p.size, exectype=bt.Order.Market, **levels)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder with twenty days of a made-up market and a Backtrader strategy."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(DATA_DIR, "data")
    assert 0 == main(["data", "synth", "--instrument", BTC, *MARKET, "--days", "20"])
    (tmp_path / "dip.py").write_text(USERS)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], strategy: str, *options: str) -> dict[str, Any]:
    """Run a strategy under Backtrader and read the result that is printed."""
    capsys.readouterr()
    assert 0 == main(["backtest", strategy, "--instrument", BTC, "--engine", "backtrader", "--json", *options])
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def test_a_users_file_gives_a_whole_result(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Trades with stop and target, figures, report and export are there; the result says which engine it came from."""
    result = run(capsys, "dip.py", "--timeframe", "15m", "--htf", "4h", "--set", "length=24")
    assert ("buy_the_dip", "0.3", {"length": 24, "size": 0.05}) == (
        result["strategy"],
        result["spec"]["strategy_version"],
        result["spec"]["params"],
    )
    assert result["spec"]["engine"].startswith("backtrader 1.")
    assert "other-engine" in {warning["code"] for warning in result["warnings"]}
    assert 0 == main(["results", "export", result["id"], "--format", "json", "--out", str(folder)])
    kept = json.loads((folder / f"{result['id']}.json").read_text())
    closed = [trade for trade in kept["trades"] if trade["exit_reason"] != "open"]
    assert {"stop_loss", "take_profit"} == {trade["exit_reason"] for trade in closed}
    assert result["total_trades"] == len(closed)
    for trade in kept["trades"]:
        assert trade["stop_loss"] < trade["entry_price"] < trade["take_profit"]
    profit = sum(trade["pnl"] for trade in kept["trades"])
    assert result["final_balance"] - result["initial_balance"] == pytest.approx(profit, abs=1e-6)
    assert "<html" in next((folder / "data" / "reports" / result["id"]).glob("*.html")).read_text()


@pytest.mark.parametrize("strategy", ["smc", "simple_test", "ma_crossover"])
def test_our_strategies_run_and_their_trades_make_the_equity(folder: Path, capsys, strategy: str) -> None:
    """Profit of all trades is what the account gained, by Backtrader's own book-keeping."""
    result = run(capsys, strategy, *MARKET)
    assert result["leak_passport"]["passed"]
    assert result["metrics"]["fills"] > 0
    gained = result["final_balance"] - result["initial_balance"]
    assert result["metrics"]["net_pnl"] == pytest.approx(gained, abs=1e-6)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["dip.py", "--instrument", BTC], "--timeframe: None is not allowed; give the length of its bars, such as 15m"),
        (["dip.py:Dop", "--instrument", BTC, *MARKET], "class of dip.py 'Dop' is unknown"),
        (["none.py", "--instrument", BTC, *MARKET], "none.py: there is no such file"),
        (["dip.py", "--instrument", BTC, *MARKET, "--set", "size=much"], "BuyTheDip.size: 'much' is not allowed"),
        (
            ["dip.py", "--instrument", BTC, *MARKET, "--sizing", "risk_fraction", "--size", "0.01"],
            "states no stop first",
        ),
        (["smc", "--instrument", BTC, "--max-day-loss", "0.03"], "--max-day-loss: 0.03 is not allowed"),
        (["smc", "--instrument", BTC, "--sizing", "kelly", "--size", "0.5"], "--sizing: 'kelly' is not allowed"),
        (["smc", "--instrument", BTC, "--instrument", "ETH/USDT:USDT"], "--instrument: 'BTC/USDT:USDT, ETH/USDT:USDT'"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(folder: Path, capsys, arguments: list[str], error: str) -> None:
    """Exit code 2, one line that names the field, no result."""
    capsys.readouterr()
    assert 2 == main(["backtest", *arguments, "--engine", "backtrader"])
    said = capsys.readouterr().err
    assert error in said
    assert 1 == len(said.splitlines())
    assert not (folder / "data" / "backtests").exists()


def test_without_the_extra_one_line_says_how_to_install_it(folder: Path, capsys, monkeypatch) -> None:
    """Backtrader is not part of the product: whoever asks for it is told where it is."""
    for name in [name for name in sys.modules if name.startswith("tradewright.adapters.backtrader")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "backtrader", None)
    capsys.readouterr()
    assert 2 == main(["backtest", "smc", "--instrument", BTC, "--engine", "backtrader"])
    said = capsys.readouterr().err
    assert "pip install 'tradewright[backtrader]'" in said
    assert 1 == len(said.splitlines())


def test_an_unknown_engine_is_refused(folder: Path, capsys) -> None:
    """The two that there are stand in the message."""
    assert 2 == main(["backtest", "smc", "--instrument", BTC, "--engine", "zipline"])
    assert "--engine: 'zipline' is not allowed; give tradewright or backtrader" in capsys.readouterr().err


def test_backtrader_is_never_loaded_unasked() -> None:
    """Neither the command line nor what it can reach imports it; the core's requirements do not name it."""
    modules = "tradewright.cli.main, tradewright.cli.backtest, tradewright.bootstrap.wiring"
    code = f"import sys, {modules}, tradewright.services.backtrader_runs; print('backtrader' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert "False" == done.stdout.strip()
    root = Path(__file__).resolve().parents[3]
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    assert [] == [wish for wish in project["dependencies"] if "backtrader" in wish]
    assert "backtrader==" not in (root / "requirements" / "core.txt").read_text()
    assert "backtrader==" in (root / "requirements" / "backtrader.txt").read_text()
