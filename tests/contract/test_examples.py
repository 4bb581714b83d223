"""The strategies in `examples` that give orders keep the contract, and do what their docstrings say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradewright.domain.instrument import Instrument
from tradewright.domain.run import RunSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.backtest import run_backtest
from tradewright.engine.feed import Feed
from tradewright.engine.outcome import log_of
from tradewright.market.synthetic import synthesise
from tradewright.portfolio.parents import parent_outcomes
from tradewright.portfolio.run_log import RunLog
from tradewright.services.strategies import made_up_bars, strategy_from_file
from tradewright.strategy.strategy import Strategy
from tradewright.testing.strategies import conforming

EXAMPLES = strategy_from_file(Path(__file__).resolve().parents[2] / "examples" / "orders.py")
BTC = Instrument("BTC/USDT:USDT", "test", "0.1", "0.001")


def log_after(strategy: Strategy, bars: int, seed: int) -> RunLog:
    """Logs of a strategy on a synthetic market."""
    spec = RunSpec(strategy.name, strategy.version, strategy.params, "test", (BTC.symbol,), "15m")
    feed = Feed(BTC, synthesise(Timeframe.parse("15m"), 0, bars, seed))
    return log_of(run_backtest(spec, strategy, [feed]))


@pytest.mark.parametrize("name", ["order_grid", "slow_trend"])
def test_example_keeps_the_contract(name: str) -> None:
    """Orders pass the same checks as signals, the leak test included."""
    strategy = EXAMPLES.create(name)
    closed, _ = made_up_bars(strategy)
    # They speak at every bar, and each is played anew for each of hundreds of cuts.
    report = conforming(strategy, closed.until(1_000))
    assert report.passport is not None
    assert report.passport.signals > 0


def test_grid_rests_buys_low_and_sells_higher() -> None:
    """Bids are makers under their own tags, no more than all levels is ever held, and nothing is refused."""
    log = log_after(EXAMPLES.create("order_grid", {"levels": 6}), 400, seed=5)
    held = (log.fills["side"] * log.fills["lots"]).cumsum()
    bids = log.fills["side"] > 0
    assert log.fills.size > 10
    assert 0 <= held.min() <= held.max() <= 60
    assert 0 == log.fills["liquidity"][bids].sum()
    tags = {log.tag_text(tag) for tag in log.orders["tag"][log.orders["side"] > 0]}
    assert {f"bid-{level}" for level in range(1, 7)} == tags
    assert 0 == log.refusals.size


def test_slow_trend_works_its_way_in_and_out() -> None:
    """Every fill is a child's; parents never overfill, and positions end flat where both ways are done."""
    log = log_after(EXAMPLES.create("slow_trend"), 600, seed=7)
    parents = list(parent_outcomes(log))
    children = log.orders["id"][log.orders["parent"] > 0]
    assert set(log.fills["order_id"]) <= set(children)
    assert len(parents) > 2
    assert all(parent.filled <= parent.asked for parent in parents)
    assert {"buy", "sell"} == {parent.side for parent in parents}
