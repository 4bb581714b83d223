"""Accounts, as REST asks for them and answers: everything is read from the state that the kernels keep."""

from __future__ import annotations

from typing import Any

from tradewright.adapters.venues.practice.exchange import Exchange
from tradewright.adapters.venues.practice.holdings import (
    asset_json,
    bracket_json,
    most_value,
    position_json,
    position_rows,
    shown_positions,
)
from tradewright.adapters.venues.practice.listing import cash
from tradewright.adapters.venues.practice.market_calls import row_of
from tradewright.adapters.venues.practice.orders import LEGS, side_text
from tradewright.adapters.venues.practice.params import Params
from tradewright.adapters.venues.practice.seat import Seat
from tradewright.adapters.venues.practice.variants import BRACKET_LIST

__all__ = ["ACCOUNT_CALLS"]

_WEEK_MS = 7 * 86_400_000


def account(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """The whole account, with the positions that are not flat."""
    return _account(exchange, seat, whole=False, params=params)


def account_v2(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """The whole account, with a row for each symbol."""
    return _account(exchange, seat, whole=True, params=params)


def _account(exchange: Exchange, seat: Seat, *, whole: bool, params: Params) -> Any:  # noqa: ARG001 - as all calls
    money = seat.account.money()
    asset = asset_json(seat, exchange.now)
    head = {"feeTier": 0, "canTrade": True, "canDeposit": True, "canWithdraw": True, "updateTime": 0}
    return (head if whole else {}) | {
        "totalInitialMargin": asset["initialMargin"],
        "totalMaintMargin": asset["maintMargin"],
        "totalWalletBalance": asset["walletBalance"],
        "totalUnrealizedProfit": asset["unrealizedProfit"],
        "totalMarginBalance": asset["marginBalance"],
        "totalPositionInitialMargin": asset["positionInitialMargin"],
        "totalOpenOrderInitialMargin": asset["openOrderInitialMargin"],
        "totalCrossWalletBalance": asset["crossWalletBalance"],
        "totalCrossUnPnl": asset["crossUnPnl"],
        "availableBalance": cash(money.available),
        "maxWithdrawAmount": cash(min(money.available, money.wallet)),
        "assets": [asset],
        "positions": [
            position_json(exchange, seat, row, "account")
            for row in shown_positions(seat, range(len(exchange.listings)), whole=whole)
        ],
    }


def balance(exchange: Exchange, seat: Seat, _: Params) -> Any:
    """The wallet."""
    money, asset = seat.account.money(), asset_json(seat, exchange.now)
    return [
        {
            "accountAlias": f"practice{seat.ledger.number}",
            "asset": "USDT",
            "balance": asset["walletBalance"],
            "crossWalletBalance": asset["crossWalletBalance"],
            "crossUnPnl": asset["crossUnPnl"],
            "availableBalance": cash(money.available),
            "maxWithdrawAmount": cash(min(money.available, money.wallet)),
            "marginAvailable": True,
            "updateTime": exchange.now,
        }
    ]


def positions(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Positions that are not flat, or wait for orders."""
    rows = shown_positions(seat, position_rows(exchange, params), whole=False)
    return [position_json(exchange, seat, row, "v3") for row in rows]


def positions_v2(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Positions of every symbol."""
    rows = shown_positions(seat, position_rows(exchange, params), whole=True)
    return [position_json(exchange, seat, row, "v2") for row in rows]


def user_trades(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Fills of a symbol."""
    k, first, order = row_of(exchange, params), params.whole("fromId"), params.whole("orderId")
    begin, end = params.span(_WEEK_MS)
    found = [
        fill
        for fill in seat.ledger.fills
        if fill.order.k == k
        and (first is None or fill.id >= first)
        and (order is None or fill.order.order_id == order)
        and (begin is None or fill.ts >= begin)
        and (end is None or fill.ts <= end)
    ]
    limit, listing = params.limit(500, 1000), exchange.listings[k]
    found = found[:limit] if first is not None or begin is not None else found[-limit:]
    return [
        {
            "symbol": listing.symbol,
            "id": fill.id,
            "orderId": fill.order.order_id,
            "side": side_text(fill.order.side),
            "price": listing.price_text(fill.ticks),
            "qty": listing.quantity_text(fill.lots),
            "realizedPnl": cash(fill.realised),
            "quoteQty": listing.value_text(fill.ticks * fill.lots),
            "commission": cash(fill.fee),
            "commissionAsset": "USDT",
            "time": fill.ts,
            "positionSide": LEGS[fill.order.leg],
            "buyer": fill.order.side > 0,
            "maker": fill.maker,
        }
        for fill in found
    ]


def income(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """What came and went."""
    k = row_of(exchange, params) if params.has("symbol") else None
    kind = params.text("incomeType")
    begin, end = params.span()
    found = [
        one
        for one in seat.ledger.incomes
        if (k is None or one.k == k)
        and (not kind or one.kind == kind)
        and (begin is None or one.ts >= begin)
        and (end is None or one.ts <= end)
    ]
    limit = params.limit(100, 1000)
    return [
        {
            "symbol": exchange.listings[one.k].symbol,
            "incomeType": one.kind,
            "income": cash(one.amount),
            "asset": "USDT",
            "info": one.kind,
            "time": one.ts,
            "tranId": one.id,
            "tradeId": one.trade,
        }
        for one in (found[:limit] if begin is not None else found[-limit:])
    ]


def commission_rate(exchange: Exchange, _: Seat, params: Params) -> Any:
    """Fees of a symbol."""
    instrument = exchange.listings[row_of(exchange, params)].instrument
    return {
        "symbol": params.text("symbol"),
        "makerCommissionRate": f"{instrument.maker_fee:.6f}",
        "takerCommissionRate": f"{instrument.taker_fee:.6f}",
    }


def account_config(exchange: Exchange, seat: Seat, _: Params) -> Any:
    """What is set for the whole account."""
    return {
        "feeTier": 0,
        "canTrade": True,
        "canDeposit": True,
        "canWithdraw": True,
        "dualSidePosition": seat.in_legs,
        "multiAssetsMargin": seat.multi_assets,
        "updateTime": exchange.now,
    }


def symbol_config(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """What is set for each symbol."""
    return [
        {
            "symbol": exchange.listings[k].symbol,
            "marginType": "ISOLATED" if one.is_isolated else "CROSSED",
            "isAutoAddMargin": False,
            "leverage": int(one.leverage),
            "maxNotionalValue": most_value(exchange, k, one.leverage),
        }
        for k in position_rows(exchange, params)
        for one in seat.account.holdings(k)[:1]
    ]


def leverage_bracket(exchange: Exchange, _: Seat, params: Params) -> Any:
    """Tiers of margin: of one symbol alone, or of all in a list."""
    found = [bracket_json(exchange, k) for k in position_rows(exchange, params)]
    is_list = not params.has("symbol") or BRACKET_LIST in exchange.house.variants
    return found if is_list else found[0]


ACCOUNT_CALLS = {
    ("GET", "/fapi/v2/account"): (account_v2, 5, 0),
    ("GET", "/fapi/v3/account"): (account, 5, 0),
    ("GET", "/fapi/v2/balance"): (balance, 5, 0),
    ("GET", "/fapi/v3/balance"): (balance, 5, 0),
    ("GET", "/fapi/v2/positionRisk"): (positions_v2, 5, 0),
    ("GET", "/fapi/v3/positionRisk"): (positions, 5, 0),
    ("GET", "/fapi/v1/userTrades"): (user_trades, 5, 0),
    ("GET", "/fapi/v1/income"): (income, 30, 0),
    ("GET", "/fapi/v1/commissionRate"): (commission_rate, 20, 0),
    ("GET", "/fapi/v1/accountConfig"): (account_config, 5, 0),
    ("GET", "/fapi/v1/symbolConfig"): (symbol_config, 5, 0),
    ("GET", "/fapi/v1/leverageBracket"): (leverage_bracket, 1, 0),
}
"""Handler, weight and count of orders of each signed request that speaks of the account."""
