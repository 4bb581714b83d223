"""A backtest in windows of time: what it holds in memory does not grow with the length of the data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import starmap
from typing import TypeVar

from tradewright.domain.errors import InvalidValue
from tradewright.domain.run import FillSpec, RunSpec
from tradewright.engine.ambiguity import spread_between
from tradewright.engine.backtest import Progress, Run, no_progress
from tradewright.engine.cast import each_leg, legs_of
from tradewright.engine.feed import Feed
from tradewright.engine.one_by_one import OneByOne
from tradewright.engine.windows import check_reach, run_windows, timed_wishes
from tradewright.services.backtests import BacktestRequest, Backtests, Kept
from tradewright.services.stored_feeds import StoredFeeds

__all__ = ["WindowedBacktests"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class WindowedBacktests:
    """Runs backtests whose bars are read twice and more, and never held all at once; the results are the same.

    First the strategy speaks of one instrument after the other, with all bars of that one; then the account goes
    through windows of time, with the bars of all instruments in each.

    Args:
        backtests: by which a backtest is run at once; data, strategies and results are theirs.
        days: length of a window.
    """

    backtests: Backtests
    days: int

    def run(self, request: BacktestRequest, progress: Progress = no_progress) -> Kept:
        """Run a request, judge what came out, and keep it.

        Args:
            request: what is asked for.
            progress: told how far the run is, in instruments and windows; it may raise to cancel.

        Raises:
            TradewrightError: whatever is wrong with the request, by field, or cannot be done in windows; nothing is
                written then.
        """
        if self.days < 1:
            raise InvalidValue("--window", self.days, "a day or more")
        if request.path == "on_bar":
            raise InvalidValue("--path", request.path, "auto or signals, as --window needs")
        strategy = self.backtests.strategies.create(request.strategy, request.params)
        spec = self.backtests.describe(request, strategy)
        check_reach(spec)
        stored = StoredFeeds(
            self.backtests.market_data,
            spec,
            load=lambda symbol: self.backtests.feed(spec, symbol, spec.htf),
            context=lambda symbol: self.backtests.context(spec, symbol, spec.htf),
        )
        steps = _Steps(len(spec.instruments), progress)
        wishes = timed_wishes(spec, strategy, steps.through(stored.each()))
        windows, feeds = stored.windows(self.days), _rows(stored, spec)
        steps.total += len(windows)

        def through_time(fills: FillSpec) -> Run:
            return run_windows(replace(spec, fills=fills), wishes, starmap(stored.within, windows), feeds)

        run = run_windows(spec, wishes, steps.through(starmap(stored.within, windows)), feeds)
        passport = self.backtests.passport(run, strategy)
        return self.backtests.keep(run, passport, spread=spread_between(run, through_time))


def _rows(stored: StoredFeeds, spec: RunSpec) -> OneByOne[Feed]:
    # The whole feed of each row of the account; both legs of a hedge are of one that is loaded once.
    rows = each_leg(range(len(spec.instruments)), legs_of(spec))
    seats = OneByOne(len(spec.instruments), stored.whole)
    return OneByOne(len(rows), lambda row: seats[rows[row]])


class _Steps:
    # Tells how many instruments and windows have been gone through.

    def __init__(self, total: int, progress: Progress) -> None:
        self.total, self._progress, self._done = total, progress, 0

    def through(self, items: Iterable[T]) -> Iterator[T]:
        for item in items:
            self._progress(self._done, self.total)
            yield item
            self._done += 1
        self._progress(self._done, self.total)
