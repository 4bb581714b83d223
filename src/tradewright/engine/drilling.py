"""Finer bars for the bars that leave a doubt: asked for one by one, when the engine needs them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import Code
from tradewright.engine.feed import Feed
from tradewright.engine.world import enlarge, grown
from tradewright.features.ticks import lots_of, ticks_of
from tradewright.kernels.drilling import drill
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market, World
from tradewright.market.bars import Bars, slice_bars

__all__ = ["Drilled", "Drills", "HeldBars", "finer_market"]


@dataclass(frozen=True, slots=True)
class Drilled:
    """What drilling came to for one instrument.

    Args:
        timeframe: of the finer bars; empty where none are stored.
        bars: that left a doubt and were played on finer bars.
        without: bars that left a doubt and for which there were none.
        differing: bars whose finer bars do not add up to them, so that they were not used.
        fingerprint: SHA-256 of the finer bars that were used.
    """

    timeframe: str
    bars: int
    without: int
    differing: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class HeldBars:
    """Finer bars that are in memory."""

    bars: Bars
    timeframe: str

    def between(self, start: int, end: int) -> Bars:
        """Those that lie wholly between two instants (UTC ns)."""
        first = int(np.searchsorted(self.bars.ts_open, start, side="left"))
        stop = int(np.searchsorted(self.bars.ts_close, end, side="right"))
        return slice_bars(self.bars, first, max(stop, first))


class Drills:
    """Gives the kernels what they ask for in the course of a run: room in the logs, and finer bars.

    Args:
        feeds: of the run, in the order of the account's rows.
        rules: of the account.
    """

    def __init__(self, feeds: Sequence[Feed], rules: Rules) -> None:
        self._feeds, self._rules = feeds, rules
        self._digests = [hashlib.sha256() for _ in feeds]
        self._counts = np.zeros((len(feeds), 3), np.int64)

    def answer(self, world: World, market: Market, code: int) -> World:
        """Do what a kernel needs before it is called again; returns the world.

        Raises:
            DataError: the finer bars are damaged.
            StoreError: they cannot be read.
        """
        if code != Code.NEED_FINER:
            return grown(world, code)
        k, step = int(world.account[0]["inside"]) - 1, int(world.account[0]["step"])
        rows = self._rows(market, k, step)
        if rows is None:
            world.account[0]["no_finer"] = True
            return world
        finer = finer_market(market, (k, step), rows)
        while drill(world, market, finer, self._rules) == Code.NEED_ROOM:
            world = enlarge(world)
        return world

    def told(self) -> tuple[Drilled, ...]:
        """What drilling came to, instrument by instrument."""
        return tuple(map(self._told, range(len(self._feeds))))

    def _told(self, k: int) -> Drilled:
        source = self._feeds[k].finer
        used, without, differing = (int(count) for count in self._counts[k])
        return Drilled(source.timeframe if source else "", used, without, differing, self._digests[k].hexdigest())

    def _rows(self, market: Market, k: int, step: int) -> NDArray[np.int64] | None:
        feed, counts = self._feeds[k], self._counts[k]
        bars = feed.finer.between(int(market.ts_open[step]), int(market.ts_close[step])) if feed.finer else None
        if bars is None or not bars.ts_open.size:
            counts[1] += 1
            return None
        rows = _rows_of(feed, bars)
        whole = tuple(int(column[k, step]) for column in (market.open, market.high, market.low, market.close))
        if whole != (rows[0, 0], rows[:, 1].max(), rows[:, 2].min(), rows[-1, 3]):
            counts[2] += 1
            return None
        counts[0] += 1
        self._digests[k].update(bars.ts_open.tobytes() + rows.tobytes())
        return np.column_stack((rows, bars.ts_open, bars.ts_close))


def _rows_of(feed: Feed, bars: Bars) -> NDArray[np.int64]:
    prices = [ticks_of(column, feed.instrument) for column in (bars.open, bars.high, bars.low, bars.close)]
    return np.column_stack((*prices, lots_of(bars.volume, feed.instrument)))


def finer_market(market: Market, place: tuple[int, int], rows: NDArray[np.int64]) -> Market:
    """One bar as a market of its own, whose steps are the finer bars that it is made of.

    The mark moves with the finer bars where it is the last price. One of its own has no finer bars: inside each of them
    it may be anywhere where it was inside the whole bar.

    Args:
        market: of the run.
        place: row of the instrument, and step of the bar.
        rows: (n, 7): open, high, low, close in ticks, volume in lots, open and close time in UTC ns.
    """
    k, step = place
    whole = [column[place] for column in (market.open, market.high, market.low, market.close)]
    mark = [column[place] for column in (market.mark_open, market.mark_high, market.mark_low, market.mark_close)]
    columns = np.zeros((5, market.open.shape[0], len(rows)), np.int64)
    columns[:, k, :] = rows[:, :5].T
    first, high, low, last, volume = columns
    marks = columns[:4].copy()
    if mark != whole:
        marks[:, k, :] = np.array(mark)[:, None]
    has_bar = np.zeros(first.shape, np.bool_)
    has_bar[k] = True
    return market._replace(
        ts_open=np.ascontiguousarray(rows[:, 5]),
        ts_close=np.ascontiguousarray(rows[:, 6]),
        open=first,
        high=high,
        low=low,
        close=last,
        volume=volume,
        impact=np.repeat(market.impact[:, step : step + 1], len(rows), axis=1),
        spread=np.repeat(market.spread[:, step : step + 1], len(rows), axis=1),
        has_bar=has_bar,
        mark_open=marks[0],
        mark_high=marks[1],
        mark_low=marks[2],
        mark_close=marks[3],
    )
