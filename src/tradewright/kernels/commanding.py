"""Act on commands: place an order as such at a bar's close, and deliver to the venue what speaks of one that is there.

A command travels for `rules.latency` and arrives at the first open after that, behind the resting orders which that
open meets: until then a cancelled order can still fill (rules 4.0, T-3, R-5). What was sent first arrives first.
"""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import Arrival, Code, CommandKind, OrderRole, OrderStatus, OrderType, TimeInForce
from tradewright.domain.order_terms import MOST_CHANGES
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.filters import Proposal, filter_shape, is_conditional, is_unpriced, takes_market
from tradewright.kernels.gate import Verdict, judge_load, judge_order
from tradewright.kernels.orders import (
    NOWHERE,
    Draft,
    cancel_at,
    close_order,
    find_order,
    place,
    queue_last,
)
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market, World
from tradewright.kernels.team import equity_of, rules_of
from tradewright.kernels.touching import has_two_prices, is_triggered_at, own_ticks
from tradewright.kernels.triggering import open_seen, watch

__all__ = [
    "change",
    "command",
    "deliver",
    "is_due",
    "judge_change",
    "judge_terms",
    "proposal",
    "reject",
    "send",
    "withdraw_all",
]

WIDEST = 100
"""Permille of the widest callback."""


@lean_kernel
def is_due(market: Market, rules: Rules, sent: int, step: int) -> bool:
    """Whether what was sent at the close of `sent` has reached the venue by the open of `step`."""
    return bool(step > sent and market.ts_open[step] - market.ts_close[sent] >= rules.latency)


@lean_kernel
def refuse_command(world: World, row: int, wish: Any, verdict: Verdict, place_: tuple[int, int, int]) -> None:
    """Keep a refused command with its reason and the numbers compared; the place is (step, ts, order id)."""
    line = world.refusals[world.account[0]["n_refusals"]]
    world.account[0]["n_refusals"] += 1
    line["ts"] = place_[1]
    line["step"] = place_[0]
    line["instrument"] = wish["instrument"]
    line["signal"] = -1
    line["command"] = row
    line["order_id"] = place_[2]
    line["code"] = verdict.code
    line["observed"] = verdict.observed
    line["limit"] = verdict.limit


@lean_kernel
def proposal(market: Market, wish: Any) -> Proposal:
    """An order as the gate and the filters look at it.

    On spot, which knows no shorts, to sell is to reduce; on a leg of a hedge, to trade against it.
    """
    k = int(wish["instrument"])
    sells_spot = wish["side"] < 0 and not market.specs[k]["is_perpetual"]
    leaves_leg = wish["side"] * market.specs[k]["side"] < 0
    reduces = bool(wish["reduce_only"] or wish["close_position"] or sells_spot or leaves_leg)
    return Proposal(k, int(wish["type"]), int(wish["side"]), int(wish["lots"]), int(wish["level_ticks"]), reduces)


@lean_kernel
def link(world: World, market: Market, order: Any, oco: int) -> None:
    """Let an order that has just been placed join the open ones that were placed under the same number."""
    k = order["instrument"]
    for slot in range(world.positions[k]["n_orders"] if oco > 0 else 0):
        other = world.orders[k, slot]
        row = other["command"]
        if row >= 0 and other["id"] != order["id"] and market.commands[row]["oco"] == oco:
            order["group"] = other["group"]
            return


@lean_kernel
def send(world: World, market: Market, row: int, wish: Any, reduces: bool) -> None:
    """Put an order on its way to the venue."""
    draft = Draft(
        group=0,
        signal=-1,
        type=wish["type"],
        role=OrderRole.PLACED.value,
        side=wish["side"],
        status=OrderStatus.PENDING.value,
        arrival=Arrival.AT_OPEN.value,
        reduce_only=reduces,
        reverses=False,
        lots=wish["lots"],
        level_ticks=wish["level_ticks"],
        valid_steps=wish["valid_steps"],
    )
    order = place(world, wish["instrument"], draft, wish["step"], market.ts_close[wish["step"]])
    order["command"] = row
    order["tag"] = wish["tag"]
    order["parent"] = wish["parent"]
    order["close_position"] = wish["close_position"]
    order["time_in_force"] = wish["time_in_force"]
    order["callback"] = wish["callback"]
    order["trigger_ticks"] = wish["trigger_ticks"] if has_two_prices(order) else 0
    watch(order, wish["trigger_by"], wish["protected"])
    link(world, market, order, wish["oco"])


@lean_kernel
def judge_leg(wish: Any, leg: int) -> Verdict:
    """Whether an order goes with its leg of a hedge: the leg and the side say what closes, and nothing else (R-1)."""
    if leg != 0 and (wish["reduce_only"] or (wish["close_position"] and wish["side"] == leg)):
        return Verdict(Code.LEG_SAYS_WHAT_REDUCES.value, float(wish["side"]), float(leg), 0)
    return Verdict(Code.OK.value, 0.0, 0.0, 0)


