"""One instrument's bars in a run whose bars come one by one: those of its strategy's timeframe, and of a higher one."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from tradewright.domain.timeframe import Timeframe
from tradewright.engine.feed import Feed
from tradewright.engine.growing_bars import GrowingBars
from tradewright.market.bars import Bars, empty_bars, joined_bars, slice_bars
from tradewright.market.resample import resample
from tradewright.market.steps import Bar
from tradewright.strategy.closed_bars import ClosedBars

__all__ = ["Seat"]

_GROWING = ("context", "bars", "htf", "mark")


class Seat:
    """What one instrument has shown so far.

    Args:
        feed: with what was known before the run in its `context` and `htf`; its `bars` are not used.
        timeframe: of the bars.
        htf: higher timeframe that its strategy needs, or None.
    """

    def __init__(self, feed: Feed, timeframe: Timeframe, htf: Timeframe | None) -> None:
        self._feed, self._timeframe, self._htf = feed, timeframe, htf
        self._lasting = {one.name: getattr(feed, one.name) for one in fields(feed) if one.name not in _GROWING}
        known = feed.context or empty_bars()
        self._bars = GrowingBars(known)
        self._marks = GrowingBars(empty_bars()) if feed.mark is not None else None
        higher = feed.htf or empty_bars()
        if htf is not None:
            higher = _since(higher, known, timeframe, htf)
        self._higher = GrowingBars(higher)

    def add(self, ts_open: int, ts_close: int, bar: Bar, mark: Bar | None) -> None:
        """Take the bar that has closed."""
        self._bars.add(ts_open, ts_close, bar)
        if self._marks is not None and mark is not None:
            self._marks.add(ts_open, ts_close, mark)
        if self._htf is not None:
            known = self._higher.bars
            if not known.ts_close.size or ts_close >= known.ts_close[-1] + self._htf.ns:
                added = _since(known, self._bars.bars, self._timeframe, self._htf)
                self._higher.extend(slice_bars(added, known.ts_close.size, added.ts_close.size))

    def __len__(self) -> int:
        return len(self._bars)

    @property
    def closed(self) -> ClosedBars:
        """What its strategy may see now."""
        return ClosedBars(self._bars.bars, None if self._htf is None else self._higher.bars)

    def close_at(self, ts: int) -> float:
        """The last price known at a time, UTC ns; quote per base."""
        bars = self._bars.bars
        return float(bars.close[np.searchsorted(bars.ts_close, ts, "right") - 1])

    @property
    def feed(self) -> Feed:
        """The instrument with all of its bars so far."""
        return self.feed_since(self._feed.before)

    def feed_since(self, before: int) -> Feed:
        """The instrument as one who trades its bars from number `before` on has it: the rest is context."""
        bars = self._bars.bars
        return Feed(
            **self._lasting,
            context=slice_bars(bars, 0, before) if before else None,
            bars=slice_bars(bars, before, bars.ts_open.size),
            htf=None if self._htf is None else self._higher.bars,
            mark=None if self._marks is None else self._marks.bars,
        )


def _since(higher: Bars, bars: Bars, timeframe: Timeframe, htf: Timeframe) -> Bars:
    # What is known of the higher timeframe, and what has closed of it since then.
    begin = int(higher.ts_close[-1]) if higher.ts_close.size else int(bars.ts_open[0]) if bars.ts_open.size else 0
    # From the bar before on: it shows that the data did not begin half-way into the next span.
    first = max(int(np.searchsorted(bars.ts_open, begin)) - 1, 0)
    made = resample(slice_bars(bars, first, bars.ts_open.size), timeframe, htf)
    new = int(np.searchsorted(made.ts_open, begin)) if higher.ts_close.size else 0
    return joined_bars(higher, slice_bars(made, new, made.ts_open.size))
