"""Compile every kernel once, at set-up, so that no user waits: `python -m tradewright.bootstrap.warm`."""

from __future__ import annotations

import gc
import multiprocessing
import os
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from tradewright import kernels
from tradewright.domain.enums import EventKind, OrderType, QueueModel, TriggerBy
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import FillSpec, RunSpec
from tradewright.domain.tape import TapeSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.backtest import run_backtest
from tradewright.engine.drilling import HeldBars
from tradewright.engine.feed import Feed
from tradewright.engine.tape_run import run_tape
from tradewright.features import chart_patterns, pivots, smart_money
from tradewright.features.catalog import CATALOG
from tradewright.features.crossing import crossed_above
from tradewright.features.levels import LevelStream
from tradewright.features.native import NATIVE
from tradewright.kernels import columns, indicators
from tradewright.kernels.compiling import cache_folder
from tradewright.kernels.door import Intent, submit, submit_by_mark, submit_closing, trail
from tradewright.kernels.indicators.gaps import is_whole
from tradewright.kernels.replay_records import Replay
from tradewright.market.bars import Bars
from tradewright.market.events import EVENT
from tradewright.market.resample import resample
from tradewright.market.synthetic import synthesise
from tradewright.market.tape import make_tape
from tradewright.services.strategies import find_strategies
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.playback import play
from tradewright.strategy.strategy import Strategy

__all__ = ["warm"]

_BARS = 2_000
_ENOUGH = 4 << 30
"""Bytes of memory from which on set-up may take two gigabytes of it."""
_MINUTE, _QUARTER = Timeframe.parse("1m"), Timeframe.parse("15m")
_INSTRUMENT = Instrument("BTC/USDT:USDT", "warm")


def warm() -> float:
    """Run whatever is compiled, side by side on the processors that there are; returns the seconds it took.

    What was compiled from kernels as they were before is removed: it would never be loaded again.
    """
    begin = time.perf_counter()
    for package in (kernels, columns, indicators):
        kept = cache_folder(Path(str(package.__file__)).parent)
        for folder in kept.parent.glob("numba-*"):
            if folder != kept:
                shutil.rmtree(folder, ignore_errors=True)
    jobs: tuple[Callable[[], None], ...] = (warm_engine, warm_tape, warm_features)
    workers = min(len(jobs), os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _leave_garbage) as pool:
        for job in [pool.submit(job) for job in jobs]:
            job.result()
    return time.perf_counter() - begin


def _leave_garbage() -> None:
    # The compiler makes millions of objects that stay until it is done: to look through them again and again takes a
    # quarter of its time. Left alone, a process needs 1.2 GB and no 0.7.
    if os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >= _ENOUGH:
        gc.disable()


def warm_engine() -> None:
    """The engine over bars: one run, with a doubt that finer bars decide."""
    minutes, bars = _bars()
    # Stop and target so near that many a bar holds both.
    strategy = find_strategies().create("simple_test", {"every": 4, "stop_atr": 0.1})
    feed = _feed(strategy, bars, HeldBars(minutes, "1m"))
    run = run_backtest(_spec(strategy), strategy, [feed])
    if not sum(one.bars for one in run.drilled):
        raise AssertionError("no bar was drilled, so that kernel was not compiled")


def warm_tape() -> None:
    """The engine over ticks and books: two trades, and an order between them."""
    events = np.zeros(2, EVENT)
    events["ts_exchange"] = events["ts_local"] = (10**9, 2 * 10**9)
    events["sequence"], events["last"] = (1, 2), True
    events["kind"], events["side"], events["ticks"], events["lots"] = EventKind.TRADE, 1, 1_000, 10

    def order(replay: Replay) -> None:
        intent = Intent(1, 0, 0, 0, 1, 0, False)
        submit(replay, intent)
        submit_by_mark(replay, intent)
        submit_closing(replay, -1, OrderType.STOP_MARKET.value, 900, TriggerBy.LAST.value)
        trail(replay, -1, 10, 0, 1, True)

    run_tape(order, make_tape(events), _INSTRUMENT, TapeSpec(queue=QueueModel.TOUCH))


def warm_features() -> None:
    """What strategies and indicators compile for themselves."""
    _, bars = _bars()
    registry = find_strategies()
    for name in registry.names():
        strategy = registry.create(name)
        play(strategy, ClosedBars(bars, _feed(strategy, bars).htf), last=2)
    is_whole(bars.close)
    crossed_above(bars.close, bars.open)
    smart_money.read(bars)
    chart_patterns.find(bars, pivots.zigzag(bars))
    LevelStream().update(bars.high.item(0), bars.low.item(0), bars.close.item(0), bars.volume.item(0))
    for name, native in NATIVE.items():
        row = CATALOG[name]
        inputs = [np.ascontiguousarray(getattr(bars, column, bars.close), np.float64) for column in row.columns]
        native.going([one.default for one in row.parameters], len(row.results))(inputs)


def _bars() -> tuple[Bars, Bars]:
    minutes = synthesise(_MINUTE, 0, 15 * _BARS, 1)
    return minutes, resample(minutes, _MINUTE, _QUARTER)


def _feed(strategy: Strategy, bars: Bars, finer: HeldBars | None = None) -> Feed:
    htf = resample(bars, _QUARTER, Timeframe.parse(strategy.htf)) if strategy.htf else None
    return Feed(_INSTRUMENT, bars, htf, finer=finer)


def _spec(strategy: Strategy) -> RunSpec:
    symbols = (_INSTRUMENT.symbol,)
    fills = FillSpec(ambiguity="subbar")
    return RunSpec(strategy.name, strategy.version, strategy.params, "warm", symbols, "15m", strategy.htf, fills=fills)


if __name__ == "__main__":
    print(f"kernels ready in {warm():.1f} s")  # noqa: T201 - the whole purpose of the command line
