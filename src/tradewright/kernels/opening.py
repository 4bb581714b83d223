"""What happens at a bar's open: resting orders that it gapped beyond, then orders that arrive."""

from __future__ import annotations

from typing import Any, NamedTuple

from tradewright.domain.enums import Arrival, Code, FillFlag, Liquidity, OrderRole, OrderStatus, OrderType
from tradewright.kernels.birth import becomes_limit, keep_out, refuses_book, rest
from tradewright.kernels.commanding import deliver, is_due, reject
from tradewright.kernels.compiling import lean_kernel, part_kernel
from tradewright.kernels.crossing import clear_way
from tradewright.kernels.execution import execute, lots_now
from tradewright.kernels.filters import filter_band, is_conditional
from tradewright.kernels.gate import Verdict
from tradewright.kernels.nearness import only_touched, set_touch, toss_for_bar
from tradewright.kernels.orders import NOWHERE
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market, World
from tradewright.kernels.settlement import Terms
from tradewright.kernels.slippage import is_beyond_bound, taker_ticks, within_bound
from tradewright.kernels.touching import has_two_prices, is_marketable, is_triggered_at, own_ticks
from tradewright.kernels.trailing import follow_open, is_active_already, start_trailing
from tradewright.kernels.triggering import is_held_back, open_seen
from tradewright.kernels.volume import has_volume

__all__ = ["RESTING", "act_on_open", "judge_arrival", "meet_open"]

NO_ROW = -1
RESTING = -2


class Act(NamedTuple):
    """How an order acts at the open."""

    now: bool  # it fills, as far as volume and account let it; else nothing is left to do with it
    rested: bool  # a limit that waited for the price
    gap: int  # FillFlag.GAP where it waited for a price that the open has passed, else 0
    slot: int  # its place now; NOWHERE if it is no more


@lean_kernel
def open_terms(world: World, market: Market, order: Any, step: int, act: Act) -> Terms:
    """Terms of an order that acts at the open.

    A limit that has rested fills at its own price as maker, however far beyond it the bar opens. Everything else takes
    the open with its costs; a limit that takes is never filled beyond its price.
    """
    k = order["instrument"]
    reference = market.open[k, step]
    ts = market.ts_open[step]
    arrival = Arrival.AT_OPEN.value
    gap = act.gap
    if order["type"] == OrderType.LIMIT and act.rested:
        level = int(order["level_ticks"])
        if only_touched(market, order, step):
            gap |= FillFlag.TOUCHED.value
        return Terms(level, level, Liquidity.MAKER.value, gap, arrival, step, int(ts))
    ticks = taker_ticks(market, k, step, order["side"], lots_now(world, order), reference)
    if order["type"] == OrderType.LIMIT:
        ticks = min(ticks, order["level_ticks"]) if order["side"] > 0 else max(ticks, order["level_ticks"])
    else:
        ticks = within_bound(market, k, step, order["side"], ticks, reference)
    return Terms(int(ticks), int(reference), Liquidity.TAKER.value, gap, arrival, step, int(ts))


@lean_kernel
def takes_book(world: World, market: Market, order: Any, step: int) -> bool:
    """Let a limit reach the book at the open: whether it takes; else it rests, or is not placed."""
    k = order["instrument"]
    takes = is_marketable(order, market.open[k, step])
    code = refuses_book(world.positions[k], order, takes)
    if code != Code.OK:
        keep_out(world, order, code, market.ts_open[step])
        return False
    if takes and has_volume(world.positions[k], order):
        return True
    rest(order)
    return False


@lean_kernel
def wakes(world: World, market: Market, order: Any, step: int) -> bool:
    """Whether the open alone brings a resting order to life."""
    k = order["instrument"]
    acts = order["triggered"] or is_triggered_at(order, open_seen(market, order, step))
    if order["triggered"] and is_beyond_bound(market, k, step, order["side"], market.open[k, step]):
        return False
    if acts and not order["triggered"] and is_held_back(market, order, market.mark_open[k, step], market.open[k, step]):
        return False
    return bool(order["status"] != OrderStatus.PENDING and acts and has_volume(world.positions[k], order))


