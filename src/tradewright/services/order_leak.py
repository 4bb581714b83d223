"""The leak test of strategies that give orders, in an engine: what they do once something is held, open or filled.

`strategy.leak` plays a strategy flat. Here it trades, and the future is cut off: commands and signals up to the cut
must be the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.errors import InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import RiskSpec, RunSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.domain.times import iso
from tradewright.engine.backtest import run_backtest
from tradewright.engine.feed import Feed
from tradewright.engine.wishes import Wishes
from tradewright.market.bars import slice_bars
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.leak import LeakFinding, LeakPassport
from tradewright.strategy.strategy import Strategy

__all__ = ["with_orders"]

_BARS = 1_000
_CUTS = 6
_MOST_FINDINGS = 3
_CAUSE = "what it does while something is held, open or filled changes with bars that come later"
_OTHER_BARS = "fails on other bars"
_WHEN_TRADED = "fails when it trades"

Values = tuple[str, str, str]


def with_orders(passport: LeakPassport, strategy: Strategy, closed: ClosedBars) -> LeakPassport:
    """The passport of a strategy, and what an engine adds to it: the future is cut off after twelve more bars.

    Six of them are spread over the last thousand bars, six are those of commands, evenly chosen. Strategies that offer
    signals by columns cannot know what is held, and one that gives no orders is told nothing new: theirs is left as it
    is.

    Args:
        passport: of `leak_passport`, for the same strategy and bars.
        strategy: left as it is.
        closed: bars to test on.
    """
    if strategy.has_signals or len(closed) == 0:
        return passport
    trial = _Trial(strategy, closed)
    findings = list(islice(trial.findings(passport.seed), _MOST_FINDINGS))
    told = (*passport.findings, *findings)
    return replace(passport, passed=not told, cuts=passport.cuts + trial.cuts, findings=told)


class _Trial:
    def __init__(self, strategy: Strategy, closed: ClosedBars) -> None:
        self.strategy, self.cuts = strategy, 0
        self.risk = RiskSpec(**strategy.risk)
        self.offset = max(len(closed) - _BARS, 0)
        self.bars = slice_bars(closed.ltf, self.offset, len(closed))
        self.htf = closed.htf if closed.has_htf else None

    def findings(self, seed: int) -> Iterator[LeakFinding]:
        last = self.bars.close.size - 1
        try:
            whole = self.whole(last)
        except Exception as error:  # noqa: BLE001 - a plug-in may raise anything; that it does is the finding
            yield self.finding(last, last, _failure(error), _WHEN_TRADED)
            return
        if whole.commands.size:
            for cut in _cuts(whole, last + 1, seed):
                self.cuts += 1
                yield from self.changed(whole, cut)

    def whole(self, last: int) -> Wishes:
        try:
            return self.traded(last)
        except InvalidValue as error:
            if error.field != "position_side":
                raise
        # It says of which position its orders are, and not by its `risk` that it needs a hedge.
        self.risk = replace(self.risk, position_mode="hedge")
        return self.traded(last)

    def traded(self, last: int) -> Wishes:
        # Copied, because a slice still holds on to the rows that it hides.
        known, htf = deepcopy(slice_bars(self.bars, 0, last + 1)), self.htf
        if htf is not None:
            until = int(np.searchsorted(htf.ts_close, known.ts_close[-1], side="right"))
            htf = deepcopy(slice_bars(htf, 0, until))
        own, some = self.strategy, _instrument(float(known.close[0]))
        length = str(Timeframe(int(known.ts_close[0] - known.ts_open[0])))
        spec = RunSpec(own.name, own.version, own.params, some.venue, (some.symbol,), length, risk=self.risk)
        return run_backtest(spec, own, [Feed(some, known, htf)], "on_bar").wishes

    def changed(self, whole: Wishes, cut: int) -> Iterator[LeakFinding]:
        try:
            short = self.traded(cut)
        except Exception as error:  # noqa: BLE001 - as above
            yield self.finding(cut, cut, _failure(error), _OTHER_BARS)
            return
        for first, second in ((whole.commands, short.commands), (whole.rows, short.rows)):
            found = _first_unlike(first[first["step"] <= cut], second)
            if found is not None:
                yield self.finding(cut, *found, _CAUSE)
                return

    def finding(self, cut: int, bar: int, values: Values, cause: str) -> LeakFinding:
        at = iso(int(self.bars.ts_close[bar]))
        return LeakFinding("trade", self.offset + cut, self.offset + bar, at, *values, cause)


def _instrument(price: float) -> Instrument:
    # Steps that suit the price: seven digits of it, and lots worth about a thousandth.
    digits = math.floor(math.log10(price))
    return Instrument("ANY/QUOTE:QUOTE", "any", f"1e{digits - 6}", f"1e{-3 - digits}", min_notional=0.0)


def _failure(error: Exception) -> Values:
    return "error", "orders", f"{type(error).__name__}: {error}"


def _cuts(whole: Wishes, size: int, seed: int) -> list[int]:
    steps = np.unique(whole.commands["step"])
    chosen = steps[np.linspace(0, steps.size - 1, min(_CUTS, steps.size)).astype(np.int64)]
    return sorted({*chosen.tolist(), *np.random.default_rng(seed).integers(0, size, _CUTS).tolist()})


def _first_unlike(first: NDArray[np.void], second: NDArray[np.void]) -> tuple[int, Values] | None:
    # Step of the first difference, and what differs: name, before, after.
    shared = min(first.size, second.size)
    for row in np.flatnonzero(first[:shared] != second[:shared])[:1]:
        one, other = first[row], second[row]
        name = next(name for name in first.dtype.names or () if one[name] != other[name])
        return int(min(one["step"], other["step"])), (f"order.{name}", f"{one[name]}", f"{other[name]}")
    if first.size == second.size:
        return None
    lone = (first if first.size > second.size else second)[shared]
    return int(lone["step"]), ("order", f"{first.size} of them", f"{second.size} of them")
