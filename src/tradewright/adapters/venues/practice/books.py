"""The public book: what the market shows at the best prices, and the limit orders of our accounts that rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from tradewright.adapters.venues.practice.seat import Seat
from tradewright.domain.enums import OrderStatus, OrderType

__all__ = ["Books", "Levels", "Quote"]

Levels = list[tuple[int, int]]
"""Ticks and lots, the best first."""
_RESTS = (OrderStatus.OPEN.value, OrderStatus.PARTIALLY_FILLED.value)


class Quote(NamedTuple):
    """The best prices of a symbol, ticks and lots."""

    bid: int
    bid_lots: int
    ask: int
    ask_lots: int


class Books:
    """The books of all symbols, looked up when somebody asks, and numbered as they change.

    Args:
        quote: gives the market's best prices of a row.
        seats: the accounts.
        count: of symbols.
    """

    def __init__(self, quote: Callable[[int], Quote], seats: Mapping[str, Seat], count: int) -> None:
        self._quote, self._seats = quote, seats
        self._ids = [1] * count
        self._shown: list[tuple[Levels, Levels]] = [([], [])] * count

    def levels(self, k: int) -> tuple[Levels, Levels]:
        """Bids from the highest down, and asks from the lowest up."""
        quote = self._quote(k)
        sides = {1: {quote.bid: quote.bid_lots}, -1: {quote.ask: quote.ask_lots}}
        for seat in self._seats.values():
            for row in seat.account.open_orders(k):
                if row["type"] == OrderType.LIMIT and row["status"] in _RESTS:
                    side, ticks = sides[int(row["side"])], int(row["level_ticks"])
                    side[ticks] = side.get(ticks, 0) + int(row["lots"] - row["filled"])
        found = sorted(sides[1].items(), reverse=True), sorted(sides[-1].items())
        if found != self._shown[k]:
            self._shown[k] = found
            self._ids[k] += 1
        return found

    def update_id(self, k: int) -> int:
        """Number of the book's last change that was seen."""
        return self._ids[k]

    def snapshot_id(self, k: int) -> int:
        """A number between two changes, so that the next change of a stream begins at it or before it."""
        self._ids[k] += 1
        return self._ids[k]
