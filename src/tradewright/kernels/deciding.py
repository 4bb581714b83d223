"""Decide: a signal at a bar's close becomes orders for the next open, or a refusal."""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import Arrival, Code, OnOpposite, OrderRole, OrderStatus, OrderType, SignalKind
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.gate import judge
from tradewright.kernels.limits import is_limit
from tradewright.kernels.orders import Draft, cancel_entries, place
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market, World
from tradewright.kernels.team import rules_of
from tradewright.kernels.triggering import asked_trigger, watch

__all__ = ["decide"]


@lean_kernel
def refuse_signal(world: World, row: int, signal: Any, code: int, numbers: tuple[float, float], ts: int) -> None:
    """Keep a refused signal with its reason and the numbers compared."""
    line = world.refusals[world.account[0]["n_refusals"]]
    world.account[0]["n_refusals"] += 1
    line["ts"] = ts
    line["step"] = signal["step"]
    line["instrument"] = signal["instrument"]
    line["signal"] = row
    line["command"] = -1
    line["order_id"] = 0
    line["code"] = code
    line["observed"] = numbers[0]
    line["limit"] = numbers[1]


@lean_kernel
def leave(world: World, k: int, row: int, step: int, ts: int) -> None:
    """Send a market order that closes the open position of row `k`; entries that still wait are cancelled."""
    held = world.positions[k]["lots"]
    cancel_entries(world, k, ts)
    for slot in range(world.positions[k]["n_orders"]):
        if world.orders[k, slot]["role"] == OrderRole.EXIT:
            return
    draft = Draft(
        group=0,
        signal=row,
        type=OrderType.MARKET.value,
        role=OrderRole.EXIT.value,
        side=-1 if held > 0 else 1,
        status=OrderStatus.PENDING.value,
        arrival=Arrival.AT_OPEN.value,
        reduce_only=True,
        reverses=False,
        lots=abs(held),
        level_ticks=0,
        valid_steps=0,
    )
    place(world, k, draft, step, ts)


@lean_kernel
def leave_all(world: World, market: Market, row: int, signal: Any, ts: int) -> bool:
    """Close the position of a signal's row, in a hedge those of both legs; says whether there was one."""
    k, leg = int(signal["instrument"]), int(market.specs[signal["instrument"]]["side"])
    found = False
    # The long leg stands before the short one.
    for own in range(k + min(leg, 0), k + max(leg, 0) + 1):
        if world.positions[own]["lots"] == 0:
            cancel_entries(world, own, ts)
        else:
            leave(world, own, row, signal["step"], ts)
            found = True
    return found


@lean_kernel
def enter(world: World, market: Market, rules: Rules, row: int, lots: int) -> None:
    """Send an entry with its bracket; it replaces entries that still wait."""
    signal = market.signals[row]
    k = signal["instrument"]
    ts = market.ts_close[signal["step"]]
    cancel_entries(world, k, ts)
    draft = Draft(
        group=0,
        signal=row,
        type=signal["order_type"],
        role=OrderRole.ENTRY.value,
        side=signal["kind"],
        status=OrderStatus.PENDING.value,
        arrival=Arrival.AT_OPEN.value,
        reduce_only=False,
        reverses=True,
        lots=lots,
        level_ticks=0 if signal["order_type"] == OrderType.MARKET else signal["entry_ticks"],
        valid_steps=signal["valid_steps"],
    )
    order = place(world, k, draft, signal["step"], ts)
    order["time_in_force"] = signal["time_in_force"]
    watch(order, asked_trigger(market, rules, row), rules.price_protect)
    if signal["plan"] > 0:
        order["trigger_ticks"] = market.plans[signal["plan"] - 1]["trigger_ticks"]
        order["callback"] = market.plans[signal["plan"] - 1]["entry_callback"]
    order["has_stop"] = signal["has_stop"]
    order["has_target"] = signal["has_target"]
    order["stop_ticks"] = signal["stop_ticks"]
    order["target_ticks"] = signal["target_ticks"]


@lean_kernel
def decide(world: World, market: Market, rules: Rules, row: int) -> int:
    """Act on one signal at the close of its bar; returns the gate's Code.

    A signal against the open position closes it where the rules say CLOSE, on spot, which knows no shorts, and where a
    limit lets nothing new be opened: what reduces is never refused.
    """
    signal = market.signals[row]
    k = signal["instrument"]
    ts = market.ts_close[signal["step"]]
    held = world.positions[k]["lots"]
    if signal["kind"] == SignalKind.EXIT:
        if leave_all(world, market, row, signal, ts):
            return Code.OK.value
        refuse_signal(world, row, signal, Code.NOTHING_TO_EXIT.value, (0.0, 0.0), ts)
        return Code.NOTHING_TO_EXIT.value
    own = rules_of(market, rules, market.specs[k]["member"])
    only_closes = own.on_opposite == OnOpposite.CLOSE or not market.specs[k]["is_perpetual"]
    if held * signal["kind"] < 0 and only_closes and own.on_opposite != OnOpposite.IGNORE:
        leave(world, k, row, signal["step"], ts)
        return Code.OK.value
    verdict = judge(world, market, rules, signal)
    if verdict.code != Code.OK:
        if held * signal["kind"] < 0 and is_limit(verdict.code):
            leave(world, k, row, signal["step"], ts)
        refuse_signal(world, row, signal, verdict.code, (verdict.observed, verdict.limit), ts)
        return verdict.code
    enter(world, market, own, row, verdict.lots)
    return Code.OK.value
