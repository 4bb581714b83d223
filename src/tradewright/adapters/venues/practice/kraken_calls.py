"""Public data of Kraken spot, as REST answers it: the same prices, trades and books, in Kraken's words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tradewright.adapters.venues.practice.exchange import Exchange
from tradewright.adapters.venues.practice.kraken_shapes import (
    INTERVALS,
    LOT_PLACES,
    altname,
    base_of,
    find_pair,
    moment,
)
from tradewright.adapters.venues.practice.listing import Listing
from tradewright.adapters.venues.practice.params import Params

__all__ = ["KRAKEN_CALLS", "kraken_answer"]

_MOST_ROWS, _MOST_LEVELS, _LEVELS, _MOST_TRADES = 720, 500, 100, 1_000
_LEAST_PLACES = 5
_TAKER_FEES, _MAKER_FEES = [[0, 0.4], [10_000, 0.35], [50_000, 0.24]], [[0, 0.25], [10_000, 0.2], [50_000, 0.14]]


class _Wrong(Exception):
    """Kraken refuses a request, in one line."""


def kraken_answer(exchange: Exchange, path: str, params: Params) -> dict[str, Any]:
    """Answer a request; Kraken says 200 whatever is wrong, and what is wrong in a list."""
    act = KRAKEN_CALLS.get(path)
    if act is None:
        return {"error": ["EGeneral:Unknown method"]}
    try:
        return {"error": [], "result": act(exchange, params)}
    except _Wrong as wrong:
        return {"error": [str(wrong)]}


def _price(listing: Listing, ticks: float) -> str:
    return f"{float(ticks) * float(listing.tick):.{max(listing.price_places, _LEAST_PLACES)}f}"


def _quantity(listing: Listing, lots: int) -> str:
    return f"{lots * listing.lot:.{LOT_PLACES}f}"


def _pair(exchange: Exchange, params: Params) -> int:
    if not params.has("pair"):
        raise _Wrong("EGeneral:Invalid arguments")
    k = find_pair(exchange, params.text("pair"))
    if k is None:
        raise _Wrong("EQuery:Unknown asset pair")
    return k


def _pairs(exchange: Exchange, params: Params) -> list[int]:
    if not params.has("pair"):
        return list(range(len(exchange.listings)))
    return [_pair(exchange, Params({"pair": name})) for name in params.text("pair").split(",")]


def _whole(params: Params, name: str, default: int) -> int:
    text = params.text(name, str(default))
    digits = text.removeprefix("-")  # CCXT asks for what came after -1
    if not digits.isascii() or not digits.isdigit():
        raise _Wrong(f"EGeneral:Invalid arguments:{name}")
    return int(text)


def server_time(exchange: Exchange, _: Params) -> Any:
    """The exchange's time."""
    seconds = exchange.now // 1_000
    return {"unixtime": seconds, "rfc1123": f"{datetime.fromtimestamp(seconds, UTC):%a, %d %b %y %H:%M:%S +0000}"}


def system_status(exchange: Exchange, _: Params) -> Any:
    """Whether the venue works."""
    return {"status": "online", "timestamp": f"{moment(exchange.clock.now())[:19]}Z"}


def assets(exchange: Exchange, _: Params) -> Any:
    """What can be held."""
    ordinary = {"aclass": "currency", "decimals": 10, "display_decimals": 5, "status": "enabled"}
    found = {base_of(listing): {**ordinary, "altname": base_of(listing)} for listing in exchange.listings}
    return found | {"USDT": {**ordinary, "altname": "USDT", "decimals": 8, "display_decimals": 4}}


def asset_pairs(exchange: Exchange, params: Params) -> Any:
    """What is traded, and the rules."""
    listings = [exchange.listings[k] for k in _pairs(exchange, params)]
    return {altname(listing): _pair_json(listing) for listing in listings}


def _pair_json(listing: Listing) -> dict[str, Any]:
    return {
        "altname": altname(listing),
        "wsname": f"{base_of(listing)}/USDT",
        "aclass_base": "currency",
        "base": base_of(listing),
        "aclass_quote": "currency",
        "quote": "USDT",
        "lot": "unit",
        "cost_decimals": 5,
        "pair_decimals": listing.price_places,
        "lot_decimals": LOT_PLACES,
        "lot_multiplier": 1,
        "leverage_buy": [],
        "leverage_sell": [],
        "fees": _TAKER_FEES,
        "fees_maker": _MAKER_FEES,
        "fee_volume_currency": "ZUSD",
        "margin_call": 80,
        "margin_stop": 40,
        "ordermin": f"{listing.instrument.min_quantity:g}",
        "costmin": "0.5",
        "tick_size": listing.instrument.tick_size,
        "status": "online",
    }


