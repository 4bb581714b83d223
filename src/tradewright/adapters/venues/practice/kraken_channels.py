"""Channels of Kraken's WebSocket v2: what each tells at the beginning, and what comes then."""

from __future__ import annotations

from typing import Any

from tradewright.adapters.venues.practice.channels import Channel, Emit, Timed, changes
from tradewright.adapters.venues.practice.course import Print
from tradewright.adapters.venues.practice.exchange import Exchange
from tradewright.adapters.venues.practice.kraken_shapes import (
    INTERVALS,
    LOT_PLACES,
    base_of,
    book_checksum,
    moment,
    pair_name,
    price,
    quantity,
    told_candle,
    told_levels,
    told_ticker,
)
from tradewright.adapters.venues.practice.script import Levels

__all__ = ["DEPTHS", "KrakenChannel", "instruments", "kraken_channel"]

DEPTHS = (10, 25, 100, 500, 1_000)
_TRADES_AT_FIRST, _CANDLES_AT_FIRST = 50, 10


class KrakenChannel(Channel):
    """A channel of one pair."""

    def first(self) -> dict[str, Any]:
        """What who has just come is told."""
        raise NotImplementedError


class _Ticker(KrakenChannel):
    def first(self) -> dict[str, Any]:
        return {"channel": "ticker", "type": "snapshot", "data": [told_ticker(self.exchange, self.rows[0])]}

    def on_trade(self, k: int, number: int, trade: Print) -> None:  # noqa: ARG002 - whatever was traded
        if k == self.rows[0]:
            self.emit({"channel": "ticker", "type": "update", "data": [told_ticker(self.exchange, k)]})


class _Trades(KrakenChannel):
    def first(self) -> dict[str, Any]:
        kept = list(self.exchange.trades[self.rows[0]])[-_TRADES_AT_FIRST:]
        return {"channel": "trade", "type": "snapshot", "data": [self._told(number, one) for number, one in kept]}

    def on_trade(self, k: int, number: int, trade: Print) -> None:
        if k == self.rows[0]:
            self.emit({"channel": "trade", "type": "update", "data": [self._told(number, trade)]})

    def _told(self, number: int, trade: Print) -> dict[str, Any]:
        listing = self.exchange.listings[self.rows[0]]
        return {
            "symbol": pair_name(listing),
            "side": "buy" if trade.buys else "sell",
            "price": price(listing, trade.ticks),
            "qty": quantity(listing, trade.lots),
            "ord_type": "market",
            "trade_id": number,
            "timestamp": moment(trade.ts),
        }


class _Candles(KrakenChannel):
    """Tells of a candle whenever something was traded in it; when one is over, the next trade begins another."""

    minutes = 1

    def first(self) -> dict[str, Any]:
        found = self.exchange.minutes[self.rows[0]].candles(INTERVALS[self.minutes], None, None, _CANDLES_AT_FIRST)
        return self._told(found, "snapshot")

    def on_trade(self, k: int, number: int, trade: Print) -> None:  # noqa: ARG002 - whatever was traded
        if k == self.rows[0]:
            self.emit(self._told(self.exchange.minutes[k].candles(INTERVALS[self.minutes], None, None, 1), "update"))

    def _told(self, candles: list[Any], kind: str) -> dict[str, Any]:
        listing = self.exchange.listings[self.rows[0]]
        data = [told_candle(listing, one, self.minutes) for one in candles]
        return {"channel": "ohlc", "type": kind, "timestamp": moment(self.exchange.clock.now()), "data": data}


class _Book(Timed, KrakenChannel):
    every_ms = 100
    always = False
    depth = 10

    def __init__(self, exchange: Exchange, rows: tuple[int, ...], emit: Emit) -> None:
        super().__init__(exchange, rows, emit)
        self._said = self._before = self.said(0)

    def first(self) -> dict[str, Any]:
        self._next = 0
        self.on_present(self.exchange.now)
        return self._told("snapshot", self._before, self._before)

    def said(self, now: int) -> Any:  # noqa: ARG002 - the book, whatever the time
        bids, asks = self.exchange.books.levels(self.rows[0])
        return bids[: self.depth], asks[: self.depth]

    def tell(self, said: tuple[Levels, Levels], now: int) -> None:  # noqa: ARG002 - what is told says when
        shown = changes(self._before[0], said[0]), changes(self._before[1], said[1])
        self._before = said
        self.emit(self._told("update", shown, said))

    def _told(self, kind: str, shown: tuple[Levels, Levels], whole: tuple[Levels, Levels]) -> dict[str, Any]:
        listing = self.exchange.listings[self.rows[0]]
        data = {
            "symbol": pair_name(listing),
            "bids": told_levels(listing, shown[0]),
            "asks": told_levels(listing, shown[1]),
            "checksum": book_checksum(listing, *whole),
            "timestamp": moment(self.exchange.clock.now()),
        }
        return {"channel": "book", "type": kind, "data": [data]}


def kraken_channel(exchange: Exchange, k: int, wanted: tuple[str, int], emit: Emit) -> KrakenChannel | None:
    """The channel of a pair by its name and its number, candles' minutes or the book's depth; None where none is."""
    name, number = wanted
    kinds: dict[str, tuple[type[KrakenChannel], dict[str, int], tuple[int, ...]]] = {
        "ticker": (_Ticker, {}, (number,)),
        "trade": (_Trades, {}, (number,)),
        "ohlc": (_Candles, {"minutes": number}, tuple(INTERVALS)),
        "book": (_Book, {"depth": number}, DEPTHS),
    }
    if name not in kinds or number not in kinds[name][2]:
        return None
    kind, settings, _ = kinds[name]
    settled: type[KrakenChannel] = type(kind.__name__, (kind,), settings)
    return settled(exchange, (k,), emit)


def instruments(exchange: Exchange) -> dict[str, Any]:
    """What is traded, as a message."""
    pairs = [
        {
            "symbol": pair_name(listing),
            "base": listing.base,
            "quote": "USDT",
            "status": "online",
            "qty_precision": LOT_PLACES,
            "qty_increment": float(listing.lot),
            "qty_min": listing.instrument.min_quantity,
            "price_precision": listing.price_places,
            "price_increment": float(listing.tick),
            "cost_precision": 5,
            "cost_min": 0.5,
            "marginable": False,
            "has_index": False,
        }
        for listing in exchange.listings
    ]
    names = [*(base_of(listing) for listing in exchange.listings), "USDT"]
    assets = [{"id": name, "status": "enabled", "precision": 10, "precision_display": 5} for name in names]
    return {"channel": "instrument", "type": "snapshot", "data": {"assets": assets, "pairs": pairs}}
