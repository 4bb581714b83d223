"""What happens at a bar's open: resting orders that it gapped beyond, then orders that arrive."""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import Arrival, Code, FillFlag, Liquidity, OrderRole, OrderStatus, OrderType
from tradewright.kernels.birth import becomes_limit, keep_out, refuses_book, rest
from tradewright.kernels.commanding import deliver, is_due, reject
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.execution import execute, lots_now
from tradewright.kernels.filters import filter_band
from tradewright.kernels.gate import Verdict
from tradewright.kernels.nearness import only_touched, set_touch, toss_for_bar
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market, World
from tradewright.kernels.settlement import Terms
from tradewright.kernels.slippage import taker_ticks
from tradewright.kernels.touching import has_two_prices, is_marketable, is_triggered_at, own_ticks
from tradewright.kernels.trailing import follow_open, is_active_already, start_trailing
from tradewright.kernels.volume import has_volume

__all__ = ["meet_open", "trigger_gaps"]

NO_ROW = -1


@lean_kernel
def open_terms(world: World, market: Market, order: Any, step: int, rested: bool, gap: int) -> Terms:
    """Terms of an order that acts at the open.

    A limit that has rested fills at its own price as maker, however far beyond it the bar opens. Everything else takes
    the open with its costs; a limit that takes is never filled beyond its price.
    """
    k = order["instrument"]
    reference = market.open[k, step]
    ts = market.ts_open[step]
    arrival = Arrival.AT_OPEN.value
    if order["type"] == OrderType.LIMIT and rested:
        level = int(order["level_ticks"])
        if only_touched(market, order, step):
            gap |= FillFlag.TOUCHED.value
        return Terms(level, level, Liquidity.MAKER.value, gap, arrival, step, int(ts))
    ticks = taker_ticks(market, k, step, order["side"], lots_now(world, order), reference)
    if order["type"] == OrderType.LIMIT:
        ticks = min(ticks, order["level_ticks"]) if order["side"] > 0 else max(ticks, order["level_ticks"])
    return Terms(int(ticks), int(reference), Liquidity.TAKER.value, gap, arrival, step, int(ts))


@lean_kernel
def enter_book(world: World, market: Market, rules: Rules, order: Any, step: int, gap: int) -> None:
    """Let a limit reach the book at the open: it takes, rests, or is not placed."""
    k = order["instrument"]
    takes = is_marketable(order, market.open[k, step])
    code = refuses_book(world.positions[k], order, takes)
    if code != Code.OK:
        keep_out(world, order, code, market.ts_open[step])
    elif takes and has_volume(world.positions[k], order):
        execute(world, market, rules, order, open_terms(world, market, order, step, False, gap))
    else:
        rest(order)


@lean_kernel
def act_on_gap(world: World, market: Market, rules: Rules, order: Any, step: int) -> None:
    """Fill what waited for this open, or turn it into the limit that its trigger makes of it."""
    rested = order["step"] < step and not order["triggered"]
    gap = FillFlag.GAP.value if rested and own_ticks(order) != market.open[order["instrument"], step] else 0
    if has_two_prices(order):
        becomes_limit(order, step, Arrival.AT_OPEN.value)
        enter_book(world, market, rules, order, step, gap)
    else:
        execute(world, market, rules, order, open_terms(world, market, order, step, rested, gap))


@lean_kernel
def trigger_gaps(world: World, market: Market, rules: Rules, k: int, step: int) -> None:
    """Act on every resting order that the open alone brings to life, oldest first."""
    ticks = market.open[k, step]
    slot = 0
    while slot < world.positions[k]["n_orders"]:
        order = world.orders[k, slot]
        acts = order["triggered"] or is_triggered_at(order, ticks)
        if order["status"] != OrderStatus.PENDING and acts and has_volume(world.positions[k], order):
            act_on_gap(world, market, rules, order, step)
            slot = 0
        else:
            slot += 1


