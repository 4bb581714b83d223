"""A run over windows of time is the run over all bars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from tradewright.domain.enums import Code
from tradewright.domain.errors import DataError, StrategyError
from tradewright.domain.instrument import Instrument
from tradewright.domain.limits import LimitSpec
from tradewright.domain.run import RiskSpec, RunSpec
from tradewright.domain.signal import Signal
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.backtest import Run, run_backtest
from tradewright.engine.feed import Feed
from tradewright.engine.windows import run_windows, timed_wishes
from tradewright.engine.world import enlarge
from tradewright.market.bars import Bars
from tradewright.market.merge import take
from tradewright.market.synthetic import synthesise
from tradewright.strategies.ma_crossover import MaCrossover
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.signals import Signals
from tradewright.strategy.strategy import Strategy
from tradewright.strategy.view import BarView

FIVE = Timeframe.parse("5m")
SYMBOLS = ("BTC/USDT:USDT", "ETH/USDT:USDT", "SOL/USDT:USDT")
BARS = 1_200
NO_LIMITS = LimitSpec()
NARROW = LimitSpec(
    max_day_loss=0.05, max_week_loss=0.2, max_drawdown=0.5, max_losses=4, cool_down=30.0, day_target=0.1, max_heat=0.2
)


class Patient(Strategy):
    """Limits that wait for ten bars, in the middle of everything."""

    version = "1.0.0"

    def signals(self, bars: ClosedBars) -> Signals:
        """A buy below the market at every fifth bar."""
        wish = np.arange(len(bars)) % 5 == 0
        return Signals.from_masks(
            bars, long=wish, kind="limit", entry=bars.close * 0.998, stop_loss=bars.close * 0.99,
            take_profit=bars.close * 1.02, valid_bars=10,
        )  # fmt: skip


class Asked(Strategy):
    """Can only be asked bar by bar."""

    version = "1.0.0"

    def on_bar(self, view: BarView) -> Signal | None:
        """See the class."""


def with_holes(bars: Bars, seed: int) -> Bars:
    """Bars of which some are missing, one long stretch among them."""
    there = np.random.default_rng(seed).random(bars.close.size) > 0.03
    there[300 + 40 * seed : 420 + 40 * seed] = False
    return take(bars, np.flatnonzero(there))


def market(*, marked: bool = False) -> list[Feed]:
    """Three instruments with holes; the last is listed late."""
    feeds = []
    for seed, symbol in enumerate(SYMBOLS):
        bars = with_holes(synthesise(FIVE, 0, BARS, seed + 1), seed)
        bars = take(bars, np.arange(500 if seed == 2 else 0, bars.close.size))
        mark = bars._replace(close=bars.close, high=bars.high * 1.001) if marked and seed == 1 else None
        feeds.append(Feed(Instrument(symbol, "test"), bars, mark=mark))
    return feeds


def cut(feeds: Sequence[Feed], edges: Sequence[int]) -> Iterator[list[Feed]]:
    """The feeds of each window between two edges, in steps of the first instrument's timeframe."""
    for begin, end in pairwise(edges):
        yield [
            replace(feed, bars=within(feed.bars, begin, end), mark=feed.mark and within(feed.mark, begin, end))
            for feed in feeds
        ]


def within(bars: Bars, begin: int, end: int) -> Bars:
    """Bars that open from one step to the next."""
    return take(bars, np.flatnonzero((bars.ts_open >= begin * FIVE.ns) & (bars.ts_open < end * FIVE.ns)))


def spec(strategy: Strategy) -> RunSpec:
    """An account that is often near its limits."""
    risk = RiskSpec(size=0.05, leverage=20.0, max_exposure=20.0, min_reward_risk=0.0, require_target=False)
    return RunSpec(strategy.name, strategy.version, strategy.params, "test", SYMBOLS, "5m", risk=risk)


def windowed(strategy: Strategy, feeds: list[Feed], edges: Sequence[int], limits: LimitSpec = NO_LIMITS) -> Run:
    """The run window by window."""
    described = replace(spec(strategy), limits=limits)
    return run_windows(described, timed_wishes(described, strategy, feeds), cut(feeds, edges))


@pytest.mark.parametrize("marked", [False, True])
@pytest.mark.parametrize("strategy", [MaCrossover(fast=5, slow=20), Patient()])
@pytest.mark.parametrize("edges", [(0, BARS), (0, 1, 2, 3, 350, 351, 700, BARS), range(0, BARS + 1, 60)])
def test_windows_change_nothing(edges: Sequence[int], strategy: Strategy, marked: bool) -> None:
    """Fills, orders, payments, refusals, equity and the account: the same bytes, wherever the run is put down."""
    feeds = market(marked=marked)
    whole = run_backtest(spec(strategy), strategy, feeds)
    parts = windowed(strategy, feeds, edges)

    assert whole.world.fills.size > 20
    for name in ("fills", "closed", "payments", "refusals", "equity", "account", "positions"):
        assert getattr(whole.world, name).tolist() == getattr(parts.world, name).tolist(), name
    assert [whole.market.ts_open.tolist(), whole.market.ts_close.tolist()] == [
        parts.market.ts_open.tolist(), parts.market.ts_close.tolist()]  # fmt: skip
    assert whole.market.signals.tolist() == parts.market.signals.tolist()


@pytest.mark.parametrize("edges", [(0, 1, 2, 3, 350, 351, 700, BARS), range(0, BARS + 1, 60)])
def test_windows_remember_what_limits_look_at(edges: Sequence[int]) -> None:
    """Days, weeks, peaks and losses in a row go on through every seam: the same refusals, the same account."""
    strategy, feeds = MaCrossover(fast=5, slow=20), market()
    whole = run_backtest(replace(spec(strategy), limits=NARROW), strategy, feeds)
    parts = windowed(strategy, feeds, edges, NARROW)

    reasons = set(whole.world.refusals["code"].tolist())
    assert {Code.DAY_LOSS_REACHED, Code.LOSSES_IN_A_ROW, Code.COOLING_DOWN} <= reasons
    for name in ("fills", "closed", "refusals", "equity", "account", "positions"):
        assert getattr(whole.world, name).tolist() == getattr(parts.world, name).tolist(), name


def test_funding_of_many_windows_does_not_make_other_logs_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Payments have room for each window; fills and orders grow as often as where all bars are one window."""
    described, feeds = spec(MaCrossover(fast=5, slow=20)), market()
    grown: list[int] = []
    monkeypatch.setattr("tradewright.engine.windows.grown", lambda world, code: grown.append(code) or enlarge(world))
    counts = []
    for edges in ((0, BARS), range(0, BARS + 1, 60)):
        grown.clear()
        done = run_windows(described, timed_wishes(described, MaCrossover(fast=5, slow=20), feeds), cut(feeds, edges))
        counts.append((len(grown), done.world.payments.size))

    assert counts == [(1, 22), (1, 22)]


def test_windows_without_bars_are_passed_over() -> None:
    """A venue may have stood still."""
    feeds = market()
    edges = [0, 600, BARS, BARS + 100, BARS + 200]
    assert windowed(Patient(), feeds, edges).world.fills.size > 20


def test_no_bars_at_all_are_an_error() -> None:
    """As in a run over all bars."""
    with pytest.raises(DataError, match="no bars"):
        windowed(Patient(), market(), (BARS + 1, BARS + 2))


def test_a_strategy_that_must_be_asked_is_refused() -> None:
    """It has no columns."""
    with pytest.raises(StrategyError, match="signals by columns"):
        timed_wishes(spec(Asked()), Asked(), market())
