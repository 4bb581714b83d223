"""What an account sets: leverage, margin mode and margin of a symbol, position mode, asset mode."""

from __future__ import annotations

from typing import Any

from tradewright.adapters.venues.practice.exchange import Exchange
from tradewright.adapters.venues.practice.holdings import most_value
from tradewright.adapters.venues.practice.listing import cash
from tradewright.adapters.venues.practice.market_calls import row_of
from tradewright.adapters.venues.practice.orders import LEGS
from tradewright.adapters.venues.practice.params import Params
from tradewright.adapters.venues.practice.refusal import VenueError, refuse
from tradewright.adapters.venues.practice.seat import Seat
from tradewright.adapters.venues.practice.standing import check_free
from tradewright.adapters.venues.practice.user_events import assets_update, config_update

__all__ = ["MODE_CALLS"]

_OK = {"code": 200, "msg": "success"}
_HIGHEST_LEVERAGE = 125
_ADD, _REDUCE = 1, 2
_MOST_TRANSFERS = 500


def set_leverage(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Set the leverage of a symbol."""
    k = row_of(exchange, params)
    check_free(exchange, seat)
    params.required("leverage")
    wanted = params.whole("leverage") or 0
    highest = exchange.listings[k].instrument.tiers[0].max_leverage
    if not 1 <= wanted <= min(highest, _HIGHEST_LEVERAGE):
        raise refuse(-4028, wanted)
    before = seat.account.holdings(k)[0].leverage
    for held in seat.account.holdings(k):
        if held.is_isolated and held.lots and wanted < held.leverage:
            raise refuse(-4161)
        if abs(held.notional) > float(most_value(exchange, k, wanted)):
            raise refuse(-2027)
    seat.account.set_leverage(k, wanted)
    if wanted < before and seat.account.money().short:
        seat.account.set_leverage(k, before)
        raise refuse(-2028)
    symbol = exchange.listings[k].symbol
    if wanted != before:
        exchange.listener.on_user(seat, config_update(symbol, wanted, exchange.now))
    return {"leverage": wanted, "maxNotionalValue": most_value(exchange, k, wanted), "symbol": symbol}


def set_margin_type(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Set the margin mode of a symbol."""
    k, wanted = row_of(exchange, params), params.required("marginType").upper()
    check_free(exchange, seat)
    if wanted not in ("ISOLATED", "CROSSED"):
        raise VenueError(-1130, "Data sent for parameter 'marginType' is not valid.")
    held = seat.account.holdings(k)
    if held[0].is_isolated == (wanted == "ISOLATED"):
        raise refuse(-4046)
    if seat.multi_assets:
        raise refuse(-4168)
    if len(seat.account.open_orders(k)):
        raise refuse(-4047)
    if any(one.lots for one in held):
        raise refuse(-4048)
    seat.account.set_isolated(k, wanted == "ISOLATED")
    return _OK


def set_position_margin(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Add margin to an isolated position, or take back what it does not need."""
    k, kind = row_of(exchange, params), params.whole("type")
    amount, leg = _amount(params), _leg(seat, params)
    check_free(exchange, seat)
    if kind not in (_ADD, _REDUCE):
        raise VenueError(-1130, "Data sent for parameter 'type' is not valid.")
    held = seat.account.holding(k, leg)
    if not held.is_isolated:
        raise refuse(-4049)
    if held.lots == 0:
        raise refuse(-4054)
    if kind == _ADD and amount > seat.account.money().available:
        raise refuse(-4050)
    if kind == _REDUCE and held.isolated_margin + min(held.open_profit, 0.0) - amount < held.position_margin:
        raise refuse(-4051)
    change = amount if kind == _ADD else -amount
    seat.account.set_margin(k, leg, held.isolated_margin + change)
    seat.transfers.append((exchange.now, k, leg, change))
    seat.ledger.tell_account("MARGIN_TRANSFER", [(k, leg)], exchange.now)
    return {"amount": amount, "code": 200, "msg": "Successfully modify position margin.", "type": kind}


def _amount(params: Params) -> float:
    try:
        amount = float(params.required("amount"))
    except ValueError:
        raise VenueError(-1130, "Data sent for parameter 'amount' is not valid.") from None
    if not 0.0 < amount < float("inf"):
        raise refuse(-4055)
    return amount


def _leg(seat: Seat, params: Params) -> int:
    leg = {text: leg for leg, text in LEGS.items()}.get(params.text("positionSide", "BOTH").upper())
    if leg not in seat.account.legs:
        raise refuse(-4061)
    return leg or 0


def margin_history(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Margin that was added to positions of a symbol, or taken back."""
    k = row_of(exchange, params)
    begin, end = params.span()
    found = [
        one
        for one in seat.transfers
        if one[1] == k and (begin is None or one[0] >= begin) and (end is None or one[0] <= end)
    ]
    return [
        {
            "symbol": exchange.listings[k].symbol,
            "type": _ADD if amount > 0 else _REDUCE,
            "deltaType": "USER_ADJUST",
            "amount": cash(abs(amount)),
            "asset": "USDT",
            "time": ts,
            "positionSide": LEGS[leg],
        }
        for ts, _, leg, amount in found[-params.limit(_MOST_TRANSFERS, _MOST_TRANSFERS) :]
    ]


def position_side(_: Exchange, seat: Seat, __: Params) -> Any:
    """The position mode."""
    return {"dualSidePosition": seat.in_legs}


def set_position_side(_: Exchange, seat: Seat, params: Params) -> Any:
    """Set the position mode of the whole account, which holds and waits for nothing."""
    params.required("dualSidePosition")
    wanted = params.flag("dualSidePosition")
    if wanted == seat.in_legs:
        raise refuse(-4059)
    if seat.ledger.open:
        raise refuse(-4067)
    if not seat.account.is_bare:
        raise refuse(-4068)
    seat.account.turn(in_legs=wanted)
    return _OK


def multi_assets(_: Exchange, seat: Seat, __: Params) -> Any:
    """The asset mode."""
    return {"multiAssetsMargin": seat.multi_assets}


def set_multi_assets(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Set the asset mode; the wallet holds USDT alone, so that only what the mode forbids differs."""
    params.required("multiAssetsMargin")
    wanted = params.flag("multiAssetsMargin")
    if wanted == seat.multi_assets:
        raise refuse(-4171)
    if wanted and any(seat.account.holdings(k)[0].is_isolated for k in range(len(exchange.listings))):
        raise refuse(-4167)
    if seat.ledger.open:
        raise refuse(-4170)
    seat.multi_assets = wanted
    exchange.listener.on_user(seat, assets_update(wanted, exchange.now))
    return _OK


MODE_CALLS = {
    ("POST", "/fapi/v1/leverage"): (set_leverage, 1, 0),
    ("POST", "/fapi/v1/marginType"): (set_margin_type, 1, 0),
    ("POST", "/fapi/v1/positionMargin"): (set_position_margin, 1, 0),
    ("GET", "/fapi/v1/positionMargin/history"): (margin_history, 1, 0),
    ("GET", "/fapi/v1/positionSide/dual"): (position_side, 30, 0),
    ("POST", "/fapi/v1/positionSide/dual"): (set_position_side, 1, 0),
    ("GET", "/fapi/v1/multiAssetsMargin"): (multi_assets, 30, 0),
    ("POST", "/fapi/v1/multiAssetsMargin"): (set_multi_assets, 1, 0),
}
"""Handler, weight and count of orders of each signed request that sets something."""
