"""The public book: what the market shows at the best prices, and the limit orders of our accounts that rest."""

from __future__ import annotations

from bisect import bisect_left
from typing import Protocol

from tradewright.adapters.venues.practice.script import Level, Levels, PublicBook
from tradewright.adapters.venues.practice.seat import Seat
from tradewright.domain.enums import OrderStatus, OrderType

__all__ = ["Books", "Levels"]

_RESTS = (OrderStatus.OPEN.value, OrderStatus.PARTIALLY_FILLED.value)


class Market(Protocol):
    """Whose books they are."""

    seats: dict[str, Seat]

    def market_levels(self, k: int) -> tuple[Levels, Levels]:
        """Bids and asks of others that an order meets."""

    def best_levels(self, k: int) -> tuple[Level, Level]:
        """The best bid and the best ask of others."""

    def recorded_book(self, k: int) -> PublicBook | None:
        """The book that recorded messages add up to; None where there is none."""


class Books:
    """The books of all symbols, looked up when somebody asks, and numbered as they change.

    Args:
        market: whose they are.
        count: of symbols.
    """

    def __init__(self, market: Market, count: int) -> None:
        self._market = market
        self._ids = [1] * count
        self._shown: list[tuple[Levels, Levels]] = [([], [])] * count
        self._best: list[tuple[Level, Level]] = [((0, 0), (0, 0))] * count

    def levels(self, k: int) -> tuple[Levels, Levels]:
        """Bids from the highest down, and asks from the lowest up; of a recording without our orders."""
        recorded = self._market.recorded_book(k)
        if recorded is not None:
            return recorded.bids, recorded.asks
        found = self._with_ours(k)
        if found != self._shown[k]:
            self._shown[k] = found
            self._ids[k] += 1
        return found

    def best(self, k: int) -> tuple[Level, Level]:
        """The best bid and the best ask; whoever wants no more need not know the levels."""
        recorded = self._market.recorded_book(k)
        if recorded is not None:
            return recorded.bids[0], recorded.asks[0]
        bid, ask = self._market.best_levels(k)
        ours = self._ours(k)
        found = _together([bid], ours[0], 1)[0], _together([ask], ours[1], -1)[0]
        if found != self._best[k]:
            self._best[k] = found
            self._ids[k] += 1
        return found

    def _with_ours(self, k: int) -> tuple[Levels, Levels]:
        levels, ours = self._market.market_levels(k), self._ours(k)
        return _together(levels[0], ours[0], 1), _together(levels[1], ours[1], -1)

    def _ours(self, k: int) -> tuple[dict[int, int], dict[int, int]]:
        """Ticks and lots of what rests of our accounts."""
        ours: tuple[dict[int, int], dict[int, int]] = ({}, {})
        for seat in self._market.seats.values():
            for row in seat.account.open_orders(k):
                if row["type"] == OrderType.LIMIT and row["status"] in _RESTS:
                    side, ticks = ours[0 if row["side"] > 0 else 1], int(row["level_ticks"])
                    side[ticks] = side.get(ticks, 0) + int(row["lots"] - row["filled"])
        return ours

    def update_id(self, k: int) -> int:
        """Number of the book's last change that was seen."""
        recorded = self._market.recorded_book(k)
        return self._ids[k] if recorded is None else recorded.update_id

    def snapshot_id(self, k: int) -> int:
        """A number between two changes, so that the next change of a stream begins at it or before it."""
        recorded = self._market.recorded_book(k)
        if recorded is not None:
            return recorded.update_id
        self._ids[k] += 1
        return self._ids[k]


def _together(market: Levels, ours: dict[int, int], side: int) -> Levels:
    if not ours:
        return market
    found = list(market)
    for ticks, own in ours.items():
        place = bisect_left(found, -side * ticks, key=lambda level: -side * level[0])
        if place < len(found) and found[place][0] == ticks:
            found[place] = ticks, found[place][1] + own
        else:
            found.insert(place, (ticks, own))
    return found
