"""One message of the wire as plain fields: quickly where it looks as usual, carefully where it does not.

The usual form is matched as text, several times sooner than JSON is parsed. What does not match is parsed, checked
field by field, and either gives the same fields or an error that names line and field.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from tradewright.domain.errors import DataError

__all__ = ["Depth", "Other", "Quote", "Trade", "read_line"]

_HEAD = rb'(\d{1,19}) \{"stream":"[^"]*","data":\{'
_TEXT = rb'"(\d+(?:\.\d+)?)"'
_LEVELS = rb'\[((?:\["\d+(?:\.\d+)?","\d+(?:\.\d+)?"\],?)*)\]'
_QUOTE = re.compile(
    _HEAD + rb'"e":"bookTicker","u":(\d+),"s":"(\w+)",'
    rb'"b":%s,"B":%s,"a":%s,"A":%s,"T":(\d+),"E":\d+\}\}\s*' % (_TEXT, _TEXT, _TEXT, _TEXT)
)
_TRADE = re.compile(
    _HEAD + rb'"e":"trade","E":\d+,"T":(\d+),"s":"(\w+)","t":(\d+),'
    rb'"p":%s,"q":%s,"X":"MARKET","m":(true|false)\}\}\s*' % (_TEXT, _TEXT)
)
_DEPTH = re.compile(
    _HEAD + rb'"e":"depthUpdate","E":\d+,"T":(\d+),"s":"(\w+)","U":(\d+),"u":(\d+),"pu":(\d+),'
    rb'"b":%s,"a":%s\}\}\s*' % (_LEVELS, _LEVELS)
)
_NUMBER = re.compile(r"\d+(\.\d+)?")
_CELLS = 2
_STAMP = re.compile(rb"\d{1,19}")


class Quote(NamedTuple):
    """Best bid and ask; texts as they were sent."""

    ts_local: bytes
    sequence: bytes
    symbol: bytes
    bid: bytes
    bid_size: bytes
    ask: bytes
    ask_size: bytes
    ts_ms: bytes


class Trade(NamedTuple):
    """A public trade; texts as they were sent."""

    ts_local: bytes
    ts_ms: bytes
    symbol: bytes
    id: bytes
    price: bytes
    size: bytes
    buyer_is_maker: bytes


class Depth(NamedTuple):
    """A diff, or with `previous_id` empty a snapshot. `bids` and `asks` are rows of price and size, as text."""

    ts_local: bytes
    ts_ms: bytes
    symbol: bytes
    first_id: bytes
    last_id: bytes
    previous_id: bytes
    bids: bytes
    asks: bytes


class Other(NamedTuple):
    """A message that tells neither of trades nor of the book."""

    kind: str


def read_line(line: bytes, number: int) -> Quote | Trade | Depth | Other:
    """Read `RECEIVE-TIME-IN-NS JSON`.

    Raises:
        DataError: it is no such thing; names line and field.
    """
    if found := _QUOTE.fullmatch(line):
        return Quote(*found.groups())
    if found := _TRADE.fullmatch(line):
        return Trade(*found.groups())
    if found := _DEPTH.fullmatch(line):
        return Depth(*found.groups())
    return _careful(line, number)


def _careful(line: bytes, number: int) -> Quote | Trade | Depth | Other:
    stamp, _, text = line.strip().partition(b" ")
    if not _STAMP.fullmatch(stamp):
        raise DataError(f"line {number}: begins with {stamp[:30]!r}; expected the time of receipt in ns")
    try:
        message = json.loads(text)
    except ValueError as error:
        raise DataError(f"line {number}: is no JSON after the time of receipt ({error})") from None
    data = message.get("data", message) if isinstance(message, dict) else None
    if not isinstance(data, dict):
        raise DataError(f"line {number}: 'data' is no object")
    return _Fields(data, number, stamp).read()


class _Fields:
    def __init__(self, data: dict[str, Any], line: int, stamp: bytes) -> None:
        self._data, self._line, self._stamp = data, line, stamp

    def read(self) -> Quote | Trade | Depth | Other:
        kind = self._data.get("e", "snapshot" if "lastUpdateId" in self._data else "unknown")
        readers = {
            "bookTicker": self._quote,
            "trade": self._trade,
            "aggTrade": self._trade,
            "depthUpdate": self._diff,
            "snapshot": self._snapshot,
        }
        return readers[kind]() if kind in readers else Other(str(kind))

    def _quote(self) -> Quote:
        bid, bid_size, ask, ask_size = (self._number(name) for name in ("b", "B", "a", "A"))
        head = self._stamp, self._count("u"), self._symbol()
        return Quote(*head, bid, bid_size, ask, ask_size, self._count("T"))

    def _trade(self) -> Trade | Other:
        if self._data.get("X", "MARKET") != "MARKET":
            # Insurance fund and deleveraging: nothing of it met the book.
            return Other(f"trade {self._data['X']}")
        maker = self._data.get("m")
        if not isinstance(maker, bool):
            raise self._wrong("m", "true or false")
        name = "a" if self._data["e"] == "aggTrade" else "t"
        ids = self._count("T"), self._symbol(), self._count(name)
        return Trade(self._stamp, *ids, self._number("p"), self._number("q"), b"true" if maker else b"false")

    def _diff(self) -> Depth:
        first, last, previous = (self._count(name) for name in ("U", "u", "pu"))
        head = self._stamp, self._count("T"), self._symbol()
        return Depth(*head, first, last, previous, self._levels("b"), self._levels("a"))

    def _snapshot(self) -> Depth:
        seen = self._count("lastUpdateId")
        return Depth(self._stamp, self._count("T"), b"", seen, seen, b"", self._levels("bids"), self._levels("asks"))

    def _wrong(self, name: str, allowed: str) -> DataError:
        return DataError(f"line {self._line}: field {name!r} is {self._data.get(name)!r}; expected {allowed}")

    def _symbol(self) -> bytes:
        symbol = self._data.get("s")
        if not isinstance(symbol, str) or not symbol.isascii():
            raise self._wrong("s", "a symbol")
        return symbol.encode()

    def _count(self, name: str) -> bytes:
        value = self._data.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 63:
            raise self._wrong(name, "a whole number")
        return str(value).encode()

    def _number(self, name: str) -> bytes:
        value = self._data.get(name)
        if not _is_number(value):
            raise self._wrong(name, "a decimal number as text")
        return str(value).encode()

    def _levels(self, name: str) -> bytes:
        rows = self._data.get(name)
        if not isinstance(rows, list):
            raise self._wrong(name, "a list of [price, quantity]")
        for row in rows:
            if not (
                isinstance(row, list) and [bool(isinstance(x, str) and _NUMBER.fullmatch(x)) for x in row] == [True] * 2
            ):
                raise DataError(f"line {self._line}: field {name!r} has {row!r}; expected [price, quantity] as text")
        return b",".join(f'["{price}","{size}"]'.encode() for price, size in rows)


def _is_number(value: object) -> bool:
    return isinstance(value, str) and _NUMBER.fullmatch(value) is not None
