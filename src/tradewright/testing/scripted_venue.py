"""A venue in miniature that speaks as Binance USDT-M does, in simulated time, and fails as it is told to.

It keeps the truth beside what it sends: what a feed tells can be held against it, tick by tick.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from tradewright.adapters.venues.transport.calls import NoAnswer, NotSent, Reply, Wire
from tradewright.adapters.venues.transport.sockets import Connection, ConnectionLost, DialFailed
from tradewright.testing.simulated_time import SimulatedClock

__all__ = ["Faults", "ScriptedVenue"]

_MINUTE_MS = 60_000
_MARKET, _PUBLIC = "/market/", "/public/"
_Row = dict[str, Any]


@dataclass(slots=True)
class Faults:
    """How a venue fails; chances are from 0 to 1, and strike until `until` seconds have passed.

    Args:
        until: seconds from the start.
        lose: chance that a message is lost.
        double: that it comes twice.
        turn: that it comes after the next one.
        garble: that it is cut.
        close: that a second ends all connections.
        silence: that a second makes all open connections silent for ever, though they stay open.
        refuse: that a connection is refused, with a wait of some seconds.
        deaf: that a subscription is never acknowledged.
        drop: that a request is lost.
        late: that an answer takes longer than anybody waits.
        busy: that a request is answered with 503.
        limited: that it is answered with 429 and a wait.
        cut: that a list in an answer lacks its end, or its begin.
        ahead_ms: how far our clock is ahead of the venue's.
    """

    until: float = 0.0
    lose: float = 0.0
    double: float = 0.0
    turn: float = 0.0
    garble: float = 0.0
    close: float = 0.0
    silence: float = 0.0
    refuse: float = 0.0
    deaf: float = 0.0
    drop: float = 0.0
    late: float = 0.0
    busy: float = 0.0
    limited: float = 0.0
    cut: float = 0.0
    ahead_ms: int = 0


@dataclass(slots=True)
class _Symbol:
    name: str
    price: int = 10_000
    trades: list[_Row] = field(default_factory=list)
    bars: list[list[Any]] = field(default_factory=list)
    book_id: int = 100
    bids: dict[int, int] = field(default_factory=dict)
    asks: dict[int, int] = field(default_factory=dict)


class ScriptedVenue:
    """A sender of requests and a dialler of sockets in one.

    Args:
        clock: ours; the venue's runs beside it.
        seed: of the market and the faults.
        faults: how it fails.
        symbols: the venue's names of what it trades.
        step_s: so often each symbol trades.
    """

    def __init__(
        self, clock: SimulatedClock, seed: int, faults: Faults, symbols: tuple[str, ...] = ("BTCUSDT",),
        step_s: float = 2.0,
    ) -> None:  # fmt: skip
        self._clock, self._faults, self._step_s = clock, faults, step_s
        self._chance, self._luck = random.Random(seed), random.Random(seed + 1)  # noqa: S311 - no secret
        self.symbols = {name: _Symbol(name) for name in symbols}
        self._links: list[_Link] = []
        self.dials = self.requests = 0
        for symbol in self.symbols.values():
            symbol.bids = {symbol.price - n: 5 for n in range(1, 6)}
            symbol.asks = {symbol.price + n: 5 for n in range(1, 6)}

    def now_ms(self) -> int:
        """The venue's time, UTC ms."""
        return self._clock.now_ns() // 1_000_000 - self._faults.ahead_ms

    def strikes(self, name: str) -> bool:
        """Whether a fault strikes now."""
        if self._clock.monotonic() >= self._faults.until:
            return False
        return bool(self._luck.random() < getattr(self._faults, name))

    async def live(self) -> None:
        """Trade, until cancelled."""
        second = 0.0
        while True:
            await self._clock.sleep(self._step_s)
            for symbol in self.symbols.values():
                self._trade(symbol)
            second += self._step_s
            if self.strikes("close"):
                for link in tuple(self._links):
                    link.end("closed with 1001")
            if self.strikes("silence"):
                for link in self._links:
                    link.is_silent = True

    # The market.

    def _trade(self, symbol: _Symbol) -> None:
        now, lots = self.now_ms(), self._chance.randint(1, 9)
        symbol.price += self._chance.randint(-3, 3)
        trade = {"a": len(symbol.trades) + 1, "p": _price(symbol.price), "q": str(lots), "f": 1, "l": 1, "T": now,
                 "m": self._chance.random() < 0.5}  # noqa: PLR2004 # fmt: skip
        symbol.trades.append(trade)
        begun = self._candle(symbol, now, lots)
        name = symbol.name.lower()
        self._tell(f"{name}@aggTrade", {"e": "aggTrade", "E": now, "s": symbol.name, **trade})
        if begun and len(symbol.bars) > 1:
            self._tell(f"{name}@kline_1m", self._kline(symbol, symbol.bars[-2], now, closed=True))
        self._tell(f"{name}@kline_1m", self._kline(symbol, symbol.bars[-1], now, closed=False))
        self._change_book(symbol, now)
        quote = {"b": _price(max(symbol.bids)), "B": "5", "a": _price(min(symbol.asks)), "A": "5"}
        head = {"e": "bookTicker", "u": symbol.book_id, "s": symbol.name, "T": now, "E": now}
        self._tell(f"{name}@bookTicker", head | quote)
        price = _price(symbol.price)
        mark = {"e": "markPriceUpdate", "E": now, "s": symbol.name, "p": price, "i": price, "r": "0.0001"}
        self._tell(f"{name}@markPrice@1s", mark | {"T": now // 28_800_000 * 28_800_000 + 28_800_000})

    def _candle(self, symbol: _Symbol, now: int, lots: int) -> bool:
        begin, price = now - now % _MINUTE_MS, symbol.price
        if symbol.bars and symbol.bars[-1][0] == begin:
            bar = symbol.bars[-1]
            bar[2], bar[3], bar[4], bar[5] = max(bar[2], price), min(bar[3], price), price, bar[5] + lots
            return False
        symbol.bars.append([begin, price, price, price, price, lots])
        return True

    def _kline(self, symbol: _Symbol, bar: list[Any], now: int, *, closed: bool) -> _Row:
        o, high, low, close = map(_price, bar[1:5])
        body = {"t": bar[0], "T": bar[0] + _MINUTE_MS - 1, "s": symbol.name, "i": "1m", "o": o, "h": high, "l": low,
                "c": close, "v": str(bar[5]), "x": closed}  # fmt: skip
        return {"e": "kline", "E": now, "s": symbol.name, "k": body}

    def _change_book(self, symbol: _Symbol, now: int) -> None:
        before, first = symbol.book_id, symbol.book_id + 1
        symbol.book_id += self._chance.randint(1, 9)
        changes: list[list[list[str]]] = []
        for side, sign in ((symbol.bids, -1), (symbol.asks, 1)):
            level, lots = symbol.price + sign * self._chance.randint(1, 8), self._chance.randint(1, 9)
            gone = [price for price in side if (price - symbol.price) * sign <= 0]
            for price in gone:
                del side[price]
            side[level] = lots
            changes.append([[_price(price), "0"] for price in gone] + [[_price(level), str(lots)]])
        head = {"e": "depthUpdate", "E": now, "T": now, "s": symbol.name, "U": first, "u": symbol.book_id, "pu": before}
        self._tell(f"{symbol.name.lower()}@depth@100ms", head | {"b": changes[0], "a": changes[1]})

    # Streams.

    async def dial(self, url: str) -> Connection:
        """See `Dialer`."""
        self.dials += 1
        await self._clock.sleep(0.05)
        if self.strikes("refuse"):
            raise DialFailed("status 503", self._luck.choice((0.0, 1.0, 4.0)))
        link = _Link(self, _MARKET if _MARKET in url else _PUBLIC)
        self._links.append(link)
        return link

    def leave(self, link: _Link) -> None:
        """Forget a connection."""
        if link in self._links:
            self._links.remove(link)

    def _tell(self, name: str, data: _Row) -> None:
        path = _PUBLIC if "@depth" in name or "@bookTicker" in name else _MARKET
        for link in self._links:
            if name in link.names and link.path == path and not link.is_silent:
                link.tell(json.dumps({"stream": name, "data": data}, separators=(",", ":")))

    # Requests.

    async def send(self, wire: Wire) -> Reply:
        """See `Sender`."""
        self.requests += 1
        sent = self._clock.now_ns()
        await self._clock.sleep(0.02)
        if self.strikes("drop"):
            raise self._luck.choice((NotSent("connection refused"), NoAnswer("the connection was lost")))
        status, body, headers = self._reply(wire)
        await self._clock.sleep(0.02)
        if self.strikes("late"):
            await self._clock.sleep(10.0)
            raise NoAnswer("no answer within 10 s")
        return Reply(status, body, headers, sent, self._clock.now_ns())

    def _reply(self, wire: Wire) -> tuple[int, Any, dict[str, str]]:
        if self.strikes("busy"):
            return 503, {"code": -1001, "msg": "Internal error"}, {}
        if self.strikes("limited"):
            return 429, {"code": -1003, "msg": "Too many requests"}, {"retry-after": str(self._luck.randint(1, 5))}
        path, _, query = wire.target.partition("?")
        body = self._body(path.rpartition("/")[2], dict(parse_qsl(query)))
        if isinstance(body, list) and len(body) > 1 and self.strikes("cut"):
            place = self._luck.randint(1, len(body) - 1)
            body = self._luck.choice((body[:place], body[place:]))
        return 200, body, {}

    def _body(self, what: str, given: dict[str, str]) -> Any:
        if what == "time":
            return {"serverTime": self.now_ms()}
        if what == "fundingInfo":
            return []
        if what == "exchangeInfo":
            return {"symbols": [_listing(name) for name in self.symbols]}
        symbol = self.symbols[given["symbol"]]
        if what == "aggTrades":
            first = int(given["fromId"])
            return symbol.trades[max(first - 1, 0) : max(first - 1, 0) + int(given["limit"])]
        if what == "klines":
            begin, end, limit = (int(given[name]) for name in ("startTime", "endTime", "limit"))
            rows = [bar for bar in symbol.bars if begin <= bar[0] <= end][:limit]
            return [[bar[0], *map(_price, bar[1:5]), str(bar[5]), bar[0] + _MINUTE_MS - 1] for bar in rows]
        sides = [[[_price(price), str(lots)] for price, lots in side.items()] for side in (symbol.bids, symbol.asks)]
        return {"lastUpdateId": symbol.book_id, "E": self.now_ms(), "T": self.now_ms(), "bids": sides[0],
                "asks": sides[1]}  # fmt: skip


class _Link:
    """One connection to the venue."""

    def __init__(self, venue: ScriptedVenue, path: str) -> None:
        self._venue, self.path = venue, path
        self.names: set[str] = set()
        self.is_silent = False
        self._waiting: deque[str] = deque()
        self._held = ""
        self._ended = ""
        self._wake = asyncio.Event()

    async def send(self, text: str) -> None:
        """See `Connection`."""
        if self._ended:
            raise ConnectionLost(self._ended)
        request = json.loads(text)
        self.names.update(request["params"])
        if not self._venue.strikes("deaf"):
            self._put(json.dumps({"result": None, "id": request["id"]}))

    async def receive(self) -> str:
        """See `Connection`."""
        while not self._waiting:
            if self._ended:
                raise ConnectionLost(self._ended)
            self._wake.clear()
            await self._wake.wait()
        return self._waiting.popleft()

    async def close(self) -> None:
        """See `Connection`."""
        self.end("closed by us")

    def end(self, why: str) -> None:
        """The connection ends; what was on its way is lost."""
        self._ended = self._ended or why
        self._waiting.clear()
        self._wake.set()
        self._venue.leave(self)

    def tell(self, text: str) -> None:
        """Send a message of a stream, unless a fault strikes it."""
        if self._venue.strikes("lose"):
            return
        if self._venue.strikes("garble"):
            text = text[: len(text) // 2]
        if not self._held and self._venue.strikes("turn"):
            self._held = text
            return
        for _ in range(2 if self._venue.strikes("double") else 1):
            self._put(text)
        if self._held:
            self._put(self._held)
            self._held = ""

    def _put(self, text: str) -> None:
        self._waiting.append(text)
        self._wake.set()


def _price(ticks: int) -> str:
    return f"{ticks / 10:.1f}"


def _listing(name: str) -> _Row:
    filters = [
        {"filterType": "PRICE_FILTER", "tickSize": "0.1"},
        {"filterType": "LOT_SIZE", "stepSize": "1", "minQty": "1"},
        {"filterType": "MIN_NOTIONAL", "notional": "5"},
    ]
    return {"symbol": name, "contractType": "PERPETUAL", "baseAsset": name.removesuffix("USDT"), "quoteAsset": "USDT",
            "marginAsset": "USDT", "filters": filters}  # fmt: skip