@lean_kernel
def judge_terms(wish: Any) -> Verdict:
    """Whether what an order asks goes together: trigger, callback, time in force, closing."""
    kind = int(wish["type"])
    if has_two_prices(wish) and wish["trigger_ticks"] <= 0:
        return Verdict(Code.TRIGGER_MISSING.value, float(wish["trigger_ticks"]), 0.0, 0)
    if kind == OrderType.TRAILING_STOP.value and not 0 < wish["callback"] <= WIDEST:
        return Verdict(Code.CALLBACK_OUT_OF_RANGE.value, wish["callback"] / 1_000, WIDEST / 1_000, 0)
    if wish["time_in_force"] == TimeInForce.GTX and takes_market(kind):
        return Verdict(Code.POST_ONLY_NEEDS_LIMIT.value, 0.0, 0.0, 0)
    if wish["time_in_force"] == TimeInForce.GTD and wish["valid_steps"] <= 0:
        return Verdict(Code.EXPIRY_MISSING.value, 0.0, 0.0, 0)
    if wish["close_position"] and (has_two_prices(wish) or kind == OrderType.TRAILING_STOP.value):
        return Verdict(Code.CLOSE_NEEDS_MARKET.value, 0.0, 0.0, 0)
    return Verdict(Code.OK.value, 0.0, 0.0, 0)


@lean_kernel
def command(world: World, market: Market, rules: Rules, row: int) -> int:
    """Act on one command at the close of its bar; returns the gate's Code.

    A PLACE passes the gate and becomes an order on its way. The others travel as they are.
    """
    wish = market.commands[row]
    if wish["kind"] != CommandKind.PLACE:
        return Code.OK.value
    verdict = Verdict(int(wish["code"]), float(wish["observed"]), float(wish["limit"]), 0)
    if verdict.code == Code.OK:
        verdict = judge_leg(wish, int(market.specs[wish["instrument"]]["side"]))
    if verdict.code == Code.OK:
        verdict = judge_terms(wish)
    if verdict.code == Code.OK and find_order(world, wish["instrument"], 0, wish["tag"]) != NOWHERE:
        verdict = Verdict(Code.TAG_IN_USE.value, float(wish["tag"]), 0.0, 0)
    order = proposal(market, wish)
    if verdict.code == Code.OK:
        verdict = judge_order(world, market, rules, order, int(wish["step"]))
    if verdict.code != Code.OK:
        refuse_command(world, row, wish, verdict, (wish["step"], market.ts_close[wish["step"]], 0))
        return verdict.code
    send(world, market, row, wish, order.reduces)
    return Code.OK.value


@lean_kernel
def reject(world: World, market: Market, k: int, slot: int, verdict: Verdict, step: int) -> None:
    """Let the venue reject an order on arrival; of an order as such, the numbers compared are kept."""
    ts = market.ts_open[step]
    order = world.orders[k, slot]
    if order["command"] >= 0:
        row = order["command"]
        refuse_command(world, row, market.commands[row], verdict, (step, ts, order["id"]))
    close_order(world, k, slot, OrderStatus.REJECTED.value, verdict.code, ts)


@lean_kernel
def is_sent_after(market: Market, order: Any, row: int) -> bool:
    """Whether an order was sent after a command: it has not reached the venue when that arrives."""
    if order["command"] >= 0:
        return bool(order["command"] > row)
    return bool(order["signal"] >= 0 and market.signals[order["signal"]]["step"] > market.commands[row]["step"])


@lean_kernel
def withdraw_all(world: World, market: Market, row: int, ts: int) -> None:
    """Cancel every order of a command's instrument that was sent before it: entries, then exits, then placed ones."""
    k = market.commands[row]["instrument"]
    for kind in range(3):
        slot = 0
        while slot < world.positions[k]["n_orders"]:
            order = world.orders[k, slot]
            own = 2 if order["role"] == OrderRole.PLACED else int(order["reduce_only"])
            if own == kind and not is_sent_after(market, order, row):
                cancel_at(world, k, slot, ts)
            else:
                slot += 1


@lean_kernel
def trigger_asked(order: Any, wish: Any) -> int:
    """The trigger price that a change leaves an order of two prices with; others have none beside their own."""
    is_new = wish["trigger_ticks"] > 0 and has_two_prices(order)
    return int(wish["trigger_ticks"] if is_new else order["trigger_ticks"])


