"""What Kraken calls our symbols, and how it writes prices, quantities and times."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from typing import Any

from tradewright.adapters.venues.practice.exchange import NS_PER_MS, Exchange
from tradewright.adapters.venues.practice.listing import Listing
from tradewright.adapters.venues.practice.minutes import Candle
from tradewright.adapters.venues.practice.script import Levels

__all__ = [
    "INTERVALS",
    "LOT_PLACES",
    "altname",
    "base_of",
    "book_checksum",
    "find_pair",
    "moment",
    "pair_name",
    "price",
    "quantity",
    "told_candle",
    "told_levels",
    "told_ticker",
]

INTERVALS = {1: "1m", 5: "5m", 15: "15m", 30: "30m", 60: "1h", 240: "4h", 1_440: "1d", 10_080: "7d", 21_600: "15d"}
"""Names of the intervals, by their minutes."""
LOT_PLACES = 8
_OLD_NAMES = {"BTC": "XBT", "DOGE": "XDG"}
_CHECKED = 10


def base_of(listing: Listing) -> str:
    """Kraken's own name of what is bought."""
    return _OLD_NAMES.get(listing.base, listing.base)


def altname(listing: Listing) -> str:
    """The name of a pair in requests, `XBTUSDT`."""
    return f"{base_of(listing)}USDT"


def pair_name(listing: Listing) -> str:
    """The name of a pair in messages, `BTC/USDT`."""
    return f"{listing.base}/USDT"


def find_pair(exchange: Exchange, name: str) -> int | None:
    """Row of a pair by any of its names."""
    for k, listing in enumerate(exchange.listings):
        own = base_of(listing)
        if name in (altname(listing), f"{own}/USDT", pair_name(listing), listing.symbol):
            return k
    return None


def moment(ns: int) -> str:
    """A time as messages write it."""
    seconds, rest = divmod(ns, 1_000_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest // 1_000:06d}Z"


def price(listing: Listing, ticks: int) -> float:
    """A price as a number of JSON."""
    return float(ticks * listing.tick)


def quantity(listing: Listing, lots: int) -> float:
    """A quantity as a number of JSON."""
    return float(lots * listing.lot)


def told_levels(listing: Listing, levels: Levels) -> list[dict[str, float]]:
    """Levels of a book."""
    return [{"price": price(listing, ticks), "qty": quantity(listing, lots)} for ticks, lots in levels]


def book_checksum(listing: Listing, bids: Levels, asks: Levels) -> int:
    """CRC32 of the ten best asks and the ten best bids: digits of price and quantity without point or leading zeros."""
    digits = []
    for ticks, lots in (*asks[:_CHECKED], *bids[:_CHECKED]):
        digits.append(f"{ticks * listing.tick:.{listing.price_places}f}".replace(".", "").lstrip("0"))
        digits.append(f"{lots * listing.lot:.{LOT_PLACES}f}".replace(".", "").lstrip("0"))
    return zlib.crc32("".join(digits).encode())


def told_candle(listing: Listing, candle: Candle, minutes: int) -> dict[str, Any]:
    """A candle of a message."""
    mean = candle.value / candle.lots if candle.lots else 0.0
    end = candle.begin + minutes * 60_000
    return {
        "symbol": pair_name(listing),
        "open": price(listing, candle.open),
        "high": price(listing, candle.high),
        "low": price(listing, candle.low),
        "close": price(listing, candle.close),
        "trades": candle.trades,
        "volume": quantity(listing, candle.lots),
        "vwap": float(listing.average_text(mean)),
        "interval_begin": moment(candle.begin * NS_PER_MS),
        "interval": minutes,
        "timestamp": moment(end * NS_PER_MS),
    }


def told_ticker(exchange: Exchange, k: int) -> dict[str, Any]:
    """The last day and the best prices of a message."""
    listing, day = exchange.listings[k], exchange.minutes[k].day(exchange.now)
    (bid, bid_lots), (ask, ask_lots) = exchange.books.best(k)
    return {
        "symbol": pair_name(listing),
        "bid": price(listing, bid),
        "bid_qty": quantity(listing, bid_lots),
        "ask": price(listing, ask),
        "ask_qty": quantity(listing, ask_lots),
        "last": price(listing, day.close),
        "volume": quantity(listing, day.lots),
        "vwap": float(listing.average_text(day.value / day.lots if day.lots else day.close)),
        "low": price(listing, day.low),
        "high": price(listing, day.high),
        "change": price(listing, day.close - day.open),
        "change_pct": round(100.0 * (day.close - day.open) / day.open, 2),
        "timestamp": moment(exchange.clock.now()),
    }
