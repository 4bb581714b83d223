"""Public market data, as REST answers it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tradewright.adapters.venues.practice.course import Print
from tradewright.adapters.venues.practice.exchange import NS_PER_MS, Exchange
from tradewright.adapters.venues.practice.listing import Listing, plain
from tradewright.adapters.venues.practice.minutes import INTERVALS, Candle
from tradewright.adapters.venues.practice.params import Params
from tradewright.adapters.venues.practice.refusal import VenueError, refuse
from tradewright.adapters.venues.practice.shapes import day_json, kline_row, listing_json

__all__ = ["MARKET_CALLS", "find_trades", "klines", "ping", "premium", "row_of", "ticker_price", "time"]

_DEPTHS = (5, 10, 20, 50, 100, 500, 1000)
_HOUR_MS = 3_600_000


def row_of(exchange: Exchange, params: Params) -> int:
    """Row of the symbol that a request names."""
    row = exchange.rows.get(params.required("symbol"))
    if row is None:
        raise refuse(-1121)
    return row


def _rows(exchange: Exchange, params: Params) -> Iterable[int]:
    return (row_of(exchange, params),) if params.has("symbol") else range(len(exchange.listings))


def _one_or_all(exchange: Exchange, params: Params, make: Callable[[Exchange, int], dict[str, Any]]) -> Any:
    if params.has("symbol"):
        return make(exchange, row_of(exchange, params))
    return [make(exchange, k) for k in range(len(exchange.listings))]


def ping(_: Exchange, __: Params) -> Any:
    """Nothing, to say that it is there."""
    return {}


def time(exchange: Exchange, _: Params) -> Any:
    """The exchange's time."""
    return {"serverTime": exchange.now}


def exchange_info(exchange: Exchange, _: Params) -> Any:
    """What is traded, and the rules."""
    own = exchange.house.limits
    limits = [
        ("REQUEST_WEIGHT", "MINUTE", 1, own.weight),
        ("ORDERS", "MINUTE", 1, own.orders_minute),
        ("ORDERS", "SECOND", 10, own.orders_10s),
    ]
    return {
        "timezone": "UTC",
        "serverTime": exchange.now,
        "futuresType": "U_MARGINED",
        "rateLimits": [
            {"rateLimitType": kind, "interval": unit, "intervalNum": number, "limit": most}
            for kind, unit, number, most in limits
        ],
        "exchangeFilters": [],
        "assets": [{"asset": "USDT", "marginAvailable": True, "autoAssetExchange": "0"}],
        "symbols": [listing_json(listing) for listing in exchange.listings],
    }


def depth(exchange: Exchange, params: Params) -> Any:
    """The book: what one order can take on each side, and the open orders of all accounts."""
    k = row_of(exchange, params)
    limit = params.whole("limit") or 500
    if limit not in _DEPTHS:
        raise VenueError(-4021, f"{limit} is not valid depth limit")
    listing = exchange.listings[k]
    bids, asks = exchange.books.levels(k)
    recorded = exchange.recorded_book(k)
    now, happened = exchange.now, exchange.now if recorded is None else recorded.ts
    texts = [
        [[listing.price_text(ticks), listing.quantity_text(lots)] for ticks, lots in side[:limit]]
        for side in (bids, asks)
    ]
    return {"lastUpdateId": exchange.books.snapshot_id(k), "E": now, "T": happened, "bids": texts[0], "asks": texts[1]}


def trades(exchange: Exchange, params: Params) -> Any:
    """The last public trades, or those from a number on; the last 2,000 of a symbol are kept."""
    k, first = row_of(exchange, params), params.whole("fromId")
    listing, limit = exchange.listings[k], params.limit(500, 1000)
    found = [one for one in exchange.trades[k] if first is None or one[0] >= first]
    kept = found[-limit:] if first is None else found[:limit]
    return [
        {
            "id": number,
            "price": listing.price_text(trade.ticks),
            "qty": listing.quantity_text(trade.lots),
            "quoteQty": listing.value_text(trade.ticks * trade.lots),
            "time": trade.ts // NS_PER_MS,
            "isBuyerMaker": not trade.buys,
        }
        for number, trade in kept
    ]