@lean_kernel
def is_arriving(market: Market, rules: Rules, order: Any, before: int, step: int) -> bool:
    """Whether an order reaches the venue at this open, and was sent before a command (a row; NO_ROW: any order was)."""
    if order["status"] != OrderStatus.PENDING or not is_due(market, rules, order["step"], step):
        return False
    if before == NO_ROW or order["command"] >= 0:
        return bool(before == NO_ROW or order["command"] < before)
    # Of one close, signals are sent before commands.
    return bool(order["step"] <= market.commands[before]["step"])


@lean_kernel
def judge_arrival(world: World, market: Market, order: Any) -> Verdict:
    """What the venue says to an order as it arrives: there must be something to reduce, and its price near the mark."""
    k = order["instrument"]
    held = world.positions[k]["lots"]
    if order["role"] == OrderRole.PLACED and order["reduce_only"] and held * order["side"] >= 0:
        return Verdict(Code.NOTHING_TO_REDUCE.value, float(held), 0.0, 0)
    if order["type"] == OrderType.LIMIT:
        mark = world.positions[k]["mark_ticks"]
        finding = filter_band(market.specs[k], order["side"], order["level_ticks"], mark)
        return Verdict(finding.code, finding.observed, finding.limit, 0)
    return Verdict(Code.OK.value, 0.0, 0.0, 0)


@lean_kernel
def admit(world: World, market: Market, rules: Rules, k: int, step: int, before: int) -> None:
    """Let orders arrive that were sent earlier: fill, rest, or be rejected."""
    ticks = market.open[k, step]
    slot = 0
    while slot < world.positions[k]["n_orders"]:
        order = world.orders[k, slot]
        if not is_arriving(market, rules, order, before, step):
            slot += 1
            continue
        set_touch(market, rules, order, step)
        verdict = judge_arrival(world, market, order)
        if verdict.code != Code.OK:
            reject(world, market, k, slot, verdict, step)
        elif order["type"] == OrderType.MARKET:
            execute(world, market, rules, order, open_terms(world, market, order, step, False, 0))
            slot = 0
        elif order["type"] == OrderType.LIMIT:
            enter_book(world, market, rules, order, step, 0)
            slot = 0
        elif is_triggered_at(order, ticks) or is_active_already(order, ticks):
            level, code = float(own_ticks(order)), Code.WOULD_TRIGGER_AT_ONCE.value
            reject(world, market, k, slot, Verdict(code, level, float(ticks), 0), step)
        else:
            if order["type"] == OrderType.TRAILING_STOP:
                start_trailing(order, ticks)
            rest(order)
            slot += 1


@lean_kernel
def next_message(world: World, market: Market, rules: Rules, k: int, step: int, row: int) -> int:
    """The first command of instrument `k` from `row` on that is due; NO_ROW if there is none."""
    while row < world.account[0]["command"] and is_due(market, rules, market.commands[row]["step"], step):
        wish = market.commands[row]
        if wish["instrument"] == k:
            return row
        row += 1
    return NO_ROW


@lean_kernel
def receive(world: World, market: Market, rules: Rules, k: int, step: int) -> None:
    """Let orders, and what speaks of them, arrive in the order in which they were sent."""
    row = int(world.account[0]["arrived"])
    while True:
        row = next_message(world, market, rules, k, step, row)
        if market.has_bar[k, step]:
            admit(world, market, rules, k, step, row)
        if row == NO_ROW:
            return
        deliver(world, market, rules, row, step)
        row += 1


@lean_kernel
def meet_open(world: World, market: Market, rules: Rules, k: int, step: int) -> None:
    """Play the open of a bar: gaps, arrivals, and exits that the open has already passed.

    Without a bar nothing trades, but the venue takes cancels and changes all the same.

    The last matters for safety: a stop that is attached beyond the market closes the position at once; a venue would
    refuse such a stop and leave the position bare.
    """
    if market.has_bar[k, step]:
        toss_for_bar(world, market, rules, k, step)
        trigger_gaps(world, market, rules, k, step)
        follow_open(world, k, market.open[k, step])
    receive(world, market, rules, k, step)
    if market.has_bar[k, step]:
        trigger_gaps(world, market, rules, k, step)