@lean_kernel
def waken(world: World, market: Market, k: int, slot: int, step: int) -> Act:
    """How a resting order acts that waited for this open; its trigger may make a limit of it, which seeks the book."""
    order = world.orders[k, slot]
    rested = bool(order["step"] < step and not order["triggered"])
    gap = FillFlag.GAP.value if rested and own_ticks(order) != open_seen(market, order, step) else 0
    if rested and order["type"] == OrderType.LIMIT:
        return Act(True, True, gap, slot)
    seeks_book = has_two_prices(order)
    if seeks_book:
        becomes_limit(order, step, Arrival.AT_OPEN.value)
    slot = clear_way(world, market, k, slot, market.open[k, step], market.ts_open[step])
    now = slot != NOWHERE and (not seeks_book or takes_book(world, market, world.orders[k, slot], step))
    return Act(bool(now), rested and not seeks_book, gap, slot)


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
def judge_arrival(world: World, market: Market, order: Any, step: int) -> Verdict:
    """What the venue says to an order as it arrives.

    There must be something to reduce, a limit's price must be near the mark, a trigger must lie ahead.
    """
    k = order["instrument"]
    held = world.positions[k]["lots"]
    if order["role"] == OrderRole.PLACED and order["reduce_only"] and held * order["side"] >= 0:
        return Verdict(Code.NOTHING_TO_REDUCE.value, float(held), 0.0, 0)
    if order["type"] == OrderType.LIMIT:
        mark = world.positions[k]["mark_ticks"]
        finding = filter_band(market.specs[k], order["side"], order["level_ticks"], mark)
        return Verdict(finding.code, finding.observed, finding.limit, 0)
    ticks = open_seen(market, order, step)
    if order["type"] != OrderType.MARKET and (is_triggered_at(order, ticks) or is_active_already(order, ticks)):
        return Verdict(Code.WOULD_TRIGGER_AT_ONCE.value, float(own_ticks(order)), float(ticks), 0)
    return Verdict(Code.OK.value, 0.0, 0.0, 0)


@lean_kernel
def arrive(world: World, market: Market, rules: Rules, k: int, slot: int, step: int) -> Act:
    """Let an order arrive: it acts at once, waits from now on, or is rejected."""
    order = world.orders[k, slot]
    set_touch(market, rules, order, step)
    verdict = judge_arrival(world, market, order, step)
    now = False
    if verdict.code != Code.OK:
        reject(world, market, k, slot, verdict, step)
    elif is_conditional(order["type"]):
        if order["type"] == OrderType.TRAILING_STOP:
            start_trailing(order, market.open[k, step])
        rest(order)
    else:
        is_market = order["type"] == OrderType.MARKET
        slot = clear_way(world, market, k, slot, market.open[k, step], market.ts_open[step])
        now = slot != NOWHERE and (is_market or takes_book(world, market, world.orders[k, slot], step))
    return Act(bool(now), False, 0, slot)


@lean_kernel
def act_on_open(world: World, market: Market, rules: Rules, k: int, step: int, before: int) -> None:
    """Let orders act at the open, oldest first.

    Args:
        world: changed in place.
        market: of the run.
        rules: of the account.
        k: row of the instrument, which has a bar.
        step: whose open it is.
        before: RESTING: those act that the open alone brings to life. Else those arrive that were sent before the
            command in this row, or NO_ROW, all that are due.
    """
    slot = 0
    while slot < world.positions[k]["n_orders"]:
        order = world.orders[k, slot]
        rests = before == RESTING
        if not (wakes(world, market, order, step) if rests else is_arriving(market, rules, order, before, step)):
            slot += 1
            continue
        act = waken(world, market, k, slot, step) if rests else arrive(world, market, rules, k, slot, step)
        # The only place at which an open fills: each further one would be all of `execute` once more.
        if act.now:
            order = world.orders[k, act.slot]
            execute(world, market, rules, order, open_terms(world, market, order, step, act))
        slot = 0


@lean_kernel
def next_message(world: World, market: Market, rules: Rules, k: int, step: int, row: int) -> int:
    """The first command of instrument `k` from `row` on that is due; NO_ROW if there is none."""
    while row < world.account[0]["command"] and is_due(market, rules, market.commands[row]["step"], step):
        wish = market.commands[row]
        if wish["instrument"] == k:
            return row
        row += 1
    return NO_ROW


@part_kernel
def meet_open(world: World, market: Market, rules: Rules, k: int, step: int) -> None:
    """Play the open of a bar: gaps; orders and what speaks of them, as they were sent; exits already passed.

    Without a bar nothing trades, but the venue takes cancels and changes all the same.

    The last matters for safety: a stop that is attached beyond the market closes the position at once; a venue would
    refuse such a stop and leave the position bare.
    """
    has_bar = market.has_bar[k, step]
    if has_bar:
        toss_for_bar(world, market, rules, k, step)
    before = RESTING
    last = False
    while True:
        if has_bar:
            act_on_open(world, market, rules, k, step, before)
        if last:
            return
        if before == NO_ROW:
            before, last = RESTING, True
            continue
        row = int(world.account[0]["arrived"])
        if before != RESTING:
            deliver(world, market, rules, before, step)
            row = before + 1
        elif has_bar:
            follow_open(world, k, market.open[k, step])
        before = next_message(world, market, rules, k, step, row)