def find_trades(exchange: Exchange, k: int, params: Params) -> list[tuple[int, Print]]:
    """The public trades that a request means; the last 2,000 of a symbol are kept."""
    first = params.whole("fromId")
    begin, end = params.span()
    found = [
        (number, trade)
        for number, trade in exchange.trades[k]
        if (first is None or number >= first)
        and (begin is None or trade.ts // NS_PER_MS >= begin)
        and (end is None or trade.ts // NS_PER_MS <= end)
    ]
    limit = params.limit(500, 1000)
    return found[-limit:] if first is None and begin is None else found[:limit]


def agg_trades(exchange: Exchange, params: Params) -> Any:
    """Public trades; none are put together."""
    k = row_of(exchange, params)
    listing = exchange.listings[k]
    return [
        {
            "a": number,
            "p": listing.price_text(trade.ticks),
            "q": listing.quantity_text(trade.lots),
            "f": number,
            "l": number,
            "T": trade.ts // NS_PER_MS,
            "m": not trade.buys,
        }
        for number, trade in find_trades(exchange, k, params)
    ]


def _candles(exchange: Exchange, k: int, params: Params) -> list[Candle]:
    interval = params.required("interval")
    if interval not in INTERVALS:
        raise refuse(-1120)
    begin, end = params.span()
    return exchange.minutes[k].candles(interval, begin, end, params.limit(500, 1500))


def klines(exchange: Exchange, params: Params) -> Any:
    """Candles."""
    k = row_of(exchange, params)
    return [kline_row(exchange.listings[k], candle) for candle in _candles(exchange, k, params)]


def continuous_klines(exchange: Exchange, params: Params) -> Any:
    """Candles of a pair's perpetual contract, the only one that it has."""
    if params.required("contractType") != "PERPETUAL":
        raise VenueError(-1130, "Data sent for parameter 'contractType' is not valid.")
    return klines(exchange, Params({**params.values, "symbol": params.required("pair")}))


def price_klines(exchange: Exchange, params: Params) -> Any:
    """Candles of the mark, or with `pair` of the index: those of the trades, as far from them as at their end."""
    is_index = not params.has("symbol")
    pair = params.text("symbol") or params.required("pair")
    k = row_of(exchange, Params({**params.values, "symbol": pair}))
    place = exchange.index_of if is_index else exchange.mark_of
    rows = []
    for candle in _candles(exchange, k, params):
        ts = min(candle.end, exchange.now) * NS_PER_MS
        moved = candle._replace(
            **{name: place(k, getattr(candle, name), ts) for name in ("open", "high", "low", "close")}
        )
        row = kline_row(exchange.listings[k], moved)
        rows.append([*row[:5], "0", row[6], "0", row[8], "0", "0", "0"])
    return rows


def premium(exchange: Exchange, k: int) -> dict[str, Any]:
    """Mark, index and next funding of a symbol."""
    listing, now = exchange.listings[k], exchange.clock.now()
    mark = listing.price_text(exchange.present.mark(k))
    index = listing.price_text(exchange.index_of(k, exchange.present.last(k), exchange.present.ts))
    due = exchange.rates.next_time(k, now)
    return {
        "symbol": listing.symbol,
        "markPrice": mark,
        "indexPrice": index,
        "estimatedSettlePrice": index,
        "lastFundingRate": f"{exchange.rates.rate(k, due):.8f}",
        "interestRate": "0.00010000",
        "nextFundingTime": due // NS_PER_MS,
        "time": now // NS_PER_MS,
    }


def premium_index(exchange: Exchange, params: Params) -> Any:
    """Mark, index, and the funding that is due next."""
    return _one_or_all(exchange, params, premium)


def funding_rate(exchange: Exchange, params: Params) -> Any:
    """Rates of the payments that have been due."""
    begin, end = params.span()
    limit, now = params.limit(100, 1000), exchange.now
    rows = []
    for k in _rows(exchange, params):
        listing = exchange.listings[k]
        length = listing.instrument.funding_hours * _HOUR_MS
        last = min(end if end is not None else now, now) // length
        first = last - limit + 1 if begin is None else -(-begin // length)
        for number in range(first, min(last, first + limit - 1) + 1):
            ts = number * length
            rate = f"{exchange.rates.rate(k, ts * NS_PER_MS):.8f}"
            rows.append({"symbol": listing.symbol, "fundingRate": rate, "fundingTime": ts})
    return sorted(rows, key=lambda row: (row["fundingTime"], row["symbol"]))[:limit]


def funding_info(exchange: Exchange, _: Params) -> Any:
    """Hours between payments, and their bounds."""
    return [
        {
            "symbol": listing.symbol,
            "adjustedFundingRateCap": "0.00050000",
            "adjustedFundingRateFloor": "-0.00030000",
            "fundingIntervalHours": listing.instrument.funding_hours,
            "disclaimer": False,
        }
        for listing in exchange.listings
    ]


def ticker_day(exchange: Exchange, params: Params) -> Any:
    """Statistics of the last day."""
    return _one_or_all(exchange, params, day_json)


def _price(exchange: Exchange, k: int) -> dict[str, Any]:
    listing = exchange.listings[k]
    return {"symbol": listing.symbol, "price": listing.price_text(exchange.present.last(k)), "time": exchange.now}


def ticker_price(exchange: Exchange, params: Params) -> Any:
    """Last prices."""
    return _one_or_all(exchange, params, _price)


def _best(exchange: Exchange, k: int) -> dict[str, Any]:
    listing = exchange.listings[k]
    (bid, bid_lots), (ask, ask_lots) = exchange.books.best(k)
    return {
        "symbol": listing.symbol,
        "bidPrice": listing.price_text(bid),
        "bidQty": listing.quantity_text(bid_lots),
        "askPrice": listing.price_text(ask),
        "askQty": listing.quantity_text(ask_lots),
        "time": exchange.now,
        "lastUpdateId": exchange.books.update_id(k),
    }


def ticker_best(exchange: Exchange, params: Params) -> Any:
    """Best prices of the book."""
    return _one_or_all(exchange, params, _best)


def open_interest(exchange: Exchange, params: Params) -> Any:
    """What all accounts hold together; the market they trade with is not counted."""
    k = row_of(exchange, params)
    listing: Listing = exchange.listings[k]
    lots = sum(abs(one.lots) for seat in exchange.seats.values() for one in seat.account.holdings(k))
    return {"openInterest": plain(lots * listing.lot), "symbol": listing.symbol, "time": exchange.now}


def status(_: Exchange, __: Params) -> Any:
    """Whether the venue works."""
    return {"status": 0, "msg": "normal"}


def nothing(_: Exchange, __: Params) -> Any:
    """An empty list, where clients ask for other markets before they ask for this one."""
    return []


MARKET_CALLS = {
    "/fapi/v1/ping": (ping, 1),
    "/fapi/v1/time": (time, 1),
    "/fapi/v1/exchangeInfo": (exchange_info, 1),
    "/fapi/v1/depth": (depth, 2),
    "/fapi/v1/trades": (trades, 5),
    "/fapi/v1/historicalTrades": (trades, 20),
    "/fapi/v1/aggTrades": (agg_trades, 20),
    "/fapi/v1/klines": (klines, 5),
    "/fapi/v1/continuousKlines": (continuous_klines, 5),
    "/fapi/v1/markPriceKlines": (price_klines, 5),
    "/fapi/v1/indexPriceKlines": (price_klines, 5),
    "/fapi/v1/premiumIndex": (premium_index, 1),
    "/fapi/v1/fundingRate": (funding_rate, 1),
    "/fapi/v1/fundingInfo": (funding_info, 1),
    "/fapi/v1/ticker/24hr": (ticker_day, 1),
    "/fapi/v1/ticker/price": (ticker_price, 1),
    "/fapi/v2/ticker/price": (ticker_price, 1),
    "/fapi/v1/ticker/bookTicker": (ticker_best, 2),
    "/fapi/v1/openInterest": (open_interest, 1),
    "/sapi/v1/system/status": (status, 1),
    "/sapi/v1/capital/config/getall": (nothing, 10),
    "/sapi/v1/margin/allPairs": (nothing, 1),
}
"""Handler and weight of each path that is asked with GET and needs no signature."""