@lean_kernel
def judge_change(world: World, market: Market, rules: Rules, slot: int, wish: Any, step: int) -> Verdict:
    """Whether an order may be changed as a command asks; it must be there, and still wait at a price of its own."""
    k = int(wish["instrument"])
    order = world.orders[k, slot]
    if wish["code"] != Code.OK:
        return Verdict(int(wish["code"]), float(wish["observed"]), float(wish["limit"]), 0)
    level = int(wish["level_ticks"] if wish["level_ticks"] > 0 else order["level_ticks"])
    lots = int(wish["lots"] if wish["lots"] > 0 else order["lots"])
    fixed = order["triggered"] or is_unpriced(order["type"])
    if fixed or (order["close_position"] and wish["lots"] > 0):
        return Verdict(Code.NOT_MODIFIABLE.value, float(order["id"]), 0.0, 0)
    if order["changed"] >= MOST_CHANGES:
        return Verdict(Code.CHANGED_TOO_OFTEN.value, float(order["changed"]), float(MOST_CHANGES), 0)
    changed = Proposal(k, int(order["type"]), int(order["side"]), lots, level, bool(order["reduce_only"]))
    finding = filter_shape(world, market, changed)
    verdict = Verdict(finding.code, finding.observed, finding.limit, 0)
    if verdict.code == Code.OK and is_conditional(order["type"]):
        before, fired = order["level_ticks"], order["trigger_ticks"]
        order["level_ticks"] = level
        order["trigger_ticks"] = trigger_asked(order, wish)
        seen = open_seen(market, order, step)
        if is_triggered_at(order, seen):
            verdict = Verdict(Code.WOULD_TRIGGER_AT_ONCE.value, float(own_ticks(order)), float(seen), 0)
        order["level_ticks"] = before
        order["trigger_ticks"] = fired
    if verdict.code == Code.OK and not changed.reduces and (lots > order["lots"] or level > order["level_ticks"]):
        verdict = judge_growth(world, market, rules, order, changed)
    return verdict


@lean_kernel
def judge_growth(world: World, market: Market, rules: Rules, order: Any, changed: Proposal) -> Verdict:
    """Whether the account bears an order as changed; what it asks for now is set aside meanwhile."""
    before = order["reduce_only"]
    order["reduce_only"] = True
    k, lots = changed.instrument, int(changed.lots - order["filled"])
    rest = Proposal(k, changed.type, changed.side, lots, changed.level_ticks, changed.reduces)
    who = int(market.specs[k]["member"])
    own, equity = rules_of(market, rules, who), equity_of(world, market, who)
    verdict = judge_load(world, market, own, rest, equity, int(order["step"]))
    order["reduce_only"] = before
    return verdict


@lean_kernel
def change(world: World, market: Market, slot: int, wish: Any, step: int) -> None:
    """Change an order: it keeps its id; a new price or a greater quantity costs its place in the queue (rule L-7)."""
    k = wish["instrument"]
    order = world.orders[k, slot]
    order["changed"] += 1
    if 0 < wish["lots"] <= order["filled"]:
        close_order(world, k, slot, OrderStatus.CANCELED.value, Code.QUANTITY_DONE.value, market.ts_open[step])
        return
    trigger = trigger_asked(order, wish)
    is_dearer = wish["level_ticks"] > 0 and wish["level_ticks"] != order["level_ticks"]
    is_requeued = is_dearer or wish["lots"] > order["lots"] or trigger != order["trigger_ticks"]
    order["trigger_ticks"] = trigger
    if wish["lots"] > 0:
        order["lots"] = wish["lots"]
    if wish["level_ticks"] > 0:
        order["level_ticks"] = wish["level_ticks"]
    if is_requeued:
        last = queue_last(world, k, slot)
        # It arrives anew, with the command: at this open it may take, or rest, or be refused.
        world.orders[k, last]["status"] = OrderStatus.PENDING.value
        # On a tape orders know the event at which they came, commands do not.
        if wish["step"] < world.orders[k, last]["step"] <= step:
            world.orders[k, last]["step"] = wish["step"]


@lean_kernel
def deliver(world: World, market: Market, rules: Rules, row: int, step: int) -> None:
    """Let a command reach the venue at the open of a step; what it placed is an order of its own by now."""
    wish = market.commands[row]
    if wish["kind"] == CommandKind.PLACE:
        return
    k = wish["instrument"]
    ts = market.ts_open[step]
    if wish["kind"] == CommandKind.CANCEL_ALL:
        withdraw_all(world, market, row, ts)
        return
    slot = find_order(world, k, wish["order_id"], wish["tag"])
    verdict = Verdict(Code.OK.value, 0.0, 0.0, 0)
    if slot == NOWHERE:
        verdict = Verdict(Code.ORDER_UNKNOWN.value, float(wish["order_id"]), float(wish["tag"]), 0)
    elif wish["kind"] == CommandKind.MODIFY:
        verdict = judge_change(world, market, rules, slot, wish, step)
    if verdict.code != Code.OK:
        refuse_command(world, row, wish, verdict, (step, ts, 0))
    elif wish["kind"] == CommandKind.MODIFY:
        change(world, market, slot, wish, step)
    else:
        close_order(world, k, slot, OrderStatus.CANCELED.value, 0, ts)
