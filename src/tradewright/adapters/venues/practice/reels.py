"""Recorded markets, made ready to be played again: messages of a venue as they came, or a table of trades."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.adapters.venues.binance.streams import decode, read_lines
from tradewright.adapters.venues.binance.wire import Depth, Other, Quote, Trade, read_line
from tradewright.adapters.venues.practice.listing import Listing
from tradewright.domain.errors import DataError
from tradewright.domain.instrument import Instrument
from tradewright.market.events import Recording

__all__ = ["Message", "Reel", "read_reel", "reel_of_trades"]

_STREAM = re.compile(rb'\{"stream":"([^"@]+)@([^"]+)"')
_LEAST_LATENCY = 1_000_000
_KIND_OF_DIFFS = "depth"


class Message(NamedTuple):
    """What is told at one time of one symbol."""

    ts: int
    """When it came, UTC ns, of a clock that is not behind the venue's."""
    k: int
    what: str
    """The stream that it belongs to; empty where it was no message of a stream."""
    events: NDArray[np.void]
    """EVENT, the rows of a message; none where it tells neither of trades nor of the book."""
    text: str
    update_id: int = 0
    """Of diffs and snapshots, the last update that they hold."""
    is_snapshot: bool = False
    happened: int = 0
    """At the venue, UTC ns; 0 where nothing is told of trades or the book."""
    is_trade: bool = False


class Reel(NamedTuple):
    """A recorded market.

    Attributes:
        listings: what is traded; the first prices are those with which it begins.
        start: when it begins, UTC ns.
        before: what was known before; nobody is told of it.
        messages: what comes then.
    """

    listings: tuple[Listing, ...]
    start: int
    before: tuple[Message, ...]
    messages: tuple[Message, ...]


class _Line(NamedTuple):
    number: int
    raw: bytes
    message: Quote | Trade | Depth | Other
    symbol: str
    what: str


def read_reel(path: Path, listing_for: Callable[[str], Listing], wanted: Sequence[str] | None = None) -> Reel:
    """Read a recording of raw messages, lines of `RECEIVE-TIME-IN-NS JSON`.

    It begins with the snapshot by which the book of its last symbol is known; diffs that came before a snapshot, and
    go beyond it, come right after it. A receiver's clock that is behind the venue's is moved, as for a backtest.

    Args:
        path: the file; gzipped where its name ends in .gz.
        listing_for: gives a contract by its symbol.
        wanted: symbols to be played; None for all in the file.

    Raises:
        DataError: it is absent, damaged, or holds what no such market can.
    """
    lines = [line for line in _lines(read_lines(path), path) if wanted is None or line.symbol in wanted]
    symbols = list(dict.fromkeys(line.symbol for line in lines))
    missing = [symbol for symbol in wanted or () if symbol not in symbols]
    if missing or not symbols:
        raise DataError(f"{path}: holds nothing of {', '.join(missing) or 'any symbol'}")
    listings = [listing_for(symbol) for symbol in symbols]
    found = [
        message
        for k, listing in enumerate(listings)
        for message in _messages(k, [line for line in lines if line.symbol == listing.symbol], listing.instrument, path)
    ]
    ordered = [message for _, message in sorted(found, key=lambda one: one[0])]
    return _cut(listings, ordered, path)


def reel_of_trades(listing: Listing, events: NDArray[np.void]) -> Reel:
    """A market of trades alone, each happening at its own time; the house shows a book around the last of them."""
    messages = tuple(
        Message(ts, 0, "", events[row : row + 1], "", happened=ts, is_trade=True)
        for row, ts in enumerate(events["ts_exchange"].tolist())
    )
    first = listing.instrument.from_ticks(int(events["ticks"][0]))
    return Reel((replace(listing, price=first),), messages[0].ts, (), messages)


def _lines(raw: Iterable[bytes], path: Path) -> list[_Line]:
    lines = []
    for number, line in enumerate(raw, start=1):
        if not line.strip():
            continue
        try:
            message = read_line(line, number)
        except DataError as error:
            raise DataError(f"{path}: {error}") from None
        stamp_end = line.find(b" ") + 1
        named = _STREAM.match(line, stamp_end)
        told = b"" if isinstance(message, Other) else message.symbol
        symbol = told.decode() or (named[1].decode().upper() if named else "")
        lines.append(_Line(number, line, message, symbol, named[2].decode() if named else _what(message, line)))
    known = {line.symbol for line in lines if line.symbol}
    if len(known) > 1 and any(isinstance(line.message, Depth) and not line.symbol for line in lines):
        raise DataError(f"{path}: a snapshot does not say which of {', '.join(sorted(known))} it is of")
    only = next(iter(known), "")
    return [line if line.symbol else line._replace(symbol=only) for line in lines if line.symbol or line.what]


