"""What market data there is: from when to when, what is missing, and under which spelling somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from tradewright.domain.errors import InvalidValue, MissingData
from tradewright.domain.timeframe import Timeframe
from tradewright.domain.times import iso
from tradewright.services.market_data import MarketData, StoredSeries

__all__ = ["Coverage", "in_full", "spelled"]

_QUOTES = ("USDT", "USDC", "FDUSD", "BUSD", "USD", "EUR", "BTC", "ETH", "BNB")

Stamp = Callable[[str, str], str]
"""Venue and symbol to a text that changes with anything stored of the instrument."""


def spelled(text: str) -> str:
    """A symbol without what people write in different ways.

    Example:
        >>> spelled("btc/usdt:usdt"), spelled("BTC-USDT"), spelled("BTCUSDT")
        ('BTCUSDT', 'BTCUSDT', 'BTCUSDT')
    """
    pair, colon, settle = text.strip().upper().partition(":")
    plain = "".join(letter for letter in pair if letter.isalnum())
    return plain if not colon or plain.endswith(settle) else plain + settle


class Coverage:
    """Describes what is stored; each series is read once, and again after it has changed.

    Args:
        market_data: what is stored.
        stamp: see `Stamp`.
        preferred: venue that is meant where several have an instrument and none is named.
    """

    def __init__(self, market_data: MarketData, stamp: Stamp, preferred: str) -> None:
        self.market_data, self.stamp, self._preferred = market_data, stamp, preferred
        self._known: dict[tuple[str, str], tuple[str, tuple[StoredSeries, ...]]] = {}
        self._lock = Lock()

    def of(self, venue: str, symbol: str) -> tuple[StoredSeries, ...]:
        """Every series of an instrument."""
        stamp = self.stamp(venue, symbol)
        with self._lock:
            known = self._known.get((venue, symbol))
        if known is None or known[0] != stamp:
            known = (stamp, self.market_data.series(venue, symbol))
            with self._lock:
                self._known[venue, symbol] = known
        return known[1]

    def everything(self) -> tuple[StoredSeries, ...]:
        """Every series that is stored."""
        stored = self.market_data.keys()
        places = sorted({(key.venue, key.symbol) for key in stored})
        return tuple(series for place in places for series in self.of(*place))

    def find(self, symbol: str, venue: str | None, timeframe: str) -> tuple[str, str]:
        """The venue and the symbol, as they are stored, of what somebody calls `BTCUSDT`, `BTC/USDT` or in full.

        Args:
            symbol: as somebody writes it. A perpetual is meant where one of that name is stored, else spot.
            venue: where it is from; None for the preferred one, or the only one that has it.
            timeframe: of the bars that are wanted; it is told where there are none.

        Raises:
            MissingData: nothing of that name is stored.
            InvalidValue: several venues have it, and none is preferred.
        """
        known = self.market_data.keys()
        stored = {(key.venue, key.symbol) for key in known if venue in (None, key.venue)}
        exact = {place for place in stored if place[1] == symbol.strip().upper()}
        alike = exact or {place for place in stored if spelled(place[1]) == spelled(symbol)}
        if not alike:
            raise _nothing(symbol, venue or self._preferred, timeframe)
        names = {name for _, name in alike}
        chosen = max(names, key=lambda name: (":" in name, name))
        venues = sorted(place for place, name in alike if name == chosen)
        if len(venues) > 1 and self._preferred not in venues:
            raise InvalidValue("venue", venue, f"one of {', '.join(venues)}: each has candles of {chosen}")
        return venues[0] if len(venues) == 1 else self._preferred, chosen

    def _source(self, place: tuple[str, str], timeframe: Timeframe) -> StoredSeries | None:
        # What bars of this length would be made of.
        fitting = [
            series for series in self.of(*place)
            if series.kind == "candles" and series.count and Timeframe.parse(series.timeframe).divides(timeframe)
        ]  # fmt: skip
        return max(fitting, key=lambda series: Timeframe.parse(series.timeframe), default=None)

    def limits(self, venue: str, symbol: str, timeframe: Timeframe) -> tuple[int, int] | None:
        """From when to when there are candles of which such bars can be made, UTC ns; None where there are none."""
        source = self._source((venue, symbol), timeframe)
        return None if source is None else (source.first, source.last + Timeframe.parse(source.timeframe).ns)

    def check(self, place: tuple[str, str], timeframe: Timeframe, start: int | None, end: int | None) -> None:
        """Refuse a range that the stored candles do not reach over; a bar at each end may be short.

        Args:
            place: venue and symbol.
            timeframe: of the bars that are wanted.
            start: UTC ns; None from the first stored.
            end: UTC ns; None to the last stored.

        Raises:
            MissingData: nothing fitting is stored, or not all of the range.
        """
        source = self._source(place, timeframe)
        if source is None:
            raise _nothing(place[1], place[0], str(timeframe))
        first, last = source.first, source.last + Timeframe.parse(source.timeframe).ns
        too_early = start is not None and start <= first - timeframe.ns
        too_late = end is not None and end >= last + timeframe.ns
        if too_early or too_late:
            missing = (iso(start) if too_early and start is not None else iso(last),
                       iso(end) if too_late and end is not None else iso(first))  # fmt: skip
            have = f"candles of {place[1]} on {place[0]} reach from {iso(first)} to {iso(last)}"
            told = f"{have}; missing: {missing[0]} to {missing[1]}; fetch them, or ask for what there is"
            raise MissingData(told, place[0], place[1], source.timeframe, *missing)


def in_full(text: str) -> str:
    """The symbol that is most likely meant where none like it is stored: a perpetual contract.

    Example:
        >>> in_full("btcusdt"), in_full("ETH/BTC")
        ('BTC/USDT:USDT', 'ETH/BTC')
    """
    symbol = text.strip().upper().replace("-", "/").replace("_", "/")
    quote = next((one for one in _QUOTES if symbol.endswith(one) and symbol != one), None)
    if "/" in symbol or quote is None:
        return symbol
    return f"{symbol.removesuffix(quote)}/{quote}:{quote}"


def _nothing(text: str, venue: str, timeframe: str) -> MissingData:
    symbol = in_full(text)
    told = f"no candles of {symbol} on {venue} are stored of which bars of {timeframe} could be made; download, import \
or make up some"
    return MissingData(told, venue, symbol, timeframe)
