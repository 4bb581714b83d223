"""Many parameter sets on the same bars."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tradewright.domain.errors import InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import RunSpec
from tradewright.domain.signal import Signal
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.backtest import Run, run_backtest
from tradewright.engine.feed import Feed
from tradewright.market.synthetic import synthesise
from tradewright.research.sweep import sweep
from tradewright.strategies.ma_crossover import MaCrossover
from tradewright.strategy.strategy import Strategy
from tradewright.strategy.view import BarView

FIVE = Timeframe.parse("5m")
FEEDS = [Feed(Instrument("BTC/USDT:USDT", "test"), synthesise(FIVE, 0, 2_000, 1))]
SPEC = RunSpec("ma_crossover", "0", (), "test", ("BTC/USDT:USDT",), "5m")


class Impatient(Strategy):
    """Buys at the first close, and can only be asked bar by bar."""

    version = "1.0.0"

    def on_bar(self, view: BarView) -> Signal | None:
        """See the class."""
        return Signal("long", view.close, view.close * 0.99, view.close * 1.05) if view.index == 0 else None


def facts(run: Run) -> tuple[str, bytes, bytes]:
    """The parameters, and everything that came out."""
    return str(run.spec.params), run.world.fills.tobytes(), run.world.equity.tobytes()


@pytest.mark.parametrize("threads", [1, 2])
def test_a_sweep_gives_what_each_run_gives_alone(threads: int) -> None:
    """Whatever the number of threads, in the order in which they were given."""
    strategies = [MaCrossover(fast=fast, slow=30) for fast in (5, 9, 14, 20)]
    alone = [run_backtest(replace(SPEC, params=each.params), each, FEEDS) for each in strategies]
    assert [facts(run) for run in alone] == sweep(SPEC, strategies, FEEDS, facts, threads)
    assert len({facts(run) for run in alone}) == len(strategies)


def test_a_strategy_that_must_be_asked_bar_by_bar_can_be_swept() -> None:
    """It has no columns; each run asks it anew."""
    bought = sweep(SPEC, [Impatient(), Impatient()], FEEDS, lambda run: int(run.world.fills.size))
    assert len(bought) == 2
    assert bought[0] == bought[1] > 0


def test_the_spec_of_each_run_names_its_own_parameters() -> None:
    """A result says what it came from."""
    named = sweep(SPEC, [MaCrossover(fast=5), MaCrossover(fast=6)], FEEDS, lambda run: dict(run.spec.params)["fast"])
    assert named == [5, 6]


def test_no_strategies_give_no_results() -> None:
    """Not even a market is laid."""
    assert sweep(SPEC, [], [], facts) == []


def test_less_than_one_thread_is_refused() -> None:
    """The message says what is allowed."""
    with pytest.raises(InvalidValue, match="threads"):
        sweep(SPEC, [MaCrossover()], FEEDS, facts, 0)
