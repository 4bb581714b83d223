"""The jobs on Tradewright. Usage: python ours.py (A | B | C | D) FOLDER [--bars N]."""

from __future__ import annotations

import argparse
import tracemalloc
from collections.abc import Callable
from typing import ClassVar

import numpy as np
from jobs import (
    CASH,
    FAST,
    FEE,
    FUNDING_HOURS,
    FUNDING_RATE,
    GRID,
    MARKET,
    SHARE,
    SLOW,
    STOP,
    TARGET,
    WARM_UP,
    Outcome,
    measure,
    say,
    wish,
)
from market import SYMBOLS, read
from unfunded import Unfunded, without_funding

from tradewright import Param, Signals, Strategy, __version__, ta
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import CostSpec, FillSpec, RiskSpec, RunSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.backtest import Run, run_backtest
from tradewright.engine.feed import Feed
from tradewright.engine.world import new_world
from tradewright.kernels.loop import ALL_KNOWN, run_steps
from tradewright.market.bars import make_bars
from tradewright.research.sweep import sweep
from tradewright.risk.policy import rules_of

START_NS = 1_672_531_200_000_000_000
WHO = f"tradewright {__version__}"


class Cross(Strategy):
    """Turn the position round where the averages cross."""

    version = "1.0.0"
    fast: int = Param(FAST, low=1, doc="bars in the fast average")
    slow: int = Param(SLOW, low=2, doc="bars in the slow average")

    def signals(self, bars):
        """See the class."""
        fast, slow = ta.sma(bars.close, self.fast), ta.sma(bars.close, self.slow)
        return Signals.from_masks(bars, long=ta.crossed_above(fast, slow), short=ta.crossed_below(fast, slow))


class Bracket(Strategy):
    """Enter where the exponential averages cross, with a stop and a target."""

    version = "1.0.0"

    def signals(self, bars):
        """See the class."""
        close = bars.close
        fast, slow = ta.ema(close, FAST), ta.ema(close, SLOW)
        up, down = ta.crossed_above(fast, slow), ta.crossed_below(fast, slow)
        up[:WARM_UP] = down[:WARM_UP] = False
        return Signals.from_masks(
            bars, long=up, short=down,
            stop_loss=(close * (1 - STOP), close * (1 + STOP)),
            take_profit=(close * (1 + TARGET), close * (1 - TARGET)),
        )  # fmt: skip


def feeds_of(asked: argparse.Namespace) -> list[Feed]:
    """The market of a job as feeds; ticks of a hundredth of a cent, so that no stop of one per cent is rounded."""
    name = MARKET[asked.job]
    frame = Timeframe.parse("1m" if name == "minutes" else "5m")
    columns = {key: np.atleast_2d(values) for key, values in read(asked.folder, name, asked.bars).items()}
    stamps = START_NS + frame.ns * np.arange(columns["close"].shape[1], dtype=np.int64)
    feeds = []
    for k in range(columns["close"].shape[0]):
        prices = tuple(columns[key][k] for key in ("open", "high", "low", "close"))
        instrument = Instrument(
            f"BTC{k}/USDT:USDT", "synthetic", tick_size="0.0001", min_notional=0.0, maker_fee=FEE, taker_fee=FEE,
            funding_hours=FUNDING_HOURS,
        )  # fmt: skip
        feeds.append(Feed(instrument, make_bars(stamps, prices, columns["volume"][k], frame)))
    return feeds


def spec_of(strategy: Strategy, feeds: list[Feed]) -> RunSpec:
    """What all jobs share: funding paid, margin and liquidation checked, no slippage, no limit to participation."""
    count = len(feeds)
    return RunSpec(
        strategy.name, strategy.version, strategy.params, "synthetic", tuple(feed.instrument.symbol for feed in feeds),
        "1m", balance=CASH * count,
        costs=CostSpec(slippage_bps=0.0, spread_bps=0.0, funding_rate=FUNDING_RATE),
        fills=FillSpec(participation=0.0),
        risk=RiskSpec(
            sizing="equity_fraction", size=SHARE / count, min_reward_risk=0.0, require_stop=False, require_target=False,
            max_positions=SYMBOLS, on_opposite="ignore" if isinstance(strategy, Bracket) else "reverse",
        ),
    )  # fmt: skip


