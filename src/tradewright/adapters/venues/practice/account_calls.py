"""Accounts, as REST asks for them and answers: everything is read from the state that the kernels keep."""

from __future__ import annotations

from typing import Any

from tradewright.adapters.venues.practice.exchange import Exchange
from tradewright.adapters.venues.practice.holdings import asset_json, bracket_json, position_json, position_rows
from tradewright.adapters.venues.practice.listing import cash
from tradewright.adapters.venues.practice.market_calls import row_of
from tradewright.adapters.venues.practice.orders import side_text
from tradewright.adapters.venues.practice.params import Params
from tradewright.adapters.venues.practice.refusal import VenueError, refuse
from tradewright.adapters.venues.practice.seat import Seat
from tradewright.adapters.venues.practice.user_events import config_update

__all__ = ["ACCOUNT_CALLS"]

_WEEK_MS = 7 * 86_400_000
_OK = {"code": 200, "msg": "success"}
_HIGHEST_LEVERAGE = 125


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
            position_json(exchange, seat, k, "account")
            for k in range(len(exchange.listings))
            if whole or _shows(seat, k)
        ],
    }


def _shows(seat: Seat, k: int) -> bool:
    return seat.account.held(k) != 0 or len(seat.account.open_orders(k)) > 0


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
    return [position_json(exchange, seat, k, "v3") for k in position_rows(exchange, params) if _shows(seat, k)]


def positions_v2(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Positions of every symbol."""
    return [position_json(exchange, seat, k, "v2") for k in position_rows(exchange, params)]


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
            "positionSide": "BOTH",
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


def account_config(exchange: Exchange, _: Seat, __: Params) -> Any:
    """What is set for the whole account."""
    return {
        "feeTier": 0,
        "canTrade": True,
        "canDeposit": True,
        "canWithdraw": True,
        "dualSidePosition": False,
        "multiAssetsMargin": False,
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
        for one in (seat.account.holding(k),)
    ]


def most_value(exchange: Exchange, k: int, leverage: float) -> str:
    """The largest notional that a leverage is granted for."""
    brackets = bracket_json(exchange, k)["brackets"]
    return str(max((row["notionalCap"] for row in brackets if row["initialLeverage"] >= leverage), default=0))


def leverage_bracket(exchange: Exchange, _: Seat, params: Params) -> Any:
    """Tiers of margin: of one symbol alone, or of all in a list."""
    found = [bracket_json(exchange, k) for k in position_rows(exchange, params)]
    return found[0] if params.has("symbol") else found


def set_leverage(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Set the leverage of a symbol."""
    k = row_of(exchange, params)
    params.required("leverage")
    wanted = params.whole("leverage") or 0
    highest = exchange.listings[k].instrument.tiers[0].max_leverage
    if not 1 <= wanted <= min(highest, _HIGHEST_LEVERAGE):
        raise refuse(-4028, wanted)
    held = seat.account.holding(k)
    if held.is_isolated and held.lots and wanted < held.leverage:
        raise refuse(-4161)
    if abs(held.notional) > float(most_value(exchange, k, wanted)):
        raise refuse(-2027)
    seat.account.set_leverage(k, wanted)
    if wanted < held.leverage and seat.account.money().short:
        seat.account.set_leverage(k, held.leverage)
        raise refuse(-2028)
    symbol = exchange.listings[k].symbol
    if wanted != held.leverage:
        exchange.listener.on_user(seat, config_update(symbol, wanted, exchange.now))
    return {"leverage": wanted, "maxNotionalValue": most_value(exchange, k, wanted), "symbol": symbol}


def set_margin_type(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Set the margin mode of a symbol."""
    k, wanted = row_of(exchange, params), params.required("marginType").upper()
    if wanted not in ("ISOLATED", "CROSSED"):
        raise VenueError(-1130, "Data sent for parameter 'marginType' is not valid.")
    held = seat.account.holding(k)
    if held.is_isolated == (wanted == "ISOLATED"):
        raise refuse(-4046)
    if len(seat.account.open_orders(k)):
        raise refuse(-4047)
    if held.lots:
        raise refuse(-4048)
    seat.account.set_isolated(k, wanted == "ISOLATED")
    return _OK


def position_side(_: Exchange, __: Seat, ___: Params) -> Any:
    """The position mode: one way."""
    return {"dualSidePosition": False}


def set_position_side(_: Exchange, __: Seat, params: Params) -> Any:
    """Set the position mode: it is one way already, and the other is not offered."""
    params.required("dualSidePosition")
    raise refuse(-1020 if params.flag("dualSidePosition") else -4059)


def multi_assets(_: Exchange, __: Seat, ___: Params) -> Any:
    """The asset mode: one asset."""
    return {"multiAssetsMargin": False}


def set_multi_assets(_: Exchange, __: Seat, params: Params) -> Any:
    """Set the asset mode: it is one asset already, and the other is not offered."""
    params.required("multiAssetsMargin")
    raise refuse(-1020 if params.flag("multiAssetsMargin") else -4171)


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
    ("POST", "/fapi/v1/leverage"): (set_leverage, 1, 0),
    ("POST", "/fapi/v1/marginType"): (set_margin_type, 1, 0),
    ("GET", "/fapi/v1/positionSide/dual"): (position_side, 30, 0),
    ("POST", "/fapi/v1/positionSide/dual"): (set_position_side, 1, 0),
    ("GET", "/fapi/v1/multiAssetsMargin"): (multi_assets, 30, 0),
    ("POST", "/fapi/v1/multiAssetsMargin"): (set_multi_assets, 1, 0),
}
"""Handler, weight and count of orders of each signed request that speaks of the account."""
