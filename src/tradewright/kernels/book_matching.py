"""At the venue: what a trade or a change of the book does to our orders.

A resting limit fills at its own price, never more than what traded or came to it: of a trade beyond its price as much
as the trade was, of a trade at its price what reaches beyond the queue ahead of it, of the other side of the book as
much as came up to it. Better prices first, and of one price the older order first. Where no book is known, an arriving
order waits for the next trades and takes their prices, as it would the next bar's open.
"""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import Code, EventKind, Liquidity, OrderStatus, OrderType, QueueModel, TimeInForce
from tradewright.kernels.book import FAR, apply_event, depth_within, has_side, is_crossed, lots_at, row_of
from tradewright.kernels.book_fills import (
    dismiss,
    drop,
    fill,
    force_out,
    is_due,
    leave_flat,
    outdate_others,
    set_venue_clock,
    size_closer,
    terms_at,
)
from tradewright.kernels.book_taking import best_for, limit_of, rest_on, rests, settle_in, stands
from tradewright.kernels.compiling import lean_kernel, shared_kernel
from tradewright.kernels.execution import lots_to_fill
from tradewright.kernels.filters import is_conditional
from tradewright.kernels.queueing import ahead_after_change, has_queue, pass_trade
from tradewright.kernels.replay_records import Replay
from tradewright.kernels.slippage import taker_ticks
from tradewright.kernels.touching import has_two_prices, is_marketable, is_triggered_at
from tradewright.kernels.trailing import follow_trade
from tradewright.kernels.triggering import watches_mark

__all__ = ["match_next"]


@lean_kernel
def next_level(replay: Replay, k: int, side: int, price: int, after: int) -> int:
    """The best price of our resting orders that is worse than `after`, and no worse than `price`; 0 for none."""
    best = 0
    for slot in range(replay.world.positions[k]["n_orders"]):
        order = replay.world.orders[k, slot]
        level = order["level_ticks"]
        reached = order["side"] == side and rests(order) and (level - price) * side >= 0
        if reached and (level - after) * side < 0 and (best == 0 or (level - best) * side > 0):
            best = level
    return int(best)


@lean_kernel
def first_level(replay: Replay, k: int, side: int, price: int) -> int:
    """The best price of our resting orders that is no worse than `price`; 0 for none."""
    return next_level(replay, k, side, price, FAR if side > 0 else 0)


@lean_kernel
def next_at(replay: Replay, k: int, side: int, level: int, after: int) -> int:
    """The first slot beyond `after` in which an order of ours rests at a price; -1 for none."""
    for slot in range(after + 1, replay.world.positions[k]["n_orders"]):
        order = replay.world.orders[k, slot]
        if order["side"] == side and order["level_ticks"] == level and rests(order):
            return slot
    return -1


@lean_kernel
def next_waiting(replay: Replay, k: int, after: int) -> int:
    """The first slot beyond `after` in which an order waits for a price; -1 for none."""
    for slot in range(after + 1, replay.world.positions[k]["n_orders"]):
        order = replay.world.orders[k, slot]
        if order["type"] == OrderType.MARKET or (order["type"] == OrderType.LIMIT and not rests(order)):
            return slot
    return -1


@lean_kernel
def lots_by_trade(replay: Replay, order: Any, event: Any, left: int) -> int:
    """Lots of a resting limit that a trade fills; the queue ahead of it moves up."""
    model, ticket = replay.around.queue, replay.tickets[order["signal"]]
    rest = order["lots"] - order["filled"]
    if order["level_ticks"] != event["ticks"]:
        ticket["ahead"] = 0.0
        return int(min(rest, left))
    if model == QueueModel.TOUCH:
        return int(min(rest, left))
    if model == QueueModel.THROUGH or event["side"] == order["side"]:
        return 0
    return pass_trade(ticket, event["lots"], left, rest)


@lean_kernel
def trade_at_level(replay: Replay, event: Any, side: int, level: int, left: int) -> int:
    """Match our resting orders of a price with a trade, oldest first; returns what is left of the trade."""
    k = row_of(event)
    slot = next_at(replay, k, side, level, -1)
    while slot >= 0:
        order = replay.world.orders[k, slot]
        ref = order["signal"]
        lots = lots_by_trade(replay, order, event, left)
        if lots > 0:
            left -= fill(replay, k, slot, lots, terms_at(replay, level, level, Liquidity.MAKER.value))
        slot = next_at(replay, k, side, level, slot if stands(replay, k, slot, ref) else slot - 1)
    return int(left)


@lean_kernel
def fire(order: Any) -> None:
    """A trigger is reached: a limit or a market order arrives."""
    order["type"] = OrderType.LIMIT.value if has_two_prices(order) else OrderType.MARKET.value
    order["triggered"] = True
    order["status"] = OrderStatus.PENDING.value