def outcome(run: Run) -> Outcome:
    """Positions opened, and what the account is worth at the end."""
    fills = run.world.fills
    return int((fills["lots"] > fills["closed_lots"]).sum()), float(run.world.equity[-1])


def total(outcomes: list[Outcome]) -> Outcome:
    """Of many runs together."""
    return sum(trades for trades, _ in outcomes), sum(equity for _, equity in outcomes)


def facts_of(audits: list[Unfunded]) -> dict[str, float]:
    """Money of many runs together as the peers would have it, and what funding took."""
    return {
        "equity": sum(one.equity for one in audits),
        "funding_paid": sum(one.paid for one in audits),
        "books_apart": max(one.books_apart for one in audits),
    }


def kernels_alone(run: Run) -> Callable[[], Outcome]:
    """The compiled loop over prepared columns: what the engine itself costs."""
    rules = rules_of(run.spec)

    def call() -> Outcome:
        world = new_world(run.market, run.spec.balance, run.market.signals.size)
        run_steps(world, run.market, rules, run.market.ts_open.size, ALL_KNOWN)
        return int(world.account[0]["n_fills"]), float(world.equity[-1])

    return call


class Ready(Strategy):
    """Says what was said before: what a run then holds is the engine's own."""

    version = "1.0.0"
    said: ClassVar[list[tuple[np.ndarray, Signals]]] = []

    def signals(self, bars):
        """See the class."""
        return next(signals for begin, signals in self.said if (begin == bars.close[:100]).all())


def peak_bytes(call: Callable[[], object]) -> int:
    """The most memory that a call holds at one time, above its input."""
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def say_memory(asked: argparse.Namespace, feeds: list[Feed], strategy: Strategy, call: Callable[[], object]) -> None:
    """Bytes for each bar of the market: of the whole call, and of the engine over signals that were there before."""
    bars = sum(feed.bars.close.size for feed in feeds)
    Ready.said = [(feed.bars.close[:100], strategy.signals(feed.bars)) for feed in feeds]
    spec = spec_of(strategy, feeds)
    say(
        job=asked.job, who=WHO, way="memory", cut=asked.bars, bytes_per_bar=peak_bytes(call) / bars,
        engine_bytes_per_bar=peak_bytes(lambda: run_backtest(spec, Ready(), feeds, "signals")) / bars,
    )  # fmt: skip


def measure_sweep(asked: argparse.Namespace, feeds: list[Feed]) -> None:
    """Job C, on one thread and on two."""
    strategies = [Cross(fast=fast, slow=slow) for fast, slow in GRID[: asked.pairs]]
    spec = spec_of(strategies[0], feeds)
    bars = feeds[0].bars.close.size * len(strategies)
    facts = facts_of(sweep(spec, strategies, feeds, without_funding))
    for way, threads in (("public call", 1), ("public call, two threads", 2)):
        measure(
            WHO, way, asked, bars, lambda threads=threads: total(sweep(spec, strategies, feeds, outcome, threads)),
            **facts,
        )  # fmt: skip
    say_memory(asked, feeds, strategies[0], lambda: sweep(spec, strategies, feeds, outcome))


def main() -> None:
    """Measure each way of the job, one row each."""
    asked = wish()
    feeds = feeds_of(asked)
    if asked.job == "C":
        measure_sweep(asked, feeds)
        return
    strategy = Bracket() if asked.job == "B" else Cross()
    spec = spec_of(strategy, feeds)

    def call() -> Run:
        return run_backtest(spec, strategy, feeds)

    run = call()
    bars = run.market.close.size
    facts = facts_of([without_funding(run)])
    measure(WHO, "public call", asked, bars, lambda: outcome(call()), **facts)
    measure(WHO, "compiled loop", asked, bars, kernels_alone(run), **facts)
    del run
    say_memory(asked, feeds, strategy, call)


if __name__ == "__main__":
    main()
