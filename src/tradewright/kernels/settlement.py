"""Settle: a fill or a funding payment becomes wallet, position and a line in a log."""

from __future__ import annotations

from typing import Any, NamedTuple

from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.fees import count_turnover, fee_rate, start_day
from tradewright.kernels.money import notional, round_cash
from tradewright.kernels.records import Market, World

__all__ = ["Terms", "add_cash", "settle_fill", "settle_funding"]


class Terms(NamedTuple):
    """On what terms an order is filled."""

    ticks: int  # price paid or received
    reference_ticks: int  # price before spread and slippage
    liquidity: int  # Liquidity
    flags: int  # FillFlag bits
    arrival: int  # Arrival of the exits that the fill brings into being
    step: int
    ts: int


@lean_kernel
def add_cash(account: Any, amount: float) -> None:
    """Move cash into the wallet (out of it, if negative); the wallet stays a multiple of 1e-8."""
    account["wallet"] = round_cash(account["wallet"] + amount)


@lean_kernel
def move_position(position: Any, signed_lots: int, ticks: int) -> int:
    """Change a position by a fill; returns how many lots were closed.

    The average entry changes only when the position grows; a fill beyond flat starts a new position at its own price.
    """
    held = position["lots"]
    closed = 0
    # Signs, not a product: two counts of 1e-8 lots multiply beyond int64 from thirty units on.
    if held < 0 < signed_lots or signed_lots < 0 < held:
        closed = min(abs(held), abs(signed_lots))
    opened = abs(signed_lots) - closed
    if opened > 0:
        if closed == 0:
            cost = position["entry_ticks"] * abs(held) + float(ticks) * opened
            position["entry_ticks"] = cost / (abs(held) + opened)
        else:
            position["entry_ticks"] = float(ticks)
    position["lots"] = held + signed_lots
    if position["lots"] == 0:
        position["entry_ticks"] = 0.0
    return int(closed)


@lean_kernel
def isolate(spec: Any, position: Any, held: int, closed: int, fill: tuple[int, int]) -> None:
    """Move margin with an isolated position: what is closed gives back its part, what is opened sets its own aside.

    `held` lots were held before, of which `closed` are gone; `fill` are the lots and the ticks of the fill.
    """
    if not spec["is_isolated"]:
        return
    lots, ticks = fill
    kept = position["margin"] * ((abs(held) - closed) / abs(held)) if closed > 0 else position["margin"]
    position["margin"] = round_cash(kept + notional(spec, lots - closed, ticks) / spec["leverage"])


@lean_kernel
def settle_fill(world: World, market: Market, order: Any, lots: int, terms: Terms) -> None:
    """Book a fill of an order: position, realised profit, fee, and a line in the log of fills."""
    account = world.account[0]
    position = world.positions[order["instrument"]]
    spec = market.specs[order["instrument"]]
    entry = position["entry_ticks"]
    held = position["lots"]
    closed = move_position(position, order["side"] * lots, terms.ticks)
    isolate(spec, position, held, closed, (lots, terms.ticks))
    # What was closed had been held against the order's side.
    realised = round_cash(closed * (entry - terms.ticks) * order["side"] * spec["tick_value"])
    start_day(world, market, terms.step)
    value = notional(spec, lots, terms.ticks)
    fee = round_cash(value * fee_rate(world, market, order["instrument"], terms.liquidity, order["role"]))
    count_turnover(world, market, value)
    slippage = round_cash(notional(spec, lots, abs(terms.ticks - terms.reference_ticks)))
    account["realised"] = round_cash(account["realised"] + realised)
    account["fees"] = round_cash(account["fees"] + fee)
    account["slippage"] = round_cash(account["slippage"] + slippage)
    add_cash(account, realised - fee)
    position["earned"] = round_cash(position["earned"] + (realised - fee))
    line = write_fill(world, order, lots, terms)
    line["closed_lots"] = closed
    line["fee"] = fee
    line["slippage"] = slippage
    line["realised"] = realised


@lean_kernel
def write_fill(world: World, order: Any, lots: int, terms: Terms) -> Any:
    """Begin a line in the log of fills; the caller adds the money."""
    line = world.fills[world.account[0]["n_fills"]]
    world.account[0]["n_fills"] += 1
    line["ts"] = terms.ts
    line["step"] = terms.step
    line["instrument"] = order["instrument"]
    line["order_id"] = order["id"]
    line["group"] = order["group"]
    line["signal"] = order["signal"]
    line["side"] = order["side"]
    line["role"] = order["role"]
    line["liquidity"] = terms.liquidity
    line["flags"] = terms.flags
    line["ticks"] = terms.ticks
    line["lots"] = lots
    return line


@lean_kernel
def settle_funding(world: World, market: Market, row: int) -> None:
    """Pay or receive funding on the position that is open now: `-lots * mark * rate`; positive rates cost longs."""
    event = market.funding[row]
    k = event["instrument"]
    position = world.positions[k]
    if position["lots"] == 0:
        return
    account = world.account[0]
    value = notional(market.specs[k], position["lots"], position["mark_ticks"])
    amount = round_cash((-value if position["lots"] > 0 else value) * event["rate"])
    account["funding"] = round_cash(account["funding"] + amount)
    add_cash(account, amount)
    position["earned"] = round_cash(position["earned"] + amount)
    if market.specs[k]["is_isolated"]:
        # What its own margin cannot pay, the rest of the wallet does.
        position["margin"] = max(round_cash(position["margin"] + amount), 0.0)
    line = world.payments[account["n_payments"]]
    account["n_payments"] += 1
    line["ts"] = event["ts"]
    line["instrument"] = k
    line["lots"] = position["lots"]
    line["ticks"] = position["mark_ticks"]
    line["rate"] = event["rate"]
    line["amount"] = amount
