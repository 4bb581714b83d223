"""Bars as they close, as a Backtrader data feed: first the history, then the stream."""

from __future__ import annotations

import queue
from collections import deque
from typing import Any

from tradewright.adapters.backtrader.feed import BarsFeed, bars_feed, feed_terms, rows_of
from tradewright.domain.instrument import Instrument
from tradewright.market.bars import Bars, empty_bars
from tradewright.ports.bar_stream import BarStream

__all__ = ["BarQueue", "LiveBarsFeed", "bars_feed", "live_feed"]


class BarQueue:
    """A `BarStream` that another thread fills: the driver of a live feed puts, Backtrader takes."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Bars | None] = queue.SimpleQueue()
        self._ended = False

    def put(self, bars: Bars) -> None:
        """Hand over bars that have closed."""
        self._queue.put(bars)

    def end(self) -> None:
        """Say that no more will come; what was put before is still given."""
        self._queue.put(None)

    def take(self, timeout_s: float) -> Bars | None:
        """See `BarStream`."""
        if self._ended:
            return None
        try:
            bars = self._queue.get(timeout=timeout_s)
        except queue.Empty:
            return empty_bars()
        self._ended = bars is None
        return bars


class LiveBarsFeed(BarsFeed):
    """History, then each bar of a stream at its close; `notify_data` tells LIVE, and DISCONNECTED where bars miss.

    A bar that the strategy has seen already is passed over: where history and stream overlap, and where a feed that
    was connected anew repeats itself.
    """

    # So many seconds are waited for a bar: without that Backtrader asks without a pause.
    params = (("stream", None), ("on_ticks", None), ("qcheck", 0.2))

    def start(self) -> None:
        """Begin with the history."""
        super().start()
        self._waiting: deque[tuple[float, ...]] = deque()
        self._last_close = 0.0
        self._status = self.DELAYED
        self.put_notification(self.DELAYED)

    def islive(self) -> bool:
        """Bars come one by one: nothing may be loaded ahead."""
        return True

    def haslivedata(self) -> bool:
        """Whether a bar waits to be seen."""
        return bool(self._waiting)

    def _load(self) -> bool | None:
        if super()._load():
            self._last_close = self.lines.datetime[0]
            return True
        if self._status == self.DELAYED:
            self._tell(self.LIVE)
        if not self._waiting:
            bars = self.p.stream.take(self._qcheck)
            if bars is None:
                return False
            self._waiting.extend(self.p.on_ticks(bars))
        return self._load_next()

    def _load_next(self) -> bool | None:
        while self._waiting:
            row = self._waiting.popleft()
            if row[0] <= self._last_close:
                continue
            self._watch_holes(row[0])
            self._last_close = row[0]
            self._put_row(row)
            return True
        return None

    def _watch_holes(self, close: float) -> None:
        if self._last_close and close - self._last_close > 1.5 * self.p.length_days:
            self._tell(self.DISCONNECTED)
            self._tell(self.LIVE)

    def _tell(self, status: int) -> None:
        self._status = status
        self.put_notification(status)


def live_feed(history: Bars, stream: BarStream, instrument: Instrument, name: str) -> LiveBarsFeed:
    """Make a feed that goes on where `history` ends.

    Args:
        history: closed bars, at least one: they tell the timeframe, and warm indicators up.
        stream: of the same instrument and timeframe.
        instrument: prices are moved to its ticks.
        name: of the feed.
    """

    def on_ticks(bars: Bars) -> Any:
        return rows_of(bars, instrument)

    return LiveBarsFeed(stream=stream, on_ticks=on_ticks, **feed_terms(history, instrument, name))