@lean_kernel
def trigger(replay: Replay, k: int, ticks: int) -> None:
    """Bring to life every order whose trigger a trade reaches; the other trailing stops follow the trade."""
    for slot in range(replay.world.positions[k]["n_orders"]):
        order = replay.world.orders[k, slot]
        if not is_conditional(order["type"]) or watches_mark(order):
            continue
        if is_triggered_at(order, ticks):
            fire(order)
        elif order["type"] == OrderType.TRAILING_STOP:
            follow_trade(order, ticks)


@lean_kernel
def trigger_by_mark(replay: Replay, k: int, mark: int) -> None:
    """Bring to life every order that waits for the mark, oldest first; without a book it waits for the next trade."""
    slot = 0
    while slot < replay.world.positions[k]["n_orders"]:
        order = replay.world.orders[k, slot]
        slot += 1
        if is_conditional(order["type"]) and watches_mark(order) and is_triggered_at(order, mark):
            fire(order)
            if has_side(replay.book, k, -order["side"]):
                settle_in(replay, k, slot - 1)
                slot = 0


@lean_kernel
def settle_waiting(replay: Replay, slot: int, event: Any, left: int) -> int:
    """An order that arrived where no book is known meets a trade: it takes its price or rests; returns what it took."""
    k = row_of(event)
    order = replay.world.orders[k, slot]
    ref, side = order["signal"], order["side"]
    force = replay.tickets[ref]["time_in_force"]
    size_closer(replay.world.positions[k], order)
    if order["type"] == OrderType.LIMIT and not is_marketable(order, event["ticks"]):
        rest_on(replay, k, slot, False)
        return 0
    if force == TimeInForce.GTX:
        drop(replay, k, slot, Code.POST_ONLY_WOULD_TAKE.value)
        return 0
    wanted = lots_to_fill(replay.world.positions[k], order)
    if force == TimeInForce.FOK and left < wanted:
        drop(replay, k, slot, Code.FOK_NOT_WHOLE.value)
        return 0
    if left == 0:
        return 0
    ticks = taker_ticks(replay.market, k, 0, side, min(left, wanted), event["ticks"])
    limit = limit_of(replay, order)
    if (event["ticks"] - limit) * side > 0:
        drop(replay, k, slot, Code.BEYOND_TAKE_BOUND.value)
        return 0
    ticks = min(ticks, limit) if side > 0 else max(ticks, limit)
    took = fill(replay, k, slot, left, terms_at(replay, ticks, event["ticks"], Liquidity.TAKER.value))
    if force == TimeInForce.IOC and stands(replay, k, slot, ref):
        dismiss(replay, k, slot, OrderStatus.CANCELED.value, Code.IOC_EXPIRED.value)
    return took


@shared_kernel
def meet_waiting(replay: Replay, event: Any, left: int) -> None:
    """Let what waits for a price come to the book, oldest first, once the side that it takes from is there.

    Where that is not, a trade gives it a price, and what is `left` of it.
    """
    k = row_of(event)
    slot = next_waiting(replay, k, -1)
    while slot >= 0:
        order = replay.world.orders[k, slot]
        ref = order["signal"]
        if has_side(replay.book, k, -order["side"]):
            settle_in(replay, k, slot)
        elif event["kind"] == EventKind.TRADE:
            left -= settle_waiting(replay, slot, event, left)
        # One that leaves may have taken others of ours with it: begin again; what has been settled does not wait.
        slot = next_waiting(replay, k, slot if stands(replay, k, slot, ref) else -1)


@shared_kernel
def meet_trade(replay: Replay, event: Any) -> None:
    """Match our orders with a public trade: what rests, then what it triggers and what waits for a price."""
    left, k = event["lots"], row_of(event)
    for side in (1, -1):
        level = first_level(replay, k, side, event["ticks"])
        while level > 0:
            left = trade_at_level(replay, event, side, level, left)
            level = next_level(replay, k, side, event["ticks"], level)
    trigger(replay, k, event["ticks"])
    meet_waiting(replay, event, left)


@lean_kernel
def note_change(replay: Replay, k: int, side: int, ticks: int, before: int, after: int) -> None:
    """Tell the orders of ours at a level that it has changed."""
    around = replay.around
    for slot in range(replay.world.positions[k]["n_orders"]):
        order = replay.world.orders[k, slot]
        if order["side"] == side and order["level_ticks"] == ticks and rests(order):
            ticket = replay.tickets[order["signal"]]
            ticket["ahead"] = ahead_after_change(around.queue, around.power, ticket, before, after)
            ticket["traded"] = 0.0


