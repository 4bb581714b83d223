"""Bars that sessions have heard: charts show them up to the last close, also where nothing of the market is stored.

No venue is asked: what is told stands in the journals of the sessions that trade there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tradewright.domain.errors import DataError, InvalidValue, StoreError
from tradewright.domain.mode import Mode
from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import Bars, empty_bars, slice_bars
from tradewright.market.merge import take
from tradewright.market.resample import resample
from tradewright.ports.deployments import Deployments
from tradewright.ports.session_store import SessionStore
from tradewright.services.coverage import spelled
from tradewright.services.paper.records import beginning_of

__all__ = ["MOST_BARS", "HeardMarket", "HeardMarkets", "with_later"]

MOST_BARS = 5_000
"""Of one market in one session; those before are forgotten here."""


@dataclass(frozen=True, slots=True)
class HeardMarket:
    """A market as a session hears it.

    Args:
        venue: where the session trades.
        symbol: of the instrument.
        timeframe: of the session's bars.
        deployment: whose session.
        bars: that have closed, oldest first.
    """

    venue: str
    symbol: str
    timeframe: str
    deployment: str
    bars: Bars


@dataclass
class _Session:
    venue: str = ""
    timeframe: str = ""
    number: int = 0  # of the last record that was read
    bars: dict[str, Bars] = field(default_factory=dict)


class HeardMarkets:
    """Reads them from the journals, each record once.

    Args:
        deployments: whose sessions are looked at; of each the present one.
        sessions: journals by mode.
    """

    def __init__(self, deployments: Deployments, sessions: Mapping[Mode, SessionStore[Any]]) -> None:
        self._deployments, self._sessions = deployments, sessions
        self._known: dict[tuple[Mode, str], _Session] = {}
        self._lock = asyncio.Lock()

    async def markets(self) -> list[HeardMarket]:
        """Every market that a session hears, by deployment and symbol."""
        found: list[HeardMarket] = []
        async with self._lock:
            all_of_them = await self._deployments.all()
            self._known = {
                place: self._known.get(place, _Session())
                for place in sorted({(one.mode, one.session) for one in all_of_them})
            }
            for one in sorted(all_of_them, key=lambda one: one.name):
                known = self._known[one.mode, one.session]
                with suppress(StoreError, DataError, InvalidValue):  # it has not begun, or its journal is damaged
                    await self._read(self._sessions[one.mode], one.session, known)
                found += [
                    HeardMarket(known.venue, symbol, known.timeframe, one.name, bars)
                    for symbol, bars in sorted(known.bars.items()) if bars.ts_open.size
                ]  # fmt: skip
        return found

    async def find(self, symbol: str, venue: str | None, timeframe: Timeframe) -> HeardMarket | None:
        """A market as it is heard, in bars of a length, all sessions together; None where no session hears it.

        Args:
            symbol: as somebody writes it; a perpetual is meant where several are spelled alike.
            venue: where; None for any.
            timeframe: of the bars that are wanted; only sessions of its divisors can tell them.
        """
        fitting = [
            one for one in await self.markets()
            if venue in (None, one.venue) and spelled(one.symbol) == spelled(symbol)
            and Timeframe.parse(one.timeframe).divides(timeframe)
        ]  # fmt: skip
        if not fitting:
            return None
        exact = [one for one in fitting if one.symbol == symbol.strip().upper()]
        first = max(exact or fitting, key=lambda one: (":" in one.symbol, one.bars.ts_open.size))
        bars = empty_bars()
        for one in fitting:
            if (one.venue, one.symbol) == (first.venue, first.symbol):
                bars = with_later(bars, resample(one.bars, Timeframe.parse(one.timeframe), timeframe))
        return HeardMarket(first.venue, first.symbol, str(timeframe), first.deployment, bars)

    @staticmethod
    async def _read(sessions: SessionStore[Any], name: str, known: _Session) -> None:
        rows = await sessions.newest(name, known.number, MOST_BARS)
        if rows:
            await asyncio.to_thread(_taken, known, rows)


def _taken(known: _Session, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
    """Take in records, the first of which is the session's beginning where nothing was known of it."""
    is_whole = rows[-1][0] - len(rows) == known.number
    if known.number == 0:
        begun = beginning_of(rows[0][1])
        known.venue, known.timeframe = begun.spec.venue, begun.spec.timeframe
        known.bars = {feed.instrument.symbol: feed.context or empty_bars() for feed in begun.feeds}
    if not is_whole:
        # What was heard in between is not read: what was before it would stand beside a hole.
        known.bars = dict.fromkeys(known.bars, empty_bars())
    steps = [record for _, record in rows if record.get("kind") == "step"]
    for symbol, before in known.bars.items():
        told = [(step["ts_open"], step["ts_close"], *step["bars"][symbol]) for step in steps if symbol in step["bars"]]
        if told:
            ts_open, ts_close, *prices = zip(*told, strict=True)
            columns = (np.array(column, np.float64) for column in prices)
            new = Bars(np.array(ts_open, np.int64), np.array(ts_close, np.int64), *columns)
            whole = with_later(before, new)
            known.bars[symbol] = slice_bars(whole, max(whole.ts_open.size - MOST_BARS, 0), whole.ts_open.size)
    known.number = rows[-1][0]


def with_later(bars: Bars, heard: Bars) -> Bars:
    """Bars of two sources as one, by time; where both have one, the second's stands."""
    if not heard.ts_open.size:
        return bars
    rest = take(bars, ~np.isin(bars.ts_open, heard.ts_open))
    whole = Bars(*(np.concatenate(pair) for pair in zip(rest, heard, strict=True)))
    return take(whole, np.argsort(whole.ts_open, kind="stable"))
