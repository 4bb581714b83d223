"""Market streams: what each tells, and when. Everything happens in the exchange's own time."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tradewright.adapters.venues.practice.course import Print
from tradewright.adapters.venues.practice.exchange import NS_PER_MS, Exchange
from tradewright.adapters.venues.practice.market_calls import premium
from tradewright.adapters.venues.practice.minutes import INTERVALS, Candle
from tradewright.adapters.venues.practice.orders import WireOrder, average, side_text
from tradewright.adapters.venues.practice.script import Levels
from tradewright.adapters.venues.practice.shapes import kline_row, ticker_event

__all__ = ["Channel", "Emit", "Timed", "category_of", "changes", "channel_for"]

_DEPTH = re.compile(r"depth(5|10|20)?(?:@(100|250|500|1000)ms)?")
_DIFFS = re.compile(r"depth(@\d{1,4}ms)?")
_PUBLIC = re.compile(r".*@(depth.*|bookTicker|trade)|!bookTicker")
_ORDINARY_DEPTH_MS = 250
_KLINE_MS = 250
_FORCED_MS = 1_000

Emit = Callable[[Any], None]


def category_of(name: str) -> frozenset[str]:
    """On which paths a stream is delivered."""
    if name.endswith("@trade"):
        return frozenset({"public", "market"})
    return frozenset({"public"} if _PUBLIC.fullmatch(name) else {"market"})


class Channel:
    """A market stream.

    Args:
        exchange: that it tells of.
        rows: of the symbols that it tells of.
        emit: takes each message.
    """

    def __init__(self, exchange: Exchange, rows: tuple[int, ...], emit: Emit) -> None:
        self.exchange, self.rows, self.emit = exchange, rows, emit

    def on_trade(self, k: int, number: int, trade: Print) -> None:
        """A trade was printed."""

    def on_raw(self, k: int, what: str, text: str) -> None:
        """A recorded message comes again."""

    def on_forced(self, order: WireOrder) -> None:
        """The venue has closed a position by an order of its own."""

    def on_present(self, now: int) -> None:
        """The present has moved to a time, UTC ms."""


class _Recorded(Channel):
    """Messages of a stream as they were recorded; what they are emitted as is their text."""

    what = ""

    def on_raw(self, k: int, what: str, text: str) -> None:
        if k in self.rows and what == self.what:
            self.emit(text)


class _Forced(Channel):
    """Orders by which the venue closes positions: of each symbol one in a second, and the others are not told."""

    def __init__(self, exchange: Exchange, rows: tuple[int, ...], emit: Emit) -> None:
        super().__init__(exchange, rows, emit)
        self._next = dict.fromkeys(rows, 0)

    def on_forced(self, order: WireOrder) -> None:
        if order.k not in self._next or order.updated < self._next[order.k]:
            return
        self._next[order.k] = order.updated + _FORCED_MS
        listing = self.exchange.listings[order.k]
        body = {
            "s": listing.symbol, "S": side_text(order.side), "o": order.kind, "f": order.tif,
            "q": listing.quantity_text(order.lots), "p": listing.price_text(order.ticks),
            "ap": average(order, listing), "X": order.status, "l": listing.quantity_text(order.filled),
            "z": listing.quantity_text(order.filled), "T": order.updated,
        }  # fmt: skip
        self.emit({"e": "forceOrder", "E": order.updated, "o": body})


class _Trades(Channel):
    is_aggregate = False

    def on_trade(self, k: int, number: int, trade: Print) -> None:
        if k not in self.rows:
            return
        listing, ts = self.exchange.listings[k], trade.ts // NS_PER_MS
        price, quantity = listing.price_text(trade.ticks), listing.quantity_text(trade.lots)
        common = {"E": ts, "T": ts, "s": listing.symbol, "p": price, "q": quantity, "m": not trade.buys}
        if self.is_aggregate:
            self.emit({"e": "aggTrade", "a": number, "f": number, "l": number, "nq": quantity, **common})
        else:
            self.emit({"e": "trade", "t": number, "X": "MARKET", **common})


class _AggTrades(_Trades):
    is_aggregate = True


class Timed(Channel):
    """Says the same again and again, at most so often; `always`, or when it has changed."""

    every_ms = 1_000
    always = True

    def __init__(self, exchange: Exchange, rows: tuple[int, ...], emit: Emit) -> None:
        super().__init__(exchange, rows, emit)
        self._next = 0
        self._said: Any = None

    def on_present(self, now: int) -> None:
        """See `Channel`."""
        if now < self._next:
            return
        said = self.said(now)
        if self.always or said != self._said:
            self._next = now - now % self.every_ms + self.every_ms
            self._said = said
            self.tell(said, now)

    def said(self, now: int) -> Any:
        """What there is to be said at a time, UTC ms."""
        raise NotImplementedError

    def tell(self, said: Any, now: int) -> None:  # noqa: ARG002 - of use to others
        """Say it."""
        self.emit(said)


class _Marks(Timed):
    every_ms = 3_000
    is_list = False

    def said(self, now: int) -> Any:
        rows = []
        for k in self.rows:
            one = premium(self.exchange, k)
            rows.append({
                "e": "markPriceUpdate", "E": now, "s": one["symbol"], "p": one["markPrice"], "ap": one["markPrice"],
                "i": one["indexPrice"], "P": one["estimatedSettlePrice"], "r": one["lastFundingRate"],
                "T": one["nextFundingTime"],
            })  # fmt: skip
        return rows if self.is_list else rows[0]


class _Tickers(Timed):
    is_list = False
    is_mini = False

    def said(self, now: int) -> Any:
        rows = [ticker_event(self.exchange, k, mini=self.is_mini, now=now) for k in self.rows]
        return rows if self.is_list else rows[0]


class _BookTickers(Timed):
    every_ms = 1
    always = False

    def said(self, now: int) -> Any:  # noqa: ARG002 - the book, whatever the time
        return [(k, *self.exchange.books.best(k)) for k in self.rows]

    def tell(self, said: Any, now: int) -> None:
        for k, (bid, bid_lots), (ask, ask_lots) in said:
            listing = self.exchange.listings[k]
            self.emit({
                "e": "bookTicker", "u": self.exchange.books.update_id(k), "s": listing.symbol,
                "b": listing.price_text(bid), "B": listing.quantity_text(bid_lots),
                "a": listing.price_text(ask), "A": listing.quantity_text(ask_lots), "T": now, "E": now,
            })  # fmt: skip


class _Depth(Timed):
    always = False
    most = 0

    def __init__(self, exchange: Exchange, rows: tuple[int, ...], emit: Emit) -> None:
        super().__init__(exchange, rows, emit)
        self._before = exchange.books.levels(rows[0])
        self._said = self._before
        self._last = exchange.books.update_id(rows[0])

    def said(self, now: int) -> Any:  # noqa: ARG002 - the book, whatever the time
        return self.exchange.books.levels(self.rows[0])

    def tell(self, said: tuple[Levels, Levels], now: int) -> None:
        listing, u = self.exchange.listings[self.rows[0]], self.exchange.books.update_id(self.rows[0])
        sides = []
        for before, after in zip(self._before, said, strict=True):
            shown = after[: self.most] if self.most else changes(before, after)
            sides.append([[listing.price_text(ticks), listing.quantity_text(lots)] for ticks, lots in shown])
        numbers = {"U": self._last + 1, "u": u, "pu": self._last}
        self._before, self._last = said, u
        head = {"e": "depthUpdate", "E": now, "T": now, "s": listing.symbol}
        self.emit(head | numbers | {"b": sides[0], "a": sides[1]})


def changes(before: Levels, after: Levels) -> Levels:
    """What of a side is new; what is gone has no lots."""
    old, new = dict(before), dict(after)
    gone = [(ticks, 0) for ticks in old if ticks not in new]
    return gone + [(ticks, lots) for ticks, lots in after if old.get(ticks) != lots]


class _Klines(Channel):
    interval = "1m"
    is_continuous = False

    def __init__(self, exchange: Exchange, rows: tuple[int, ...], emit: Emit) -> None:
        super().__init__(exchange, rows, emit)
        found = exchange.minutes[rows[0]].candles(self.interval, None, None, 1)
        self._begin = found[0].begin if found else 0
        self._trades, self._next = -1, 0
        self._seen, self._size = -1, 0

    def on_present(self, now: int) -> None:
        minutes = self.exchange.minutes[self.rows[0]]
        if minutes.version == self._seen or (now < self._next and minutes.size == self._size):
            return
        # What is too early to be told is looked at again.
        self._seen, self._size = minutes.version if now >= self._next else -1, minutes.size
        current = minutes.candles(self.interval, None, None, 1)
        if not current:
            return
        if current[0].begin > self._begin:
            for candle in minutes.candles(self.interval, self._begin, current[0].begin - 1, 1_500):
                self._tell(candle, closed=True, now=now)
            self._begin, self._next = current[0].begin, 0
        if now >= self._next and current[0].trades != self._trades:
            self._next, self._trades = now + _KLINE_MS, current[0].trades
            self._tell(current[0], closed=False, now=now)

    def _tell(self, candle: Candle, *, closed: bool, now: int) -> None:
        listing, last = self.exchange.listings[self.rows[0]], self.exchange.printed[self.rows[0]]
        row = kline_row(listing, candle)
        body = {
            "t": row[0], "T": row[6], "s": listing.symbol, "i": self.interval, "f": max(last - candle.trades, 0),
            "L": last, "o": row[1], "c": row[4], "h": row[2], "l": row[3], "v": row[5], "n": row[8], "x": closed,
            "q": row[7], "V": row[9], "Q": row[10], "B": "0",
        }  # fmt: skip
        if self.is_continuous:
            del body["s"]
            self.emit({"e": "continuous_kline", "E": now, "ps": listing.symbol, "ct": "PERPETUAL", "k": body})
        else:
            self.emit({"e": "kline", "E": now, "s": listing.symbol, "k": body})


_WHOLE: dict[str, tuple[type[Channel], dict[str, Any]]] = {
    "!bookTicker": (_BookTickers, {}),
    "!forceOrder@arr": (_Forced, {}),
    "!ticker@arr": (_Tickers, {"is_list": True}),
    "!miniTicker@arr": (_Tickers, {"is_list": True, "is_mini": True}),
    "!markPrice@arr": (_Marks, {"is_list": True}),
    "!markPrice@arr@1s": (_Marks, {"is_list": True, "every_ms": 1_000}),
}
_ONE: dict[str, tuple[type[Channel], dict[str, Any]]] = {
    "trade": (_Trades, {}),
    "aggTrade": (_AggTrades, {}),
    "bookTicker": (_BookTickers, {}),
    "forceOrder": (_Forced, {}),
    "ticker": (_Tickers, {}),
    "miniTicker": (_Tickers, {"is_mini": True}),
    "markPrice": (_Marks, {}),
    "markPrice@1s": (_Marks, {"every_ms": 1_000}),
}


def _recipe(what: str) -> tuple[type[Channel], dict[str, Any]] | None:
    if what in _ONE:
        return _ONE[what]
    if what.startswith("kline_") and what[6:] in INTERVALS:
        return _Klines, {"interval": what[6:]}
    if what.startswith("continuousKline_") and what[16:] in INTERVALS:
        return _Klines, {"interval": what[16:], "is_continuous": True}
    if found := _DEPTH.fullmatch(what):
        return _Depth, {"most": int(found[1] or 0), "every_ms": int(found[2] or _ORDINARY_DEPTH_MS)}
    return None


def _recorded(exchange: Exchange, row: int | None, what: str) -> tuple[type[Channel], dict[str, Any]] | None:
    """Diffs come as often as they were recorded, whatever speed is asked for."""
    named = "depth" if _DIFFS.fullmatch(what) else what
    is_recorded = row is not None and exchange.script.has_recorded(row, named)
    return (_Recorded, {"what": named}) if is_recorded else None


def channel_for(exchange: Exchange, name: str, emit: Emit) -> Channel | None:
    """The stream of a name, or None where there is none: such a name is taken, and stays silent."""
    symbol, _, what = name.partition("@")
    if name in _WHOLE:
        rows, recipe = tuple(range(len(exchange.listings))), _WHOLE[name]
    else:
        row = exchange.rows.get(symbol.upper().removesuffix("_PERPETUAL"))
        found = _recorded(exchange, row, what) or _recipe(what)
        if row is None or found is None or symbol != symbol.lower():
            return None
        rows, recipe = (row,), found
    kind, settings = recipe
    settled: type[Channel] = type(kind.__name__, (kind,), settings)
    return settled(exchange, rows, emit)
