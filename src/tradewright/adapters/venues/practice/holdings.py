"""Assets, positions and margin tiers as the venue writes them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import starmap
from typing import Any

from tradewright.adapters.venues.practice.exchange import Exchange
from tradewright.adapters.venues.practice.listing import cash
from tradewright.adapters.venues.practice.market_calls import row_of
from tradewright.adapters.venues.practice.orders import LEGS
from tradewright.adapters.venues.practice.params import Params
from tradewright.adapters.venues.practice.seat import Seat

__all__ = ["asset_json", "bracket_json", "most_value", "position_json", "position_rows", "shown_positions"]

_NO_CAP = 9_223_372_036_854_775_807


def position_rows(exchange: Exchange, params: Params) -> Iterable[int]:
    """Rows of the symbols that a request means: one, or all."""
    return (row_of(exchange, params),) if params.has("symbol") else range(len(exchange.listings))


def shown_positions(seat: Seat, rows: Iterable[int], *, whole: bool) -> list[tuple[int, int]]:
    """Of these symbols the legs that are held or waited for, or the `whole` of them."""
    waiting = {(order.k, order.leg) for order in seat.ledger.open.values()}
    return [
        (k, leg) for k in rows for leg in seat.account.legs if whole or seat.account.held(k, leg) or (k, leg) in waiting
    ]


def asset_json(seat: Seat, now: int) -> dict[str, Any]:
    """The one asset of an account."""
    money = seat.account.money()
    isolated = [one for one in starmap(seat.account.holding, seat.account.rows_held) if one.is_isolated]
    apart, apart_profit = seat.account.set_apart, sum(one.open_profit for one in isolated)
    return {
        "asset": "USDT",
        "walletBalance": cash(money.wallet),
        "unrealizedProfit": cash(money.open_profit),
        "marginBalance": cash(money.wallet + money.open_profit),
        "maintMargin": cash(money.maintenance),
        "initialMargin": cash(money.position_margin + money.order_margin),
        "positionInitialMargin": cash(money.position_margin),
        "openOrderInitialMargin": cash(money.order_margin),
        "crossWalletBalance": cash(money.wallet - apart),
        "crossUnPnl": cash(money.open_profit - apart_profit),
        "availableBalance": cash(money.available),
        "maxWithdrawAmount": cash(min(money.available, money.wallet)),
        "marginAvailable": True,
        "updateTime": now,
    }


def position_json(exchange: Exchange, seat: Seat, row: tuple[int, int], version: str) -> dict[str, Any]:
    """A position.

    Args:
        exchange: where it is held.
        seat: by whom.
        row: of the symbol, and the leg.
        version: v2 and v3 of positionRisk, or `account`, as it stands in the account.
    """
    k, leg = row
    listing, one = exchange.listings[k], seat.account.holding(k, leg)
    isolated = one.isolated_margin + (one.open_profit if one.is_isolated and one.lots else 0.0)
    common: dict[str, Any] = {
        "symbol": listing.symbol,
        "positionSide": LEGS[leg],
        "positionAmt": listing.quantity_text(one.lots),
        "notional": cash(one.notional),
        "isolatedMargin": cash(isolated),
        "isolatedWallet": cash(one.isolated_margin),
        "initialMargin": cash(one.position_margin + one.order_margin),
        "maintMargin": cash(one.maintenance),
        "updateTime": seat.ledger.changed[k],
    }
    if version == "account":
        more: dict[str, Any] = {
            "unrealizedProfit": cash(one.open_profit),
            "entryPrice": listing.average_text(one.entry_ticks),
        }
        more |= {"leverage": f"{one.leverage:g}", "isolated": one.is_isolated}
        return common | more
    risk = common | {
        "entryPrice": listing.average_text(one.entry_ticks),
        "breakEvenPrice": listing.average_text(one.entry_ticks),
        "markPrice": listing.average_text(one.mark_ticks),
        "unRealizedProfit": cash(one.open_profit),
        "liquidationPrice": listing.average_text(one.liquidation_ticks) if one.liquidation_ticks else "0",
        "positionInitialMargin": cash(one.position_margin),
        "openOrderInitialMargin": cash(one.order_margin),
        "marginAsset": "USDT",
        "adl": 0,
        "bidNotional": "0",
        "askNotional": "0",
    }
    if version == "v2":
        risk |= {"leverage": f"{one.leverage:g}", "marginType": "isolated" if one.is_isolated else "cross"}
        risk |= {
            "isAutoAddMargin": "false",
            "maxNotionalValue": str(bracket_json(exchange, k)["brackets"][0]["notionalCap"]),
        }
    return risk


def bracket_json(exchange: Exchange, k: int) -> dict[str, Any]:
    """The margin tiers of a symbol."""
    spec, market = exchange.present.market.specs[k], exchange.present.market
    rows = market.tiers[int(spec["tier_start"]) : int(spec["tier_stop"])].tolist()
    floors = [row[0] for row in rows]
    caps = [*floors[1:], _NO_CAP]
    return {
        "symbol": exchange.listings[k].symbol,
        "notionalCoef": 1.0,
        "brackets": [
            {
                "bracket": number,
                "initialLeverage": int(leverage),
                "notionalCap": int(cap),
                "notionalFloor": int(floor),
                "maintMarginRatio": rate,
                "cum": _plain(cum),
            }
            for number, ((floor, rate, cum, leverage), cap) in enumerate(zip(rows, caps, strict=True), 1)
        ],
    }


def most_value(exchange: Exchange, k: int, leverage: float) -> str:
    """The largest notional that a leverage is granted for."""
    brackets = bracket_json(exchange, k)["brackets"]
    return str(max((row["notionalCap"] for row in brackets if row["initialLeverage"] >= leverage), default=0))


def _plain(amount: float) -> float:
    """An amount without the noise of binary fractions; a whole one without a fraction."""
    rounded = round(amount, 8)
    return int(rounded) if rounded == int(rounded) else rounded
