"""Public data of Binance spot, as REST answers it: the same prices, trades and books, in the spot market's words."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from tradewright.adapters.venues.practice.exchange import NS_PER_MS, Exchange
from tradewright.adapters.venues.practice.listing import Listing, plain
from tradewright.adapters.venues.practice.market_calls import find_trades, klines, ping, row_of, ticker_price, time
from tradewright.adapters.venues.practice.params import Params
from tradewright.adapters.venues.practice.refusal import VenueError
from tradewright.adapters.venues.practice.shapes import day_json

__all__ = ["SPOT_CALLS", "spot_levels", "spot_weight"]

_MOST_DEPTH, _MOST_TRADES, _MOST_CANDLES = 5_000, 1_000, 1_000
_AVERAGE_MINUTES = 5
_DEPTH_WEIGHTS = ((100, 5), (500, 25), (1_000, 50), (_MOST_DEPTH, 250))
_PLACES = 8


def _eight(text: str) -> str:
    return f"{Decimal(text):.{_PLACES}f}"


def _filters(listing: Listing) -> list[dict[str, Any]]:
    own, limits = listing.instrument, listing.limits
    return [
        {
            "filterType": "PRICE_FILTER",
            "minPrice": _eight(own.tick_size),
            "maxPrice": _eight(listing.price_text(limits.max_ticks)),
            "tickSize": _eight(own.tick_size),
        },
        {
            "filterType": "LOT_SIZE",
            "minQty": _eight(str(own.min_quantity)),
            "maxQty": _eight(listing.quantity_text(limits.max_lots)),
            "stepSize": _eight(own.lot_size),
        },
        {
            "filterType": "NOTIONAL",
            "minNotional": _eight(str(own.min_notional)),
            "applyMinToMarket": True,
            "maxNotional": "9000000.00000000",
            "applyMaxToMarket": False,
            "avgPriceMins": _AVERAGE_MINUTES,
        },
    ]


def _listing_json(listing: Listing) -> dict[str, Any]:
    return {
        "symbol": listing.symbol,
        "status": "TRADING",
        "baseAsset": listing.base,
        "baseAssetPrecision": _PLACES,
        "quoteAsset": "USDT",
        "quotePrecision": _PLACES,
        "quoteAssetPrecision": _PLACES,
        "baseCommissionPrecision": _PLACES,
        "quoteCommissionPrecision": _PLACES,
        "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT"],
        "icebergAllowed": True,
        "ocoAllowed": True,
        "otoAllowed": True,
        "quoteOrderQtyMarketAllowed": True,
        "allowTrailingStop": True,
        "cancelReplaceAllowed": True,
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "filters": _filters(listing),
        "permissions": [],
        "permissionSets": [["SPOT"]],
        "defaultSelfTradePreventionMode": "EXPIRE_MAKER",
        "allowedSelfTradePreventionModes": ["EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH"],
    }


def _rows(exchange: Exchange, params: Params) -> list[int]:
    """Rows of the symbols that a request means: one, several, or all."""
    if params.has("symbol"):
        return [row_of(exchange, params)]
    if not params.has("symbols"):
        return list(range(len(exchange.listings)))
    try:
        names = json.loads(params.text("symbols"))
    except json.JSONDecodeError:
        names = None
    if not isinstance(names, list):
        raise VenueError(-1100, "Illegal characters found in parameter 'symbols'.")
    return [row_of(exchange, Params({"symbol": str(name)})) for name in names]


def _each(exchange: Exchange, params: Params, make: Any) -> Any:
    found = [make(exchange, k) for k in _rows(exchange, params)]
    return found[0] if params.has("symbol") else found


def exchange_info(exchange: Exchange, params: Params) -> Any:
    """What is traded, and the rules."""
    limit = exchange.house.limits.spot_weight
    return {
        "timezone": "UTC",
        "serverTime": exchange.now,
        "rateLimits": [
            {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": limit},
            {"rateLimitType": "RAW_REQUESTS", "interval": "MINUTE", "intervalNum": 5, "limit": 10 * limit},
        ],
        "exchangeFilters": [],
        "symbols": [_listing_json(exchange.listings[k]) for k in _rows(exchange, params)],
    }


def spot_levels(exchange: Exchange, k: int, side: list[tuple[int, int]]) -> list[list[str]]:
    """Levels of a book as the spot market writes them."""
    listing = exchange.listings[k]
    return [[_eight(listing.price_text(ticks)), _eight(listing.quantity_text(lots))] for ticks, lots in side]


def depth(exchange: Exchange, params: Params) -> Any:
    """The book."""
    k, limit = row_of(exchange, params), params.limit(100, _MOST_DEPTH)
    sides = [spot_levels(exchange, k, side[:limit]) for side in exchange.books.levels(k)]
    return {"lastUpdateId": exchange.books.snapshot_id(k), "bids": sides[0], "asks": sides[1]}


def trades(exchange: Exchange, params: Params) -> Any:
    """The last public trades."""
    k = row_of(exchange, params)
    listing = exchange.listings[k]
    return [
        {
            "id": number,
            "price": _eight(listing.price_text(trade.ticks)),
            "qty": _eight(listing.quantity_text(trade.lots)),
            "quoteQty": _eight(listing.value_text(trade.ticks * trade.lots)),
            "time": trade.ts // NS_PER_MS,
            "isBuyerMaker": not trade.buys,
            "isBestMatch": True,
        }
        for number, trade in list(exchange.trades[k])[-params.limit(500, _MOST_TRADES) :]
    ]


def agg_trades(exchange: Exchange, params: Params) -> Any:
    """Public trades; none are put together."""
    k = row_of(exchange, params)
    listing = exchange.listings[k]
    return [
        {
            "a": number,
            "p": _eight(listing.price_text(trade.ticks)),
            "q": _eight(listing.quantity_text(trade.lots)),
            "f": number,
            "l": number,
            "T": trade.ts // NS_PER_MS,
            "m": not trade.buys,
            "M": True,
        }
        for number, trade in find_trades(exchange, k, params)
    ]


def candles(exchange: Exchange, params: Params) -> Any:
    """Candles; one with a longer list than futures' most is cut to the spot market's."""
    params.limit(500, _MOST_CANDLES)
    return [
        [row[0], *map(_eight, row[1:6]), row[6], _eight(row[7]), row[8], _eight(row[9]), _eight(row[10]), "0"]
        for row in klines(exchange, params)
    ]


def average_price(exchange: Exchange, params: Params) -> Any:
    """Average of the last minutes, by what was traded."""
    k = row_of(exchange, params)
    listing = exchange.listings[k]
    found = exchange.minutes[k].candles("1m", None, None, _AVERAGE_MINUTES)
    lots, value = sum(one.lots for one in found), sum(one.value for one in found)
    price = listing.average_text(value / lots if lots else exchange.present.last(k))
    return {"mins": _AVERAGE_MINUTES, "price": _eight(price), "closeTime": exchange.now}


def _best(exchange: Exchange, k: int) -> dict[str, Any]:
    bids, asks = (spot_levels(exchange, k, [best])[0] for best in exchange.books.best(k))
    symbol = exchange.listings[k].symbol
    return {"symbol": symbol, "bidPrice": bids[0], "bidQty": bids[1], "askPrice": asks[0], "askQty": asks[1]}


def _day(exchange: Exchange, k: int) -> dict[str, Any]:
    day, best, listing = day_json(exchange, k), _best(exchange, k), exchange.listings[k]
    before = Decimal(day["lastPrice"]) - Decimal(day["priceChange"])
    return day | best | {"prevClosePrice": plain(before.quantize(listing.tick))}


def ticker_best(exchange: Exchange, params: Params) -> Any:
    """Best prices of the book."""
    return _each(exchange, params, _best)


def ticker_day(exchange: Exchange, params: Params) -> Any:
    """Statistics of the last day."""
    return _each(exchange, params, _day)


def ticker_last(exchange: Exchange, params: Params) -> Any:
    """Last prices."""

    def price(_: Exchange, k: int) -> dict[str, Any]:
        found = ticker_price(exchange, Params({"symbol": exchange.listings[k].symbol}))
        return {"symbol": found["symbol"], "price": _eight(found["price"])}

    return _each(exchange, params, price)


def spot_weight(path: str, params: Params) -> int:
    """What a request weighs."""
    if path.endswith("/depth"):
        wanted = params.values.get("limit", "100")
        number = int(wanted) if wanted.isascii() and wanted.isdigit() else 100
        return next((weight for most, weight in _DEPTH_WEIGHTS if number <= most), 250)
    one, every = SPOT_CALLS[path][1:]
    return one if params.has("symbol") else every


SPOT_CALLS = {
    "/api/v3/ping": (ping, 1, 1),
    "/api/v3/time": (time, 1, 1),
    "/api/v3/exchangeInfo": (exchange_info, 20, 20),
    "/api/v3/depth": (depth, 5, 5),
    "/api/v3/trades": (trades, 25, 25),
    "/api/v3/historicalTrades": (trades, 25, 25),
    "/api/v3/aggTrades": (agg_trades, 4, 4),
    "/api/v3/klines": (candles, 2, 2),
    "/api/v3/uiKlines": (candles, 2, 2),
    "/api/v3/avgPrice": (average_price, 2, 2),
    "/api/v3/ticker/24hr": (ticker_day, 2, 80),
    "/api/v3/ticker/price": (ticker_last, 2, 4),
    "/api/v3/ticker/bookTicker": (ticker_best, 2, 4),
}
"""Handler, and weight of one symbol and of all, of each path."""
