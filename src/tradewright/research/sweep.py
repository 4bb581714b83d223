"""One strategy with many parameter sets on the same bars."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from tradewright.domain.errors import InvalidValue
from tradewright.domain.run import RunSpec
from tradewright.engine.backtest import Run, run_backtest, tried
from tradewright.engine.feed import Feed
from tradewright.strategy.strategy import Strategy

__all__ = ["sweep"]

T = TypeVar("T")


def sweep(
    spec: RunSpec, strategies: Sequence[Strategy], feeds: Sequence[Feed], keep: Callable[[Run], T], threads: int = 1
) -> list[T]:
    """Run each strategy for itself, each in an account of its own; the market is laid on its time grid only once.

    Kernels and large column operations let other threads run beside them, so two threads do nearly twice as much. What
    comes out does not depend on the number of threads.

    Args:
        spec: of the runs; the name, version and parameters of each strategy take the place of its own.
        strategies: with their parameters set.
        feeds: one for each of `spec.instruments`, in that order.
        keep: takes from a finished run what is wanted of it; the run itself is dropped, so that memory stays flat.
        threads: how many runs go on at one time.

    Returns:
        What `keep` gave, in the order of `strategies`.

    Raises:
        InvalidValue: fewer than one thread.
        DataError: see `run_backtest`.
        StrategyError: a strategy fails; the first in their order speaks.
    """
    if threads < 1:
        raise InvalidValue("threads", threads, "a whole number of at least 1")
    if not strategies:
        return []
    first = run_backtest(_spec_of(spec, strategies[0]), strategies[0], feeds)

    def outcome(strategy: Strategy) -> T:
        return keep(tried(first, _spec_of(spec, strategy), strategy))

    with ThreadPoolExecutor(threads) as pool:
        return [keep(first), *pool.map(outcome, strategies[1:])]


def _spec_of(spec: RunSpec, strategy: Strategy) -> RunSpec:
    return replace(spec, strategy=strategy.name, strategy_version=strategy.version, params=strategy.params)
