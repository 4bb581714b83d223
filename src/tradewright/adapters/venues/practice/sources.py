"""Where bars come from: drawn as they are needed, or played again from candles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tradewright.adapters.venues.practice.course import Bar
from tradewright.adapters.venues.practice.listing import Listing
from tradewright.domain.errors import InvalidValue
from tradewright.domain.timeframe import SECOND_NS, Timeframe
from tradewright.market.bars import Bars
from tradewright.market.synthetic import Crowd, SyntheticMarket, synthesise

__all__ = ["BarSource", "Candles", "Synthetic", "columns_of", "priced"]

_CHUNK = 3_600
_CROWD = 1_000_000
_MINUTE = Timeframe(60 * SECOND_NS)


class BarSource(Protocol):
    """Bars of every symbol on one grid."""

    start: int
    """Open time of the first bar, UTC ns."""
    length: int
    """Of a bar, ns."""

    def bars(self, index: int) -> tuple[Bar, ...] | None:
        """The bars of one step of the grid, one for each symbol; None after the last."""
        ...

    def history(self, k: int) -> tuple[int, NDArray[np.int64]] | None:
        """Minutes before the start: open time of the first, and columns (5, n): open, high, low, close, lots."""
        ...


def columns_of(bars: Bars, listing: Listing) -> NDArray[np.int64]:
    """(5, n): open, high, low, close in ticks, and lots."""
    (tick_num, tick_den), (lot_num, lot_den) = listing.instrument.tick, listing.instrument.lot
    prices = [np.rint(column * (tick_den / tick_num)) for column in (bars.open, bars.high, bars.low, bars.close)]
    lots = np.maximum(np.floor(bars.volume * (lot_den / lot_num) + 1e-6), 4.0)
    return np.ascontiguousarray(np.array([*prices, lots]).astype(np.int64))


class Synthetic:
    """A market without end, drawn from a seed in chunks of an hour; a second is a bar.

    Args:
        listings: in the order of rows.
        start: UTC ns, a whole minute.
        seed: the same seed gives the same market.
        history: minutes before the start.
        correlation: of any two of the markets; 0: each moves by itself.
    """

    length = SECOND_NS

    def __init__(
        self, listings: Sequence[Listing], start: int, seed: int, history: int, correlation: float = 0.0
    ) -> None:
        if start % _MINUTE.ns:
            raise InvalidValue("start", start, "a whole minute")
        self.start = start
        self._listings, self._seed, self._minutes = listings, seed, history
        self._chunk, self._correlation = -1, correlation
        self._columns: list[NDArray[np.int64]] = []
        self._history = [self._draw(k, -1, listing.price) for k, listing in enumerate(listings)]
        self._last = [int(columns[3, -1]) for columns in self._history]

    def history(self, k: int) -> tuple[int, NDArray[np.int64]] | None:
        """See `BarSource`."""
        return self.start - self._minutes * _MINUTE.ns, self._history[k]

    def bars(self, index: int) -> tuple[Bar, ...] | None:
        """See `BarSource`; indices ascend."""
        chunk, row = divmod(index, _CHUNK)
        while self._chunk < chunk:
            self._chunk += 1
            prices = [
                listing.instrument.from_ticks(last) for listing, last in zip(self._listings, self._last, strict=True)
            ]
            self._columns = [self._draw(k, self._chunk, price) for k, price in enumerate(prices)]
            self._last = [int(columns[3, -1]) for columns in self._columns]
        return tuple(Bar(*columns[:, row].tolist()) for columns in self._columns)

    def _draw(self, k: int, chunk: int, price: float) -> NDArray[np.int64]:
        listing = self._listings[k]
        seed = (self._seed * 1_000_003 + k) * 1_000_003 + chunk + 1
        market = SyntheticMarket(price, listing.instrument.tick_size, listing.volatility, listing.turnover)
        # What all have in common is drawn as if by a row that there never is.
        crowd = Crowd((self._seed * 1_000_003 + _CROWD) * 1_000_003 + chunk + 1, self._correlation)
        if chunk < 0:
            bars = synthesise(_MINUTE, self.start - self._minutes * _MINUTE.ns, self._minutes, seed, market, crowd)
        else:
            begin = self.start + chunk * _CHUNK * SECOND_NS
            bars = synthesise(Timeframe(SECOND_NS), begin, _CHUNK, seed, market, crowd)
        return columns_of(bars, listing)


class Candles:
    """Candles that are played again, once.

    Args:
        listings: in the order of rows.
        bars: of each; on one grid without gaps.
        timeframe: their length, at least a minute.

    Raises:
        InvalidValue: they do not stand on one grid.
    """

    def __init__(self, listings: Sequence[Listing], bars: Sequence[Bars], timeframe: Timeframe) -> None:
        first = bars[0].ts_open
        if any(not np.array_equal(first, other.ts_open) for other in bars[1:]):
            raise InvalidValue("replay", "candles", "candles of all symbols over the same times")
        if first.size > 1 and (np.diff(first) != timeframe.ns).any():
            raise InvalidValue("replay", "candles", "candles without gaps; fill them first (data repair)")
        self.start, self.length = int(first[0]), timeframe.ns
        self._columns = [columns_of(own, listing) for own, listing in zip(bars, listings, strict=True)]

    def history(self, k: int) -> tuple[int, NDArray[np.int64]] | None:  # noqa: ARG002 - a part of the protocol
        """See `BarSource`: nothing was before."""
        return None

    def bars(self, index: int) -> tuple[Bar, ...] | None:
        """See `BarSource`."""
        if index >= self._columns[0].shape[1]:
            return None
        return tuple(Bar(*columns[:, index].tolist()) for columns in self._columns)


def priced(listings: Sequence[Listing], source: Candles) -> list[Listing]:
    """Listings whose first price is that of the candles."""
    first = source.bars(0) or ()
    return [
        replace(listing, price=listing.instrument.from_ticks(bar.open))
        for listing, bar in zip(listings, first, strict=True)
    ]
