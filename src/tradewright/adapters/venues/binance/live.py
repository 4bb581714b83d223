"""Streams of Binance USDT-M: which path tells what, what a message says, and how to ask for what was lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tradewright.adapters.venues.binance.history import INTERVALS, BinanceHistory, measure_clock
from tradewright.adapters.venues.binance.listings import Listings
from tradewright.adapters.venues.streaming.bar_slot import BarSlot
from tradewright.adapters.venues.streaming.dialect import Acknowledged, Line, Refused, Told
from tradewright.adapters.venues.streaming.slots import Ask, AskBars, AskTicks, BookSlot, Diff, Slot, Step, ValueSlot
from tradewright.adapters.venues.streaming.tick_slot import TickSlot
from tradewright.adapters.venues.transport.calls import Call
from tradewright.adapters.venues.transport.client import Client
from tradewright.domain.errors import DataError
from tradewright.domain.market_events import (
    Bar,
    BookLevel,
    BookUpdate,
    Channel,
    Mark,
    MarketEvent,
    Quote,
    Subscription,
    Tick,
)
from tradewright.domain.timeframe import SECOND_NS
from tradewright.ports.feed import FeedAbilities

__all__ = ["BinanceDialect"]

_MS = 1_000_000
_STREAMS_A_LINE, _STREAMS_A_REQUEST = 200, 100
_PUBLIC = frozenset({Channel.QUOTES, Channel.BOOK})
"""Since 2026 these are told on the path `public`, all else on `market`; a stream asked for on the wrong path is taken
and stays silent."""
_LIVELY = "BTC/USDT:USDT"
_BOOK_ROWS, _TICKS = 1_000, 1_000
_GRACE_NS, _SETTLE_NS = 4 * SECOND_NS, 2 * SECOND_NS

Tap = Callable[[int, str, str], None]


def _nothing(ts_seen: int, symbol: str, text: str) -> None:
    pass


class BinanceDialect:
    """See `Dialect`.

    Args:
        client: asks the venue.
        streams: address of its streams, `wss://fstream.binance.com`.
        tap: given our time, the symbol, and each message as it came; and in the same form what was asked for.
    """

    def __init__(self, client: Client, streams: str, tap: Tap = _nothing) -> None:
        self._client, self._streams, self._tap = client, streams.rstrip("/"), tap
        self._history = BinanceHistory(client.venue, client, bulk=False)
        self._listings: Listings | None = None
        self._told_ms = 0

    @property
    def abilities(self) -> FeedAbilities:
        filled = frozenset({Channel.BARS, Channel.TICKS, Channel.BOOK})
        return FeedAbilities(self._client.venue, frozenset(Channel), filled, INTERVALS)

    async def prepare(self, wanted: Sequence[Subscription]) -> None:
        """See `Dialect`."""
        self._listings = await self._history.listings()
        for one in wanted:
            self._listings.id(one.symbol)
        await self.measure()

    async def measure(self) -> None:
        """See `Dialect`."""
        await measure_clock(self._client)

    def venue_now(self) -> int:
        """See `Dialect`."""
        offset, now = self._client.door.address.offset, self._client.now_ns()
        # Its messages tell its time as well; a practice exchange's may run faster than ours.
        return max(now + offset.offset_ns(now) - (offset.doubt_ns(now) or 0), self._told_ms * _MS)

    def lines(self, wanted: Sequence[Subscription]) -> Sequence[Line]:
        """See `Dialect`."""
        found: list[Line] = []
        for path in ("public", "market"):
            owned = [one for one in wanted if (one.channel in _PUBLIC) == (path == "public")]
            for begin in range(0, len(owned), _STREAMS_A_LINE - 1):
                part = owned[begin : begin + _STREAMS_A_LINE - 1]
                names: dict[str, Subscription | None] = {self._name(one): one for one in part}
                names.setdefault(self._beat(path), None)
                found.append(Line(f"{self._streams}/{path}/stream", _requests(list(names)), names))
        return found

    def slot(self, subscription: Subscription) -> Slot:
        """See `Dialect`."""
        if subscription.channel is Channel.BARS:
            return BarSlot(subscription, _GRACE_NS, _SETTLE_NS)
        if subscription.channel is Channel.TICKS:
            return TickSlot(subscription)
        return BookSlot(subscription) if subscription.channel is Channel.BOOK else ValueSlot(subscription)

    def hear(self, text: str, ts_seen: int, slots: Mapping[str, Slot | None]) -> Told | Acknowledged | Refused | None:
        """See `Dialect`."""
        try:
            message = json.loads(text)
            if "stream" not in message:
                return _answer(message)
            name = message["stream"]
            if name not in slots:
                return None
            slot, data = slots[name], message["data"]
            self._told_ms = max(self._told_ms, data["E"])
            if slot is None:
                return Told(None, Step())
            self._tap(ts_seen, slot.subscription.symbol, text)
            return Told(slot, _heard(slot, data, ts_seen))
        except (ValueError, KeyError, TypeError) as error:
            raise DataError(f"{self._client.venue}: a message cannot be read ({error!r}): {text[:120]}") from error

    async def ask(self, subscription: Subscription, ask: Ask) -> Sequence[MarketEvent]:
        """See `Dialect`."""
        if isinstance(ask, AskBars):
            return await self._bars(subscription, ask)
        return await (self._ticks(subscription, ask) if isinstance(ask, AskTicks) else self._book(subscription))

    async def _bars(self, subscription: Subscription, ask: AskBars) -> Sequence[MarketEvent]:
        timeframe = subscription.timeframe
        assert timeframe is not None
        bars = await self._history.bars("candles", subscription.symbol, timeframe, *ask)
        seen = self._client.now_ns()
        columns = (bars.ts_open, bars.open, bars.high, bars.low, bars.close, bars.volume)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return [Bar(subscription.symbol, timeframe, t, o, h, low, c, v, seen, True) for t, o, h, low, c, v in rows]

    async def _ticks(self, subscription: Subscription, ask: AskTicks) -> Sequence[MarketEvent]:
        name = self._id(subscription.symbol)
        params: dict[str, str | int] = {"symbol": name.upper(), "fromId": ask.first, "limit": _TICKS}
        reply = await self._client.ask(Call("GET", "/fapi/v1/aggTrades", params, weight=20))
        try:
            rows = [row for row in reply.body if ask.last is None or row["a"] <= ask.last]
            for row in rows:
                data = {"e": "aggTrade", "E": row["T"], "s": name.upper(), **row}
                self._tap(reply.received_ns, subscription.symbol, _packed({"stream": f"{name}@aggTrade", "data": data}))
            return [_tick(subscription.symbol, row, reply.received_ns)._replace(was_asked=True) for row in rows]
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"{self._client.venue}: trades of {subscription.symbol}: {error!r}") from error

    async def _book(self, subscription: Subscription) -> Sequence[MarketEvent]:
        params: dict[str, str | int] = {"symbol": self._id(subscription.symbol).upper(), "limit": _BOOK_ROWS}
        reply = await self._client.ask(Call("GET", "/fapi/v1/depth", params, weight=20))
        body = reply.body
        try:
            book = BookUpdate(
                subscription.symbol, body["T"] * _MS, body["lastUpdateId"], _levels(body["bids"]),
                _levels(body["asks"]), is_snapshot=True, ts_seen=reply.received_ns,
            )  # fmt: skip
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"{self._client.venue}: book of {subscription.symbol}: {error!r}") from error
        self._tap(reply.received_ns, subscription.symbol, _packed(body))
        return [book]

    def _beat(self, path: str) -> str:
        """A stream that speaks every second or half, to show that a line lives: its own may be quiet for long."""
        assert self._listings is not None
        symbol = _LIVELY if _LIVELY in self._listings.instruments else next(iter(self._listings.instruments))
        return f"{self._id(symbol)}@{'depth5@500ms' if path == 'public' else 'markPrice@1s'}"

    def _id(self, symbol: str) -> str:
        assert self._listings is not None
        return self._listings.id(symbol).lower()

    def _name(self, one: Subscription) -> str:
        ends = {
            Channel.BARS: f"kline_{one.timeframe}", Channel.TICKS: "aggTrade", Channel.QUOTES: "bookTicker",
            Channel.BOOK: "depth@100ms", Channel.MARKS: "markPrice@1s",
        }  # fmt: skip
        return f"{self._id(one.symbol)}@{ends[one.channel]}"


def _packed(message: Any) -> str:
    return json.dumps(message, separators=(",", ":"))


def _requests(names: Sequence[str]) -> tuple[str, ...]:
    starts = range(0, len(names), _STREAMS_A_REQUEST)
    parts = [names[start : start + _STREAMS_A_REQUEST] for start in starts]
    return tuple(
        _packed({"method": "SUBSCRIBE", "params": part, "id": number}) for number, part in enumerate(parts, start=1)
    )


def _answer(message: Mapping[str, Any]) -> Acknowledged | Refused | None:
    if "error" in message:
        return Refused(f"a subscription was refused: {message['error']}")
    return Acknowledged(int(message["id"])) if "id" in message else None


def _heard(slot: Slot, data: Mapping[str, Any], seen: int) -> Step:
    symbol = slot.subscription.symbol
    if isinstance(slot, BarSlot):
        k = data["k"]
        o, high, low, close, volume = (float(k[name]) for name in ("o", "h", "l", "c", "v"))
        assert slot.subscription.timeframe is not None
        bar = Bar(symbol, slot.subscription.timeframe, k["t"] * _MS, o, high, low, close, volume, seen)
        # A bar that says that it has closed before its time is not believed.
        return slot.hear(bar, closed=k["x"] is True and data["E"] >= k["T"])
    if isinstance(slot, TickSlot):
        return slot.hear(_tick(symbol, data, seen))
    if isinstance(slot, BookSlot):
        update = BookUpdate(
            symbol, data["T"] * _MS, data["u"], _levels(data["b"]), _levels(data["a"]), is_snapshot=False, ts_seen=seen
        )
        return slot.hear(Diff(data["U"], data["pu"], update))
    assert isinstance(slot, ValueSlot)
    return slot.hear(_quote(symbol, data, seen) if data["e"] == "bookTicker" else _mark(symbol, data, seen))


def _tick(symbol: str, row: Mapping[str, Any], seen: int) -> Tick:
    return Tick(symbol, row["T"] * _MS, row["a"], float(row["p"]), float(row["q"]), not row["m"], seen)


def _quote(symbol: str, row: Mapping[str, Any], seen: int) -> Quote:
    b, bid_size, a, ask_size = (float(row[name]) for name in ("b", "B", "a", "A"))
    return Quote(symbol, row["T"] * _MS, row["u"], b, bid_size, a, ask_size, seen)


def _mark(symbol: str, row: Mapping[str, Any], seen: int) -> Mark:
    p, i, r = (float(row[name] or 0.0) for name in ("p", "i", "r"))
    return Mark(symbol, row["E"] * _MS, p, i, r, row["T"] * _MS, seen)


def _levels(rows: Sequence[Sequence[str]]) -> tuple[BookLevel, ...]:
    return tuple(BookLevel(float(price), float(quantity)) for price, quantity in rows)