def _what(message: Quote | Trade | Depth | Other, line: bytes) -> str:
    if isinstance(message, Trade):
        return "aggTrade" if b'"aggTrade"' in line else "trade"
    return {Quote: "bookTicker", Depth: _KIND_OF_DIFFS, Other: ""}[type(message)]


def _messages(k: int, lines: list[_Line], instrument: Instrument, path: Path) -> list[tuple[int, Message]]:
    # Blank lines stand for those of other symbols, so that errors name lines of the file.
    raw = [b""] * lines[-1].number
    for line in lines:
        raw[line.number - 1] = line.raw
    try:
        recording = decode(raw, instrument)
    except DataError as error:
        raise DataError(f"{path}: {error}") from None
    found, row, depth, events = [], 0, iter(recording.depth), recording.events
    happened = events["ts_exchange"].tolist()
    for line in lines:
        stop, last_id, is_snapshot = row, 0, False
        if isinstance(line.message, Depth):
            head = next(depth)
            stop = int(head["stop"]) if head["stop"] > head["start"] else row
            last_id, is_snapshot = int(head["last_id"]), bool(head["is_snapshot"])
        elif not isinstance(line.message, Other):
            stop = row + (2 if isinstance(line.message, Quote) else 1)
        stamp, _, text = line.raw.partition(b" ")
        when, is_trade = happened[row] if stop > row else 0, isinstance(line.message, Trade)
        found.append((line.number, Message(int(stamp), k, _told(line, is_snapshot), events[row:stop], _inner(text),
                                           last_id, is_snapshot, when, is_trade)))  # fmt: skip
        row = stop
    _check(recording, row, path)
    return found


def _told(line: _Line, is_snapshot: bool) -> str:
    if is_snapshot:
        return ""
    return _KIND_OF_DIFFS if isinstance(line.message, Depth) else line.what


def _check(recording: Recording, used: int, path: Path) -> None:
    if used != recording.events.size:
        raise DataError(f"{path}: {recording.events.size - used} events belong to no message")


def _inner(text: bytes) -> str:
    """The message itself, without what wraps it."""
    text = text.strip()
    if named := _STREAM.match(text):
        return text[named.end() + len(b',"data":') : -1].decode()
    return text.decode()


def _cut(listings: list[Listing], ordered: list[Message], path: Path) -> Reel:
    with_diffs = {m.k for m in ordered if m.update_id and not m.is_snapshot}
    begin = 0
    for k in with_diffs:
        found = next((n for n, m in enumerate(ordered) if m.k == k and m.is_snapshot), None)
        if found is None:
            raise DataError(f"{path}: has depth diffs of {listings[k].symbol} but no snapshot: its book is unknown")
        begin = max(begin, found)
    firsts = [_first_price(k, ordered, begin) for k in range(len(listings))]
    priced = [replace(one, price=one.instrument.from_ticks(first)) for one, first in zip(listings, firsts, strict=True)]
    before, opening = _split(ordered[: begin + 1]) if with_diffs else ([], [])
    rest = ordered[begin + 1 :] if with_diffs else ordered
    first, *moved = _moved([ordered[begin], *opening, *rest])
    # Whoever asks at the beginning is told what was known then: what came with it comes a moment later.
    return Reel(tuple(priced), first.ts - 1, tuple(before), tuple(moved))


def _split(early: list[Message]) -> tuple[list[Message], list[Message]]:
    """What was known when the last of these, a snapshot, came; and the diffs that go beyond it."""
    last = early[-1]
    diffs = [m for m in early if m.k == last.k and m.what == _KIND_OF_DIFFS]
    known = [m for m in early if m.k != last.k or m.what != _KIND_OF_DIFFS]
    return known, [m for m in diffs if m.update_id >= last.update_id]


def _moved(messages: list[Message]) -> list[Message]:
    """Messages in order, none before the first, on a clock that is not behind the venue's."""
    received = np.maximum.accumulate([m.ts for m in messages])
    happened = [m.happened or m.ts for m in messages]
    least = int((received - happened).min())
    shift = _LEAST_LATENCY - least if least < 0 else 0
    return [m._replace(ts=ts) for m, ts in zip(messages, (received + shift).tolist(), strict=True)]


def _first_price(k: int, ordered: list[Message], begin: int) -> int:
    """Price of the last trade before the beginning, or the first that the recording tells."""
    own = [n for n, m in enumerate(ordered) if m.k == k and m.events.size]
    trades = [n for n in own if ordered[n].is_trade]
    earlier = [n for n in trades if n <= begin]
    found = earlier[-1:] or trades[:1] or own[:1]
    if not found:
        raise DataError("the recording tells no price")
    return int(ordered[found[0]].events["ticks"][0])
