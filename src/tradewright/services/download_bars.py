"""One series of bars from a venue: the runs that are not stored, page by page, then the holes once more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from tradewright.domain.errors import DataError, StoreError
from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import Bars, IntColumn
from tradewright.market.merge import make_marked, take
from tradewright.market.quality import Gap, check
from tradewright.ports.candle_store import CandleKey, CandleStore
from tradewright.ports.history import BarKind, History
from tradewright.services.market_data import Kind, describe_faults

__all__ = ["BarDownload", "Downloaded", "runs_without"]

_KEPT_TOGETHER = 30_000
"""Bars that are stored at once: what an interruption may cost."""


@dataclass(slots=True)
class Downloaded:
    """What came of one series.

    Args:
        kind: candles, mark or funding.
        symbol: ours.
        timeframe: of the bars; empty for funding.
        pages: that were asked for.
        added: bars or rates that were not stored before.
        known: those of the range that were.
        missing: runs of bars that the venue does not have, asked for twice.
        error: why it ended early; empty where it did not.
        notes: what else is to be known.
    """

    kind: Kind
    symbol: str
    timeframe: str
    pages: int = 0
    added: int = 0
    known: int = 0
    missing: tuple[Gap, ...] = ()
    error: str = ""
    notes: tuple[str, ...] = field(default=())

    def noting(self, notes: tuple[str, ...]) -> Downloaded:
        """The same with more notes."""
        return replace(self, notes=(*self.notes, *notes))


def runs_without(stamps: IntColumn, timeframe: Timeframe, start: int, end: int) -> list[tuple[int, int]]:
    """The runs of a grid that have no stamp.

    Args:
        stamps: open times, strictly ascending, on the grid.
        timeframe: of the grid.
        start: earliest open time, UTC ns.
        end: latest close time.

    Returns:
        (first open, last close) of each run, oldest first.
    """
    first = -(-(start - timeframe.anchor_ns) // timeframe.ns) * timeframe.ns + timeframe.anchor_ns
    last = timeframe.floor(end)
    inside = stamps[(stamps >= first) & (stamps < last)].astype(np.int64)
    begins = np.concatenate(([first], inside + timeframe.ns))
    ends = np.concatenate((inside, [last]))
    return [(int(a), int(b)) for a, b in zip(begins, ends, strict=True) if b > a]


def _told(progress: Callable[[int, int], None], before: int, total: int, part: int) -> None:
    progress(before + part, total)


class BarDownload:
    """Downloads one series.

    Args:
        store: takes the bars.
        history: gives them.
        key: names them.
        kind: of trades or of mark prices.
        report: is filled in.
    """

    def __init__(self, store: CandleStore, history: History, key: CandleKey, kind: BarKind, report: Downloaded) -> None:
        self._store, self._history, self._key, self._kind, self._report = store, history, key, kind, report
        self._waiting: list[Bars] = []
        self._known: set[int] = set()

    async def run(self, span: tuple[int, int], progress: Callable[[int, int], None]) -> None:
        """Download what is missing from `span` (first open, last close); what had come is stored in any case.

        Raises:
            VenueError: the venue failed for longer than is waited.
            DataError: it gave bars that cannot be.
        """
        timeframe = self._key.timeframe
        stored = self._stored(*span)
        self._report.known = len(stored)
        runs = runs_without(stored, timeframe, *span)
        total = sum(end - begin for begin, end in runs) // timeframe.ns
        done = 0
        try:
            for begin, end in runs:
                await self._run(begin, end, partial(_told, progress, done, total))
                done += (end - begin) // timeframe.ns
            self._keep()
            await self._holes(runs)
        finally:
            self._keep()
        progress(total, total)

    def _stored(self, start: int, end: int) -> IntColumn:
        try:
            marked = self._store.load(self._key, start, end)
        except StoreError:
            if self._key in self._store.list():
                raise
            return np.empty(0, np.int64)
        # An invented bar is asked for again: a real one takes its place.
        return np.asarray(marked.bars.ts_open[~marked.filled], np.int64)

    async def _run(self, begin: int, end: int, told: Callable[[int], None]) -> None:
        cursor = begin
        while cursor < end:
            page = await self._page(cursor, end)
            if not len(page.ts_open):
                return
            self._waiting.append(page)
            cursor = int(page.ts_close[-1])
            told((cursor - begin) // self._key.timeframe.ns)
            if sum(len(part.ts_open) for part in self._waiting) >= _KEPT_TOGETHER:
                self._keep()

    async def _page(self, start: int, end: int) -> Bars:
        """One page; a venue that gives what was not asked for, or what cannot be, is not believed."""
        page = await self._history.bars(self._kind, self._key.symbol, self._key.timeframe, start, end)
        self._report.pages += 1
        if not check(page, self._key.timeframe, end).is_sound:
            raise DataError(f"{self._key}: the venue gave {describe_faults(page, self._key.timeframe, end)}")
        if len(page.ts_open) and page.ts_open[0] < start:
            raise DataError(f"{self._key}: the venue gave bars of before the time that was asked for")
        return page

    async def _holes(self, runs: Sequence[tuple[int, int]]) -> None:
        """Ask once more for what did not come: a page may have been cut, or moved on past what was asked for."""
        timeframe, missing = self._key.timeframe, []
        for begin, end in self._without(runs):
            await self._run(begin, end, lambda _: None)
        self._keep()
        for begin, end in self._without(runs):
            missing.append(Gap(begin, (end - begin) // timeframe.ns))
        self._report.missing = tuple(missing)

    def _without(self, runs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        stamps = np.array(sorted(self._known), np.int64)
        return [hole for begin, end in runs for hole in runs_without(stamps, self._key.timeframe, begin, end)]

    def _keep(self) -> None:
        if not self._waiting:
            return
        bars = Bars(*(np.concatenate(columns) for columns in zip(*self._waiting, strict=True)))
        self._waiting = []
        # A page may repeat the end of the one before it.
        _, first = np.unique(bars.ts_open, return_index=True)
        bars = take(bars, first.astype(np.int64))
        outcome = self._store.merge(self._key, make_marked(bars))
        self._known.update(bars.ts_open.tolist())
        self._report.added += outcome.added + outcome.upgraded
