"""Ticks, quotes and books of one instrument as a feed tells them, laid down as the rows of a tape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import EventKind
from tradewright.domain.errors import DataError
from tradewright.domain.instrument import Instrument
from tradewright.domain.market_events import (
    BookLevel,
    BookUpdate,
    Channel,
    FeedState,
    MarketEvent,
    Quote,
    StateChanged,
    Tick,
)
from tradewright.market.events import EVENT

__all__ = ["GrowingTape"]

_LEAST_ROOM = 4_096
_A_HAIR = 1e-4
_LOST = (FeedState.RESYNCHRONISING, FeedState.LOST)

Row = tuple[int, int, int, int, int, int, int, bool, int]


class GrowingTape:
    """The rows of what was told so far, in order of receipt: those that a recording of the same stream would give.

    Args:
        instrument: of which events are kept; those of others are not.
    """

    def __init__(self, instrument: Instrument) -> None:
        self._instrument = instrument
        self._rows = np.zeros(_LEAST_ROOM, EVENT)
        self._size = 0

    @property
    def events(self) -> NDArray[np.void]:
        """EVENT, a copy of all so far; see `market.tape.make_tape`."""
        return self._rows[: self._size].copy()

    def take(self, event: MarketEvent) -> None:
        """Lay down what was told.

        Raises:
            DataError: a price is no multiple of the tick, or a quantity none of the lot.
        """
        if isinstance(event, StateChanged):
            self._lose(event)
        elif event.symbol == self._instrument.symbol:
            self._add(self._laid(event))

    def rows_of(self, event: MarketEvent) -> NDArray[np.void]:
        """EVENT, the rows of one event of the instrument by themselves.

        Raises:
            DataError: as for `take`.
        """
        laid = self._laid(event)
        rows = np.zeros(len(laid), EVENT)
        if laid:
            rows[:] = laid
            rows["last"][-1] = True
        return rows

    def _laid(self, event: MarketEvent) -> list[Row]:
        if isinstance(event, Tick):
            return [self._row(event, EventKind.TRADE, 1 if event.buys else -1, event.price, event.quantity)]
        if isinstance(event, Quote):
            bid = self._row(event, EventKind.QUOTE, 1, event.bid, event.bid_size)
            return [bid, self._row(event, EventKind.QUOTE, -1, event.ask, event.ask_size)]
        return list(self._levels(event)) if isinstance(event, BookUpdate) else []

    def _levels(self, event: BookUpdate) -> Iterator[Row]:
        if event.is_snapshot and (event.bids or event.asks):
            yield (event.ts, event.ts_seen, event.last_id, 0, 0, EventKind.CLEAR, 0, False, 0)
        sides: tuple[tuple[int, Sequence[BookLevel]], ...] = ((1, event.bids), (-1, event.asks))
        for side, levels in sides:
            for price, quantity in levels:
                yield self._row(event, EventKind.DEPTH, side, price, quantity)

    def _row(self, event: Tick | Quote | BookUpdate, kind: EventKind, side: int, price: float, quantity: float) -> Row:
        number = (
            event.id if isinstance(event, Tick) else event.last_id if isinstance(event, BookUpdate) else event.sequence
        )
        ticks, lots = (
            self._whole("price", price, self._instrument.tick),
            self._whole("quantity", quantity, self._instrument.lot),
        )
        return (event.ts, event.ts_seen, number, ticks, lots, kind, side, False, 0)

    def _whole(self, what: str, value: float, step: tuple[int, int]) -> int:
        exact = value * step[1] / step[0]
        if abs(exact - round(exact)) > _A_HAIR:
            raise DataError(f"{what} of {self._instrument.symbol}: {value}; expected a multiple of {step[0] / step[1]}")
        return round(exact)

    def _lose(self, event: StateChanged) -> None:
        # Between a gap and the next snapshot nothing is known of the book.
        of_book = any(
            one.channel is Channel.BOOK and one.symbol == self._instrument.symbol for one in event.subscriptions
        )
        if of_book and event.state in _LOST and self._size:
            before = self._rows[self._size - 1]
            self._add(
                [
                    (
                        int(before["ts_exchange"]),
                        event.ts_seen,
                        int(before["sequence"]),
                        0,
                        0,
                        EventKind.CLEAR,
                        0,
                        True,
                        0,
                    )
                ]
            )

    def _add(self, rows: list[Row]) -> None:
        if not rows:
            return
        stop = self._size + len(rows)
        while stop > self._rows.size:
            self._rows = np.concatenate((self._rows, np.zeros_like(self._rows)))
        self._rows[self._size : stop] = rows
        self._rows["last"][stop - 1] = True
        self._size = stop
