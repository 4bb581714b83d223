"""What a venue's stream has told of a session's bars: used only where nothing of it is missing."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tradewright.domain.errors import DataError
from tradewright.domain.market_events import Bar, Mark, MarketEvent
from tradewright.domain.timeframe import SECOND_NS, Timeframe
from tradewright.market.bars import Bars, make_bars
from tradewright.market.steps import Bar as ClosedBar
from tradewright.market.steps import Step, check_step

__all__ = ["HeardBars"]

_MARK_GAP_NS = 5 * SECOND_NS


@dataclass(slots=True)
class _Marks:
    # Mark prices of one bar, as they were told.
    open: float
    high: float
    low: float
    close: float
    last: int
    is_whole: bool


class HeardBars:
    """Closed bars and mark prices as they are told, until they are used.

    A stretch is given where it has every bar; of marks, where none came more than five seconds after the one before.

    Args:
        symbols: of the session.
        frame: length of its bars.
    """

    def __init__(self, symbols: Sequence[str], frame: Timeframe) -> None:
        self._frame, self._count = frame, len(symbols)
        self._bars: dict[str, dict[int, Bar]] = {symbol: {} for symbol in symbols}
        self._marks: dict[str, dict[int, _Marks]] = {symbol: {} for symbol in symbols}
        self._told: Counter[int] = Counter()
        self._doubted: set[str] = set()
        self._news = asyncio.Event()

    def hear(self, event: MarketEvent) -> None:
        """Take what was told; a bar that makes no sense is as good as none."""
        if isinstance(event, Bar) and event.ts_open not in self._bars[event.symbol] and _is_sound(event):
            self._bars[event.symbol][event.ts_open] = event
            self._told[event.ts_open] += 1
            if self._told[event.ts_open] == self._count:
                self._news.set()
        elif isinstance(event, Mark):
            self._hear_mark(event)

    def _hear_mark(self, mark: Mark) -> None:
        own, begin = self._marks[mark.symbol], self._frame.floor(mark.ts)
        known = own.get(begin)
        if known is None:
            is_whole = mark.ts - begin <= _MARK_GAP_NS
            own[begin] = _Marks(mark.price, mark.price, mark.price, mark.price, mark.ts, is_whole)
            return
        known.is_whole = known.is_whole and mark.ts - known.last <= _MARK_GAP_NS
        known.high, known.low = max(known.high, mark.price), min(known.low, mark.price)
        known.close, known.last = mark.price, mark.ts

    async def whole_after(self, begin: int) -> int:
        """Wait until the bars of all instruments that follow `begin` (UTC ns) have been told; when the last closes."""
        while (end := self._whole_until(begin)) <= begin:
            self._news.clear()
            await self._news.wait()
        return end

    def _whole_until(self, begin: int) -> int:
        while not self._doubted and self._told[begin] == self._count:
            begin += self._frame.ns
        return begin

    def bar(self, symbol: str, ts_open: int) -> ClosedBar | None:
        """The bar of an instrument that opened then (UTC ns); None where it was not told."""
        told = self._bars[symbol].get(ts_open)
        return None if told is None or symbol in self._doubted else ClosedBar(*told[3:8])

    def mark(self, symbol: str, ts_open: int) -> ClosedBar | None:
        """The mark price within that bar, once a second; None where it was not told from its beginning to its end."""
        told = self._marks[symbol].get(ts_open)
        if told is None or not told.is_whole or ts_open + self._frame.ns - told.last > _MARK_GAP_NS:
            return None
        return ClosedBar(told.open, told.high, told.low, told.close)

    def bars(self, symbol: str, span: tuple[int, int]) -> Bars | None:
        """Every bar of an instrument between two closes (UTC ns); None where one was not told."""
        return self._columns(span, [self.bar(symbol, ts) for ts in range(*span, self._frame.ns)])

    def marks(self, symbol: str, span: tuple[int, int]) -> Bars | None:
        """The same of its mark price."""
        return self._columns(span, [self.mark(symbol, ts) for ts in range(*span, self._frame.ns)])

    def _columns(self, span: tuple[int, int], told: Sequence[ClosedBar | None]) -> Bars | None:
        rows = [one for one in told if one is not None]
        if len(rows) < len(told):
            return None
        o, high, low, close, volume = np.array(rows).T
        return make_bars(np.arange(*span, self._frame.ns, dtype=np.int64), (o, high, low, close), volume, self._frame)

    def doubt(self, symbol: str) -> None:
        """What is told of an instrument is not used any more."""
        self._doubted.add(symbol)

    def let_go(self, until: int) -> None:
        """Forget what has closed by then, UTC ns."""
        for bars in self._bars.values():
            _drop(bars, until)
        for marks in self._marks.values():
            _drop(marks, until)
        _drop(self._told, until)


def _drop(held: dict[int, Any], until: int) -> None:
    for ts in [ts for ts in held if ts < until]:
        del held[ts]


def _is_sound(bar: Bar) -> bool:
    try:
        check_step(Step(bar.ts_open, bar.ts_close, {bar.symbol: ClosedBar(*bar[3:8])}), None)
    except DataError:
        return False
    return True