@lean_kernel
def note_best(replay: Replay, k: int) -> None:
    """Nobody stands ahead of an order that is better than the best of its side."""
    for slot in range(replay.world.positions[k]["n_orders"]):
        order = replay.world.orders[k, slot]
        side = order["side"]
        if has_side(replay.book, k, side) and (order["level_ticks"] - best_for(replay.book, k, -side)) * side > 0:
            replay.tickets[order["signal"]]["ahead"] = 0.0


@lean_kernel
def change_book(replay: Replay, event: Any) -> None:
    """Apply a row of depth or a quote to the venue's book; queues of ours follow."""
    side, ticks, k = event["side"], event["ticks"], row_of(event)
    if replay.world.positions[k]["n_orders"] == 0 or not has_queue(replay.around.queue):
        apply_event(replay.book, event)
        return
    before = lots_at(replay.book, k, side, ticks)
    apply_event(replay.book, event)
    if event["kind"] != EventKind.CLEAR:
        note_change(replay, k, side, ticks, before, lots_at(replay.book, k, side, ticks))
    if event["last"]:
        note_best(replay, k)


@lean_kernel
def book_at_level(replay: Replay, k: int, side: int, level: int, used: int) -> int:
    """Fill our resting orders of a price that the book has come up to; returns how much of the book is used now."""
    slot = next_at(replay, k, side, level, -1)
    while slot >= 0:
        order = replay.world.orders[k, slot]
        ref = order["signal"]
        rest = order["lots"] - order["filled"]
        lots = depth_within(replay.book, k, side, level, rest + used) - used
        if lots > 0 and not replay.tickets[ref]["shadowed"]:
            terms = terms_at(replay, level, level, Liquidity.MAKER.value)
            used += fill(replay, k, slot, min(lots, rest), terms)
            replay.tickets[ref]["shadowed"] = True
        slot = next_at(replay, k, side, level, slot if stands(replay, k, slot, ref) else slot - 1)
    return int(used)


@shared_kernel
def meet_book(replay: Replay, k: int) -> None:
    """Fill the resting limits that the other side of the book has come up to, or beyond where it must go beyond.

    What came up to an order fills it once: it fills again only after the book has left it.
    """
    margin = 1 if replay.around.queue == QueueModel.THROUGH else 0
    for side in (1, -1):
        price = best_for(replay.book, k, side) + margin * side
        for slot in range(replay.world.positions[k]["n_orders"]):
            order = replay.world.orders[k, slot]
            if order["side"] == side and (order["level_ticks"] - price) * side < 0:
                replay.tickets[order["signal"]]["shadowed"] = False
        used = 0
        level = first_level(replay, k, side, price)
        while level > 0:
            used = book_at_level(replay, k, side, level, used)
            level = next_level(replay, k, side, price, level)


@lean_kernel
def move_mark(replay: Replay, k: int, trades: bool) -> None:
    """Mark a position at the middle of its book, without one at the last trade; what that has passed acts."""
    top = replay.book.top[k]
    position = replay.world.positions[k]
    before = position["mark_ticks"]
    if top["best_bid"] > 0 and top["best_ask"] < FAR:
        position["mark_ticks"] = (top["best_bid"] + top["best_ask"]) // 2
    elif trades or before == 0:
        position["mark_ticks"] = replay.tickers[k]["last_trade"]
    mark = position["mark_ticks"]
    if position["lots"] != 0:
        if mark != before:
            outdate_others(replay, k)
        if is_due(replay, k):
            force_out(replay, k)
    if position["n_orders"] > 0 and mark > 0:
        trigger_by_mark(replay, k, mark)


@lean_kernel
def match_next(replay: Replay) -> None:
    """Let the next row of the tape happen at the venue."""
    clock = replay.clock[0]
    event = replay.tape[replay.by_exchange[clock["to_match"]]]
    k = row_of(event)
    if event["ts_exchange"] != clock["venue_now"]:
        set_venue_clock(replay, event["ts_exchange"])
    has_orders, before = replay.world.positions[k]["n_orders"] > 0, replay.world.account[0]["n_fills"]
    if event["kind"] == EventKind.TRADE:
        replay.tickers[k]["last_trade"] = event["ticks"]
        replay.market.volume[k, 0] = event["lots"]
        if has_orders:
            meet_trade(replay, event)
    else:
        change_book(replay, event)
        if event["last"] and has_orders:
            meet_book(replay, k)
            meet_waiting(replay, event, 0)
        if event["last"] and is_crossed(replay.book, k):
            clock["n_crossed"] += 1
    if event["last"]:
        move_mark(replay, k, event["kind"] == EventKind.TRADE)
    if has_orders:
        leave_flat(replay, k, before)
    clock["to_match"] += 1
