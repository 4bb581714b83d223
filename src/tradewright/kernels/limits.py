"""Limits on new positions after what has happened to the account, and on all that stands to be lost at the stops."""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import Code, OrderType
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.correlation import correlation
from tradewright.kernels.filters import Finding
from tradewright.kernels.money import notional
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market, World
from tradewright.kernels.team import equity_of, is_of
from tradewright.kernels.watching import fall

__all__ = ["find_correlation", "find_heat", "find_limit", "is_limit", "risk_of_entry", "risk_of_instrument"]

_FIRST, _BEYOND = Code.DAY_LOSS_REACHED.value, Code.NO_EDGE.value + 1
_LATER = (Code.POSITION_TOO_LARGE.value, Code.CORRELATION_EXCEEDED.value)
_MINUTE = 6e10  # ns
_FINE = Finding(Code.OK.value, 0.0, 0.0)


@lean_kernel
def is_limit(code: int) -> bool:
    """Whether a refusal is one of these."""
    return bool(_FIRST <= code < _BEYOND or code in _LATER)


@lean_kernel
def find_loss(account: Any, rules: Rules) -> Finding:
    """Whether the day, the week or the run has lost too much of its equity."""
    loss = fall(account["day_equity"], account["day_low"])
    if 0.0 < rules.max_day_loss <= loss:
        return Finding(Code.DAY_LOSS_REACHED.value, loss, rules.max_day_loss)
    loss = fall(account["week_equity"], account["week_low"])
    if 0.0 < rules.max_week_loss <= loss:
        return Finding(Code.WEEK_LOSS_REACHED.value, loss, rules.max_week_loss)
    if 0.0 < rules.max_drawdown <= account["deepest"]:
        return Finding(Code.DRAWDOWN_REACHED.value, float(account["deepest"]), rules.max_drawdown)
    return _FINE


@lean_kernel
def find_limit(world: World, market: Market, rules: Rules, who: int) -> Finding:
    """The first limit that what has been leaves no room in; `watching.look_back` has gone through it.

    `who` is the account (0) or a member, `rules` are theirs.
    """
    account = world.account[who]
    finding = find_loss(account, rules)
    if finding.code != Code.OK:
        return finding
    if 0 < rules.max_losses <= account["losses"]:
        return Finding(Code.LOSSES_IN_A_ROW.value, float(account["losses"]), float(rules.max_losses))
    waited = market.ts_close[world.account[0]["watched"] - 1] - account["loss_ts"]
    if account["loss_ts"] > 0 and waited < rules.cool_down:
        return Finding(Code.COOLING_DOWN.value, waited / _MINUTE, rules.cool_down / _MINUTE)
    gain = -fall(account["day_equity"], account["day_high"])
    if 0.0 < rules.day_target <= gain:
        return Finding(Code.DAY_TARGET_MET.value, gain, rules.day_target)
    return _FINE


@lean_kernel
def stops(position: Any, order: Any) -> bool:
    """Whether an order closes a whole position at the market where it goes wrong."""
    armed = order["type"] == OrderType.TRAILING_STOP and order["armed"]
    against = (order["side"] > 0) != (position["lots"] > 0)
    whole = order["close_position"] or order["lots"] - order["filled"] >= abs(position["lots"])
    return bool(order["reduce_only"] and against and whole and (armed or order["type"] == OrderType.STOP_MARKET))


@lean_kernel
def risk_of_position(world: World, market: Market, k: int) -> float:
    """What a position loses from its mark to its nearest stop, quote; all of it where it has none."""
    position = world.positions[k]
    lots, mark = position["lots"], position["mark_ticks"]
    away = float(mark)
    for slot in range(position["n_orders"]):
        order = world.orders[k, slot]
        if stops(position, order):
            behind = mark - order["level_ticks"] if lots > 0 else order["level_ticks"] - mark
            away = min(away, max(float(behind), 0.0))
    return notional(market.specs[k], lots, away)


@lean_kernel
def risk_of_entry(spec: Any, lots: int, ticks: int, has_stop: bool, stop_ticks: int) -> float:
    """What an entry loses from its price to its stop, quote; all of it where it has none."""
    return notional(spec, lots, abs(ticks - stop_ticks) if has_stop else ticks)


@lean_kernel
def risk_of_instrument(world: World, market: Market, k: int) -> float:
    """What an instrument may lose at its stops, orders that wait to open included."""
    position = world.positions[k]
    risk = risk_of_position(world, market, k) if position["lots"] != 0 else 0.0
    for slot in range(position["n_orders"]):
        order = world.orders[k, slot]
        if not order["reduce_only"]:
            ticks = order["level_ticks"] if order["level_ticks"] > 0 else position["mark_ticks"]
            lots = order["lots"] - order["filled"]
            risk += risk_of_entry(market.specs[k], lots, ticks, order["has_stop"], order["stop_ticks"])
    return risk


@lean_kernel
def find_heat(world: World, market: Market, rules: Rules, entry: tuple[int, float], who: int) -> Finding:
    """Whether all that stands to be lost at the stops of the account (0), or of a member, leaves room for an entry.

    `entry` is the row of its instrument, which is not counted otherwise, and what is at risk there then, quote; `rules`
    are of whose stops are counted.
    """
    if rules.max_heat <= 0.0:
        return _FINE
    heat = entry[1]
    for k in range(world.positions.size):
        if k != entry[0] and is_of(market, k, who):
            heat += risk_of_instrument(world, market, k)
    equity = equity_of(world, market, who)
    if heat > rules.max_heat * equity:
        return Finding(Code.HEAT_EXCEEDED.value, heat / equity, rules.max_heat)
    return _FINE


@lean_kernel
def find_correlation(world: World, market: Market, rules: Rules, entry: tuple[int, int, int], who: int) -> Finding:
    """Whether an entry would move as what the account (0), or a member, holds already.

    `entry` is the row of its instrument, its side and the step at whose close it is decided. Returns count by side:
    what falls as the other rises is alike where one is sold.
    """
    if rules.max_correlation <= 0.0:
        return _FINE
    row, side, step = entry
    for k in range(world.positions.size):
        held = world.positions[k]["lots"]
        if k == row or held == 0 or not is_of(market, k, who):
            continue
        alike = correlation(market, row, k, step, rules.correlation_bars) * side * (1 if held > 0 else -1)
        if alike > rules.max_correlation:
            return Finding(Code.CORRELATION_EXCEEDED.value, alike, rules.max_correlation)
    return _FINE