def ticker(exchange: Exchange, params: Params) -> Any:
    """The last day, and today, of pairs."""
    return {altname(exchange.listings[k]): _ticker_json(exchange, k) for k in _pairs(exchange, params)}


def _ticker_json(exchange: Exchange, k: int) -> dict[str, Any]:
    listing, day = exchange.listings[k], exchange.minutes[k].day(exchange.now)
    today = exchange.minutes[k].candles("1d", None, None, 1)[0]
    (bid, bid_lots), (ask, ask_lots) = exchange.books.best(k)
    last = exchange.trades[k][-1][1].lots if exchange.trades[k] else 0
    means = [one.value / one.lots if one.lots else one.close for one in (today, day)]
    return {
        "a": [_price(listing, ask), f"{int(ask_lots * listing.lot)}", f"{ask_lots * listing.lot:.3f}"],
        "b": [_price(listing, bid), f"{int(bid_lots * listing.lot)}", f"{bid_lots * listing.lot:.3f}"],
        "c": [_price(listing, day.close), _quantity(listing, last)],
        "v": [_quantity(listing, one.lots) for one in (today, day)],
        "p": [_price(listing, mean) for mean in means],
        "t": [one.trades for one in (today, day)],
        "l": [_price(listing, one.low) for one in (today, day)],
        "h": [_price(listing, one.high) for one in (today, day)],
        "o": _price(listing, today.open),
    }


def candles(exchange: Exchange, params: Params) -> Any:
    """The last 720 candles, the open one among them; `since` only leaves out some of these."""
    k, minutes, since = _pair(exchange, params), _whole(params, "interval", 1), _whole(params, "since", 0)
    if minutes not in INTERVALS:
        raise _Wrong("EGeneral:Invalid arguments:interval")
    listing = exchange.listings[k]
    found = exchange.minutes[k].candles(INTERVALS[minutes], None, None, _MOST_ROWS)
    rows = [
        [
            one.begin // 1_000,
            *(_price(listing, ticks) for ticks in (one.open, one.high, one.low, one.close)),
            _price(listing, one.value / one.lots if one.lots else 0),
            _quantity(listing, one.lots),
            one.trades,
        ]
        for one in found
        if one.begin // 1_000 > since
    ]
    last = found[-2].begin if len(found) > 1 else found[-1].begin
    return {altname(listing): rows, "last": last // 1_000}


def depth(exchange: Exchange, params: Params) -> Any:
    """The book."""
    k, count = _pair(exchange, params), _whole(params, "count", _LEVELS)
    if not 1 <= count <= _MOST_LEVELS:
        raise _Wrong("EGeneral:Invalid arguments:count")
    listing, now = exchange.listings[k], exchange.now // 1_000
    bids, asks = (
        [[_price(listing, ticks), f"{lots * listing.lot:.3f}", now] for ticks, lots in side[:count]]
        for side in exchange.books.levels(k)
    )
    return {altname(listing): {"asks": asks, "bids": bids}}


def trades(exchange: Exchange, params: Params) -> Any:
    """Public trades after a time, or the last ones."""
    k, since, count = _pair(exchange, params), _whole(params, "since", 0), _whole(params, "count", _MOST_TRADES)
    if not 1 <= count <= _MOST_TRADES:
        raise _Wrong("EGeneral:Invalid arguments:count")
    listing = exchange.listings[k]
    # A time is given in seconds, or in nanoseconds as `last` gives it.
    begin = since if since > 10**15 else since * 1_000_000_000
    kept = [(number, one) for number, one in exchange.trades[k] if one.ts > begin]
    found = kept[:count] if begin else kept[-count:]
    rows = [
        [
            _price(listing, one.ticks),
            _quantity(listing, one.lots),
            one.ts / 1e9,
            "b" if one.buys else "s",
            "m",
            "",
            number,
        ]
        for number, one in found
    ]
    return {altname(listing): rows, "last": str(found[-1][1].ts if found else begin)}


KRAKEN_CALLS: dict[str, Callable[[Exchange, Params], Any]] = {
    "/0/public/Time": server_time,
    "/0/public/SystemStatus": system_status,
    "/0/public/Assets": assets,
    "/0/public/AssetPairs": asset_pairs,
    "/0/public/Ticker": ticker,
    "/0/public/OHLC": candles,
    "/0/public/Depth": depth,
    "/0/public/Trades": trades,
}
"""Handler of each path."""
