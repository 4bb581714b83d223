"""Two ways to write a strategy, one result."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tradewright.domain.instrument import Instrument
from tradewright.domain.run import RiskSpec, RunSpec
from tradewright.domain.signal import Signal
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.backtest import Run, run_backtest
from tradewright.engine.feed import Feed
from tradewright.engine.fingerprints import outcome_fingerprint
from tradewright.market.bars import Bars, slice_bars
from tradewright.market.synthetic import synthesise
from tradewright.strategies.ma_crossover import MaCrossover
from tradewright.strategies.simple_test import SimpleTest
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.signals import Signals
from tradewright.strategy.strategy import Strategy
from tradewright.strategy.view import BarView
from tradewright.testing.wild import Wild, Wilder

FIVE = Timeframe.parse("5m")
SYMBOLS = ("BTC/USDT:USDT", "ETH/USDT:USDT", "SOL/USDT")


def market(seed: int, count: int = 3_000) -> Bars:
    """A synthetic market."""
    return synthesise(FIVE, 0, count, seed)


def feeds(count: int) -> list[Feed]:
    """Instruments of which each but the first lacks a stretch of bars."""
    found = []
    for k, symbol in enumerate(SYMBOLS[:count]):
        bars = market(10 + k)
        if k:
            keep = np.ones(bars.close.size, np.bool_)
            keep[200 * k : 200 * k + 90] = False
            bars = Bars(*(column[keep] for column in bars))
        found.append(Feed(Instrument(symbol, "test", lot_size="0.0001"), bars))
    return found


def run(strategy: Strategy, given: list[Feed], path: str) -> Run:
    """Run on every feed in one account."""
    symbols = tuple(feed.instrument.symbol for feed in given)
    spec = RunSpec(strategy.name, strategy.version, strategy.params, "test", symbols, "5m", risk=RiskSpec(size=0.005))
    return run_backtest(spec, strategy, given, path)


@pytest.mark.rule("4.11")
@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("strategy", [MaCrossover, SimpleTest, Wild, Wilder], ids=lambda item: item.name)
def test_columns_and_callbacks_give_the_same_bytes(strategy: type[Strategy], count: int) -> None:
    """`signals` in the compiled loop and `on_bar` step by step leave equal logs, accounts and curves."""
    given = feeds(count)
    columns, callbacks = run(strategy(), given, "signals"), run(strategy(), given, "on_bar")

    assert columns.world.fills.size > 10
    assert outcome_fingerprint(columns.world) == outcome_fingerprint(callbacks.world)
    for name in ("account", "positions", "orders"):
        assert getattr(columns.world, name).tobytes() == getattr(callbacks.world, name).tobytes(), name
    assert columns.wishes.plans.tolist() == callbacks.wishes.plans.tolist()
    assert (strategy is Wilder) == (columns.wishes.plans.size > 0)
    for name in columns.wishes.rows.dtype.names:
        assert columns.wishes.rows[name].tobytes() == callbacks.wishes.rows[name].tobytes(), name


@pytest.mark.rule("T-5")
def test_cutting_the_future_changes_nothing_before_the_cut() -> None:
    """Every fill, refusal and equity before the cut is the same with and without what follows (rule T-5)."""
    whole = feeds(1)[0]
    cut = 1_777
    short = Feed(whole.instrument, slice_bars(whole.bars, 0, cut))
    long_run, short_run = run(MaCrossover(), [whole], "signals"), run(MaCrossover(), [short], "signals")

    early = long_run.world.fills[long_run.world.fills["step"] < cut]
    assert early.tobytes() == short_run.world.fills.tobytes()
    assert long_run.world.equity[:cut].tobytes() == short_run.world.equity.tobytes()


@pytest.mark.rule("4.11")
def test_the_same_run_twice_gives_the_same_bytes() -> None:
    """Nothing but the inputs decides the outcome."""
    first, second = (run(MaCrossover(), feeds(2), "signals") for _ in range(2))

    assert outcome_fingerprint(first.world) == outcome_fingerprint(second.world)


class AtTheLast(Strategy):
    """Wish at the last close alone: what can be decided on, and can never fill."""

    version = "1"

    def signals(self, bars: ClosedBars) -> Signals:
        """See the class."""
        return Signals.from_list([(len(bars) - 1, Signal("long", float(bars.close[-1])))] if len(bars) > 1 else [])

    def on_bar(self, view: BarView) -> Signal | None:
        """See the class."""
        return Signal("long", view.close) if view.index == 299 else None


def test_a_wish_at_the_last_close_is_decided_on_by_both_paths() -> None:
    """It waits as an open order, or is refused where the rules ask for a stop."""
    feed = Feed(Instrument("BTC/USDT:USDT", "test", tick_size="0.01"), synthesise(FIVE, 0, 300, 3))
    free = RiskSpec(sizing="fixed_quantity", size=0.01, require_stop=False, require_target=False, min_reward_risk=0.0)
    for risk, waiting, refused in ((free, 1, 0), (replace(free, require_stop=True), 0, 1)):
        spec = RunSpec("at_the_last", "1", (), "test", ("BTC/USDT:USDT",), "5m", risk=risk)
        one, other = (run_backtest(spec, AtTheLast(), [feed], path) for path in ("signals", "on_bar"))
        assert outcome_fingerprint(one.world) == outcome_fingerprint(other.world)
        assert (waiting, refused) == (other.world.positions["n_orders"][0], other.world.refusals.size)
