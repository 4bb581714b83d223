"""Listings, candles and statistics as the venue writes them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tradewright.adapters.venues.practice.exchange import Exchange
from tradewright.adapters.venues.practice.listing import Listing, plain
from tradewright.adapters.venues.practice.minutes import Candle
from tradewright.adapters.venues.practice.orders import WIRE_TYPES

__all__ = ["day_json", "kline_row", "listing_json", "ticker_event"]

_FOREVER = 4_133_404_800_000
_LISTED = 1_569_398_400_000
_THREE = Decimal("0.001")


def listing_json(listing: Listing) -> dict[str, Any]:
    """A contract, as exchangeInfo tells it."""
    return {
        "symbol": listing.symbol,
        "pair": listing.symbol,
        "contractType": "PERPETUAL",
        "deliveryDate": _FOREVER,
        "onboardDate": _LISTED,
        "status": "TRADING",
        "maintMarginPercent": "2.5000",
        "requiredMarginPercent": "5.0000",
        "baseAsset": listing.base,
        "quoteAsset": "USDT",
        "marginAsset": "USDT",
        "pricePrecision": listing.price_places,
        "quantityPrecision": listing.quantity_places,
        "baseAssetPrecision": 8,
        "quotePrecision": 8,
        "underlyingType": "COIN",
        "underlyingSubType": [],
        "triggerProtect": f"{listing.limits.trigger_protect:.4f}",
        "liquidationFee": f"{listing.instrument.liquidation_fee:.6f}",
        "marketTakeBound": "0.05",
        "filters": _filters(listing),
        "orderTypes": list(WIRE_TYPES),
        "timeInForce": ["GTC", "IOC", "FOK", "GTX", "GTD"],
    }


def _filters(listing: Listing) -> list[dict[str, Any]]:
    limits, least = listing.limits, plain(Decimal(str(listing.instrument.min_quantity)))
    price = {"minPrice": listing.price_text(1), "maxPrice": listing.price_text(limits.max_ticks)}
    lot = {"minQty": least, "stepSize": plain(listing.lot)}
    return [
        {"filterType": "PRICE_FILTER", **price, "tickSize": plain(listing.tick)},
        {"filterType": "LOT_SIZE", **lot, "maxQty": listing.quantity_text(limits.max_lots)},
        {"filterType": "MARKET_LOT_SIZE", **lot, "maxQty": listing.quantity_text(limits.market_max_lots)},
        {"filterType": "MAX_NUM_ORDERS", "limit": limits.max_orders},
        {"filterType": "MAX_NUM_ALGO_ORDERS", "limit": limits.max_conditionals},
        {"filterType": "MIN_NOTIONAL", "notional": plain(Decimal(str(listing.instrument.min_notional)))},
        {
            "filterType": "PERCENT_PRICE",
            "multiplierUp": f"{listing.band_up:.4f}",
            "multiplierDown": f"{listing.band_down:.4f}",
            "multiplierDecimal": "4",
        },
    ]


def kline_row(listing: Listing, candle: Candle) -> list[Any]:
    """A candle, as klines tells it."""
    return [
        candle.begin,
        *(listing.price_text(ticks) for ticks in candle[2:6]),
        listing.quantity_text(candle.lots),
        candle.end,
        listing.value_text(candle.value),
        candle.trades,
        listing.quantity_text(candle.bought),
        listing.value_text(candle.bought_value),
        "0",
    ]


def day_json(exchange: Exchange, k: int) -> dict[str, Any]:
    """The last day of a symbol."""
    listing, day = exchange.listings[k], exchange.minutes[k].day(exchange.now)
    change = day.close - day.open
    share = (Decimal(100) * change / day.open).quantize(_THREE, ROUND_HALF_UP)
    lots = exchange.trades[k][-1][1].lots if exchange.trades[k] else 0
    return {
        "symbol": listing.symbol,
        "priceChange": listing.price_text(change),
        "priceChangePercent": f"{share:f}",
        "weightedAvgPrice": listing.average_text(day.value / day.lots if day.lots else day.close),
        "lastPrice": listing.price_text(day.close),
        "lastQty": listing.quantity_text(lots),
        "openPrice": listing.price_text(day.open),
        "highPrice": listing.price_text(day.high),
        "lowPrice": listing.price_text(day.low),
        "volume": listing.quantity_text(day.lots),
        "quoteVolume": listing.value_text(day.value),
        "openTime": day.begin,
        "closeTime": day.end,
        "firstId": max(exchange.printed[k] - day.trades + 1, 0),
        "lastId": exchange.printed[k],
        "count": day.trades,
    }


def ticker_event(exchange: Exchange, k: int, *, mini: bool, now: int) -> dict[str, Any]:
    """The last day of a symbol, as streams tell it."""
    day = day_json(exchange, k)
    short = {"c": "lastPrice", "o": "openPrice", "h": "highPrice", "l": "lowPrice", "v": "volume", "q": "quoteVolume"}
    more = {
        "p": "priceChange", "P": "priceChangePercent", "w": "weightedAvgPrice", "Q": "lastQty", "O": "openTime",
        "C": "closeTime", "F": "firstId", "L": "lastId", "n": "count",
    }  # fmt: skip
    fields = short if mini else short | more
    head = {"e": "24hrMiniTicker" if mini else "24hrTicker", "E": now, "s": day["symbol"]}
    return head | {name: day[field] for name, field in fields.items()}
