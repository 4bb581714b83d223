"""The steps of bars that are known: what a session would have been told while they happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from tradewright.domain.run import RunSpec
from tradewright.engine.feed import Feed
from tradewright.engine.funding import funding_schedule
from tradewright.engine.grid import Grid, lay_grid
from tradewright.market.bars import Bars
from tradewright.market.steps import Bar, Funding, Step

__all__ = ["steps_of"]


def steps_of(spec: RunSpec, feeds: Sequence[Feed]) -> Iterator[Step]:
    """Each step of the run that a backtest of these feeds would be, in order of time.

    Args:
        spec: of the run; it says what funding is assumed where none is recorded.
        feeds: one for each instrument; some may have no bars.

    Raises:
        DataError: instruments have bars of different lengths.
        InvalidValue: a price rounds to no tick above zero.
    """
    if not any(feed.bars.ts_open.size for feed in feeds):
        return
    grid = lay_grid(feeds)
    payments = _payments(spec, feeds, grid)
    places = {feed.instrument.symbol: (feed.bars, feed.mark) for feed in feeds}
    for at, (ts_open, ts_close) in enumerate(zip(grid.ts_open.tolist(), grid.ts_close.tolist(), strict=True)):
        bars, marks = {}, {}
        for symbol, (traded, marked) in places.items():
            if (bar := _bar_at(traded, ts_open)) is not None:
                bars[symbol] = bar
                if marked is not None and (mark := _bar_at(marked, ts_open)) is not None:
                    marks[symbol] = mark
        yield Step(ts_open, ts_close, bars, marks, payments.get(at, ()))


def _bar_at(bars: Bars, ts_open: int) -> Bar | None:
    row = int(np.searchsorted(bars.ts_open, ts_open))
    if row == bars.ts_open.size or bars.ts_open[row] != ts_open:
        return None
    return Bar(*(float(column[row]) for column in bars[2:]))


def _payments(spec: RunSpec, feeds: Sequence[Feed], grid: Grid) -> dict[int, tuple[Funding, ...]]:
    schedule = funding_schedule(feeds, grid, spec.costs.funding_rate)
    by_step: dict[int, tuple[Funding, ...]] = {}
    for event in schedule.events:
        feed, ts = feeds[int(event["instrument"])], int(event["ts"])
        is_known = feed.funding is not None and bool((feed.funding[0] == ts).any())
        own = Funding(feed.instrument.symbol, ts, float(event["rate"]), is_assumed=not is_known)
        by_step[int(event["step"])] = (*by_step.get(int(event["step"]), ()), own)
    return by_step
