"""What happened at a venue, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, Protocol

from tradewright.domain.instrument import Instrument
from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import Bars
from tradewright.ports.funding_store import Rates

__all__ = ["BarKind", "BestPrices", "History", "Quotes"]

BarKind = Literal["candles", "mark"]


class BestPrices(NamedTuple):
    """The best prices of a book.

    Attributes:
        bid: that somebody pays.
        ask: for which somebody sells; not below the bid.
    """

    bid: float
    ask: float

    @property
    def spread(self) -> float:
        """Between them, per cent of the price in the middle.

        Example:
            >>> BestPrices(99.0, 101.0).spread
            2.0
        """
        return 200.0 * (self.ask - self.bid) / (self.ask + self.bid)


class Quotes(Protocol):
    """Best prices of all that a venue trades, as they are now."""

    async def quotes(self) -> Mapping[str, BestPrices]:
        """By our symbol; what has none is left out.

        Raises:
            VenueUnavailable, VenueRefusal: they are not told now.
            DataError: the answer makes no sense.
        """
        ...


class History(Protocol):
    """Past market data of one venue.

    Each method may raise `VenueUnavailable` or `VenueRefusal`, and `DataError` where an answer makes no sense.
    """

    @property
    def venue(self) -> str:
        """Lower-case name under which its data are stored."""
        ...

    async def instruments(self) -> Mapping[str, Instrument]:
        """What is traded there now, by our symbol."""
        ...

    async def now(self) -> int:
        """The earliest time that it can be there, UTC ns: what closed before it has closed."""
        ...

    async def bars(self, kind: BarKind, symbol: str, timeframe: Timeframe, start: int, end: int) -> Bars:
        """The next page of bars.

        Args:
            kind: of trades, or of mark prices.
            symbol: ours.
            timeframe: length of a bar.
            start: no bar opens before, UTC ns.
            end: each bar closes at or before, UTC ns.

        Returns:
            As many as a page holds of those that open first, oldest first. None at all: there are none in between.

        Raises:
            InvalidValue: the venue has no bars of that length.
            UnknownName: the venue does not trade the symbol.
        """
        ...

    async def rates(self, symbol: str, start: int, end: int) -> Rates:
        """The next page of funding rates: those paid first from `start` to `end` (UTC ns, both included).

        Stamps are as the venue tells them, some milliseconds beside the hour.
        """
        ...
