"""Where the rules of both engines coincide, Backtrader and ours make the same trades."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tradewright.bootstrap.settings import DATA_DIR, Settings
from tradewright.bootstrap.wiring import backtests, backtrader_runs, results
from tradewright.cli.main import main
from tradewright.services.backtests import BacktestRequest

BTC, SPOT = "BTC/USDT:USDT", "BTC/USDT"
# Market orders at the next open, fees, spread and slippage; no stops, no funding, no margin in the way.
STRATEGIES = '''
"""Strategies without stops."""
from tradewright import Param, Signals, Strategy, ta

FREE = {"min_reward_risk": 0.0, "require_stop": False, "require_target": False}
FREE |= {"sizing": "fixed_quantity", "size": 0.05}


class Turns(Strategy):
    """Be long above the slow average, short below it."""

    version = "1"
    risk = FREE
    fast: int = Param(5, low=1, high=400, doc="bars")
    slow: int = Param(20, low=2, high=400, doc="bars")

    def signals(self, bars):
        fast, slow = ta.sma(bars.close, self.fast), ta.sma(bars.close, self.slow)
        return Signals.from_masks(bars, long=ta.crossed_above(fast, slow), short=ta.crossed_below(fast, slow))


class Leaves(Turns):
    """Buy above the slow average, leave below it."""

    version = "1"

    def signals(self, bars):
        fast, slow = ta.sma(bars.close, self.fast), ta.sma(bars.close, self.slow)
        return Signals.from_masks(bars, long=ta.crossed_above(fast, slow), exit=ta.crossed_below(fast, slow))
'''
FOREIGN = """
import backtrader as bt


class Turns(bt.Strategy):
    params = (("fast", 5), ("slow", 20), ("size", 0.05))

    def __init__(self):
        self.cross = bt.ind.CrossOver(bt.ind.SMA(period=self.p.fast), bt.ind.SMA(period=self.p.slow))

    def next(self):
        if self.cross[0]:
            self.order_target_size(target=self.p.size * self.cross[0])
"""
EXACT = ("symbol", "side", "ts_entry", "ts_exit", "bars_held", "exit_reason")
CLOSE = ("entry_price", "exit_price", "quantity", "fees", "slippage", "funding", "gross_pnl", "pnl")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A user's folders, with the strategies above."""
    monkeypatch.setenv(DATA_DIR, str(tmp_path / "data"))
    (tmp_path / "strategies").mkdir()
    (tmp_path / "strategies" / "turns.py").write_text(STRATEGIES)
    (tmp_path / "foreign.py").write_text(FOREIGN)
    return Settings(tmp_path / "data", tmp_path / "strategies")


def synthetic(symbol: str, seed: int) -> None:
    """Thirty days of a made-up market."""
    where = ("--venue", "synthetic", "--instrument", symbol, "--timeframe", "15m")
    assert 0 == main(["data", "synth", *where, "--days", "30", "--seed", str(seed)])


def recorded(folder: Path, symbol: str) -> None:
    """January 2022 of Bitcoin."""
    form = ("--timeframe", "1m", "--stamp", "close", "--volume-unit", "quote")
    path = str(folder / "bars" / "btcusd-perp-1m.csv")
    assert 0 == main(["data", "import", path, "--venue", "binance", "--instrument", symbol, *form])


def asked(strategy: str, symbol: str, **risk: Any) -> BacktestRequest:
    """A run without funding, which Backtrader does not know, and without a limit to what a bar's volume fills."""
    terms = {"costs": {"funding_rate": 0.0}, "fills": {"participation": 0.0}}
    return BacktestRequest(strategy, (symbol,), timeframe="15m", balance=50_000.0, risk=risk, **terms)


def assert_same_trades(settings: Settings, ours: BacktestRequest, theirs: BacktestRequest) -> int:
    """Both engines' trades agree field by field, and so does equity at every close; gives how many trades there are."""
    store = results(settings)
    first, second = backtests(settings).run(ours).result, backtrader_runs(settings).run(theirs).result
    own, other = store.load_tables(first.id), store.load_tables(second.id)
    for name in EXACT:
        assert list(own["trades"][name]) == list(other["trades"][name]), name
    for name in CLOSE:
        np.testing.assert_allclose(other["trades"][name], own["trades"][name], rtol=0, atol=1e-6, err_msg=name)
    np.testing.assert_allclose(other["equity"]["equity"], own["equity"]["equity"], rtol=0, atol=1e-6)
    assert first.refusals == second.refusals
    return len(own["trades"]["id"])


@pytest.mark.parametrize("strategy", ["turns", "leaves"])
@pytest.mark.parametrize("risk", [{}, {"sizing": "equity_fraction", "size": 0.5}], ids=["quantity", "equity"])
def test_trades_on_synthetic_bars_are_the_same(settings: Settings, strategy: str, risk: dict[str, Any]):
    """Entries, exits and reversals at the next open: time, price, quantity, fee and profit agree to 1e-6."""
    synthetic(BTC, 1)
    request = asked(strategy, BTC, **risk)
    assert assert_same_trades(settings, request, request) > 50


@pytest.mark.parametrize("strategy", ["turns", "leaves"])
def test_trades_on_a_spot_market_are_the_same(settings: Settings, strategy: str):
    """On spot a wish to go short closes the position, under Backtrader as well."""
    synthetic(SPOT, 3)
    request = asked(strategy, SPOT)
    assert assert_same_trades(settings, request, request) > 50


@pytest.mark.real_data
@pytest.mark.parametrize("strategy", ["turns", "leaves"])
def test_trades_on_a_recorded_month_are_the_same(real_data: Path, settings: Settings, strategy: str):
    """A month of Bitcoin on 15m bars: every trade of one engine is the other's."""
    recorded(real_data, BTC)
    request = asked(strategy, BTC, sizing="equity_fraction", size=0.5)
    assert assert_same_trades(settings, request, request) > 50


@pytest.mark.real_data
def test_a_backtrader_strategy_makes_the_trades_of_its_twin(real_data: Path, settings: Settings, tmp_path: Path):
    """The same idea, written for Backtrader with its own indicators and run from a file, gives the same trades."""
    recorded(real_data, BTC)
    theirs = asked(str(tmp_path / "foreign.py"), BTC)
    assert assert_same_trades(settings, asked("turns", BTC), theirs) > 50


def test_both_paths_of_a_strategy_do_the_same_under_backtrader(settings: Settings):
    """`signals` and `on_bar` leave the same fills, orders, refusals and equity, stops and targets included."""
    synthetic(BTC, 5)
    runs = backtrader_runs(settings)
    requests = [BacktestRequest("ma_crossover", (BTC,), timeframe="15m", path=path) for path in ("signals", "on_bar")]
    by_columns, by_bars = (runs.run(request).result for request in requests)
    assert by_columns.fingerprints["outcome"] == by_bars.fingerprints["outcome"]
    assert by_columns.total_trades > 50
