"""A market in simulated time: one instrument, a price every few seconds, and the bars that follow from them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tradewright.domain.errors import VenueUnavailable
from tradewright.domain.instrument import Instrument
from tradewright.domain.timeframe import SECOND_NS, Timeframe
from tradewright.market.bars import Bars, make_bars
from tradewright.ports.clock import Clock
from tradewright.ports.funding_store import Rates
from tradewright.ports.history import BarKind

__all__ = ["BEGINNING", "PACE_S", "SMALL", "SmallMarket"]

SMALL = Instrument("BTC/USDT:USDT", "small", tick_size="0.1", lot_size="0.001", min_notional=0.0, funding_hours=0)
BEGINNING = 1_700_006_400 * SECOND_NS
PACE_S = 5
"""Seconds from one price to the next."""
_CONTEXT = 320
_FRAME = Timeframe.parse("1m")
_A_BAR = 60 // PACE_S


class SmallMarket:
    """Prices drawn beforehand from a seed; see `ports.history.History` for what may be asked.

    Args:
        seed: of the prices.
        clock: what of them has been.
        bars: minutes to be traded.

    Attributes:
        is_deaf: whether history cannot be asked just now.
    """

    def __init__(self, seed: int, clock: Clock, bars: int) -> None:
        self._clock, self.is_deaf = clock, False
        steps = np.random.default_rng(seed).normal(0.0, 6.0, (_CONTEXT + bars + 2) * _A_BAR)
        self._ticks = np.maximum(10_000 + np.cumsum(np.round(steps)), 3_000).astype(np.int64)
        self._from = BEGINNING - _CONTEXT * _FRAME.ns

    @property
    def ticks(self) -> int:
        """The last price."""
        passed = (self._clock.now_ns() - self._from) // (PACE_S * SECOND_NS)
        return int(self._ticks[min(passed, self._ticks.size - 1)])

    @property
    def venue(self) -> str:
        """See `ports.history.History`."""
        return SMALL.venue

    async def instruments(self) -> Mapping[str, Instrument]:
        """See `ports.history.History`."""
        return {SMALL.symbol: SMALL}

    async def now(self) -> int:
        """See `ports.history.History`."""
        self._check()
        return self._clock.now_ns()

    async def bars(self, kind: BarKind, symbol: str, timeframe: Timeframe, start: int, end: int) -> Bars:
        """See `ports.history.History`."""
        del kind, symbol, timeframe
        self._check()
        first = max(-(-(start - self._from) // _FRAME.ns), 0)
        last = max((min(end, self._clock.now_ns()) - self._from) // _FRAME.ns, first)
        rows = (self._ticks[first * _A_BAR : last * _A_BAR] / 10.0).reshape(-1, _A_BAR)
        prices = (rows[:, 0], rows.max(axis=1), rows.min(axis=1), rows[:, -1])
        stamps = self._from + np.arange(first, first + len(rows), dtype=np.int64) * _FRAME.ns
        return make_bars(stamps, prices, np.full(len(rows), 1e6), _FRAME)

    async def rates(self, symbol: str, start: int, end: int) -> Rates:
        """See `ports.history.History`."""
        del symbol, start, end
        return np.zeros(0, np.int64), np.zeros(0, np.float64)

    def _check(self) -> None:
        if self.is_deaf:
            raise VenueUnavailable("small: cannot be asked now")
