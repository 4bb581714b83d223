"""What a strategy on events calls, compiled or not: let time pass, look, place, modify, cancel.

A compiled strategy is a function of a replay, decorated with `kernel`. It calls `elapse` or `next_message` until that
says False. Prices are ticks, quantities lots, times ns. `k` is the row of an instrument, in the order of the tape; on a
tape of one nobody needs to name it. `until` is the venue's time (UTC ns) at which a GTD order ends, else 0.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tradewright.domain.enums import Code, OrderStatus, OrderType, RequestKind, TimeInForce, TriggerBy
from tradewright.kernels.book import FAR, lots_at
from tradewright.kernels.book_taking import was_sent
from tradewright.kernels.chance import entry_latency, is_refused
from tradewright.kernels.compiling import apart_kernel, lean_kernel
from tradewright.kernels.replay_records import Replay
from tradewright.kernels.replaying import run_on

__all__ = [
    "Intent",
    "best_ask",
    "best_bid",
    "buy",
    "cancel",
    "code_of",
    "elapse",
    "filled",
    "held",
    "is_open",
    "last_trade",
    "modify",
    "next_message",
    "now",
    "sell",
    "shown_lots",
    "submit",
    "submit_by_mark",
    "submit_closing",
    "submit_trailing",
    "ticks_of",
    "trail",
]


class Intent(NamedTuple):
    """An order that a strategy wants.

    Attributes:
        side: +1 buys, -1 sells.
        type: `domain.enums.OrderType`; a trailing stop is sent by `trail`.
        ticks: limit price, or trigger of what then takes; 0 for a market order.
        trigger: of a stop-limit or take-profit-limit, ticks; else 0.
        lots: > 0.
        time_in_force: `domain.enums.TimeInForce`; GTD needs a time, the `until` of `submit`.
        reduce_only: whether it closes, and never opens.
    """

    side: int
    type: int
    ticks: int
    trigger: int
    lots: int
    time_in_force: int
    reduce_only: bool


@lean_kernel
def elapse(replay: Replay, ns: int) -> bool:
    """Let time pass; False where the tape is at its end."""
    # A number in the code is a type of its own to the compiler: without the detour all of the replay, a minute's work,
    # would be compiled for "False" as well.
    return run_on(replay, replay.clock[0]["now"] + ns, bool(np.int64(0)))


@lean_kernel
def next_message(replay: Replay, most: int) -> bool:
    """Wait for the next message or report, at most so many ns; False where the tape is at its end."""
    return run_on(replay, replay.clock[0]["now"] + most, bool(np.int64(1)))


@lean_kernel
def now(replay: Replay) -> int:
    """The time here, UTC ns; the venue's is the same, though what is known of it is late."""
    return int(replay.clock[0]["now"])


@lean_kernel
def has_row(replay: Replay, k: int) -> bool:
    """Whether there is an instrument in a row: what compiled code reads beyond the last one is not nothing."""
    return bool(0 <= k < replay.tickers.size)


@lean_kernel
def best_bid(replay: Replay, k: int = 0) -> int:
    """Best bid as known here, ticks; 0 where there is none."""
    return int(replay.seen.top[k]["best_bid"]) if has_row(replay, k) else 0


@lean_kernel
def best_ask(replay: Replay, k: int = 0) -> int:
    """Best ask as known here, ticks; 0 where there is none."""
    if not has_row(replay, k):
        return 0
    ticks = replay.seen.top[k]["best_ask"]
    return int(ticks if ticks < FAR else 0)


@lean_kernel
def shown_lots(replay: Replay, side: int, ticks: int, k: int = 0) -> int:
    """Lots bid (+1) or asked (-1) at a price, as known here."""
    return lots_at(replay.seen, k, side, ticks) if has_row(replay, k) else 0


@lean_kernel
def last_trade(replay: Replay, k: int = 0) -> int:
    """Price of the last trade that is known here, ticks; 0 before the first."""
    return int(replay.tickers[k]["seen_trade"]) if has_row(replay, k) else 0


@lean_kernel
def held(replay: Replay, k: int = 0) -> int:
    """Position as known here, signed lots."""
    return int(replay.tickers[k]["position"]) if has_row(replay, k) else 0


@lean_kernel
def is_open(replay: Replay, ref: int) -> bool:
    """Whether an order is on its way or open, as far as is known here; False where none of that ref was sent."""
    if not was_sent(replay, ref):
        return False
    status = replay.tickets[ref]["status"]
    return bool(status in (OrderStatus.PENDING, OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED))


@lean_kernel
def send(replay: Replay, ref: int, kind: int, ticks: int, lots: int) -> bool:
    """Send a request on its way; False where there is no room for it."""
    clock = replay.clock[0]
    row = clock["n_requests"]
    if row >= replay.requests.size or clock["n_pending"] >= replay.pending.size:
        clock["code"] = Code.NEED_ROOM.value
        return False
    entry = entry_latency(replay.around, replay.latencies, row, clock["now"])
    request = replay.requests[row]
    request["ref"] = ref
    request["kind"] = kind
    request["ticks"] = ticks
    request["lots"] = lots
    request["ts_sent"] = clock["now"]
    request["ts_arrival"] = clock["now"] + abs(entry)
    request["refused"] = entry < 0 or is_refused(replay.around, row)
    replay.pending[clock["n_pending"]] = row
    clock["n_pending"] += 1
    clock["n_requests"] += 1
    clock["next_arrival"] = min(clock["next_arrival"], request["ts_arrival"])
    return True


class Way(NamedTuple):
    """What else there is to say of an order.

    Attributes:
        callback: of a trailing stop, permille; else 0.
        trigger_by: `domain.enums.TriggerBy`.
        until: of GTD, the venue's time at which it ends; else 0.
        closes: whether it closes whatever is held when it acts.
    """

    callback: int
    trigger_by: int
    until: int
    closes: bool


@apart_kernel
def post(replay: Replay, intent: Intent, way: Way, k: int) -> int:
    """Send an order; returns its ref, or -1 where there is no room, or no such instrument."""
    clock = replay.clock[0]
    ref = clock["n_tickets"]
    if not has_row(replay, k):
        return -1
    if ref >= replay.tickets.size:
        clock["code"] = Code.NEED_ROOM.value
        return -1
    ticket = replay.tickets[ref]
    ticket["instrument"] = k
    ticket["side"] = intent.side
    ticket["type"] = intent.type
    ticket["ticks"] = intent.ticks
    ticket["trigger"] = intent.trigger
    ticket["lots"] = intent.lots
    ticket["time_in_force"] = intent.time_in_force
    ticket["until"] = way.until
    ticket["callback"] = way.callback
    ticket["trigger_by"] = way.trigger_by
    ticket["reduce_only"] = intent.reduce_only
    ticket["close_position"] = way.closes
    ticket["status"] = OrderStatus.PENDING.value
    ticket["ts_sent"] = clock["now"]
    if not send(replay, ref, RequestKind.PLACE.value, intent.ticks, intent.lots):
        return -1
    clock["n_tickets"] += 1
    return int(ref)


@lean_kernel
def submit(replay: Replay, intent: Intent, k: int = 0, until: int = 0) -> int:
    """Send an order of any kind but a trailing stop; returns its ref, or -1 where there is no room."""
    way = Way(int(np.int64(0)), TriggerBy.LAST.value, int(np.int64(until)), bool(np.int64(0)))
    return post(replay, intent, way, int(np.int64(k)))


@lean_kernel
def submit_by_mark(replay: Replay, intent: Intent, k: int = 0, until: int = 0) -> int:
    """As `submit`, for an order whose trigger watches the mark: the middle of the book, else the last trade."""
    way = Way(int(np.int64(0)), TriggerBy.MARK.value, int(np.int64(until)), bool(np.int64(0)))
    return post(replay, intent, way, int(np.int64(k)))


@lean_kernel
def submit_closing(replay: Replay, side: int, kind: int, ticks: int, trigger_by: int, k: int = 0) -> int:
    """Send an order that closes whatever is held when it acts, and goes when nothing is held any more.

    A stop and a take-profit of this kind are a bracket: what one closes takes the other away.

    Args:
        replay: of the strategy.
        side: that closes: -1 what is held long.
        kind: `domain.enums.OrderType`: MARKET, STOP_MARKET or TAKE_PROFIT_MARKET.
        ticks: its trigger; 0 for a market order.
        trigger_by: `domain.enums.TriggerBy`.
        k: row of the instrument.

    Returns:
        Its ref, or -1 where there is no room.
    """
    intent = Intent(side, kind, ticks, 0, 0, TimeInForce.GTC.value, bool(np.int64(0)))
    way = Way(int(np.int64(0)), int(np.int64(trigger_by)), int(np.int64(0)), bool(np.int64(1)))
    return post(replay, intent, way, int(np.int64(k)))


@lean_kernel
def submit_trailing(replay: Replay, intent: Intent, callback: int, k: int = 0, until: int = 0) -> int:
    """Send a trailing stop; returns its ref, or -1 where there is no room.

    Args:
        replay: of the strategy.
        intent: of type TRAILING_STOP; its `ticks` are the activation, the price from which on it follows; 0: at once.
        callback: how far from the best trade since it is active it fires, permille of the price: 1 to 100.
        k: row of the instrument.
        until: when it ends, with GTD.
    """
    way = Way(int(np.int64(callback)), TriggerBy.LAST.value, int(np.int64(until)), bool(np.int64(0)))
    return post(replay, intent, way, int(np.int64(k)))


@lean_kernel
def trail(replay: Replay, side: int, callback: int, activation: int, lots: int, reduce_only: bool) -> int:
    """As `submit_trailing`, on the first instrument.

    Args:
        replay: of the strategy.
        side: +1 buys, -1 sells.
        callback: how far from the best trade since it is active it fires, permille of the price: 1 to 100.
        activation: price from which on it follows, ticks; 0: at once.
        lots: > 0.
        reduce_only: whether it closes, and never opens.
    """
    intent = Intent(side, OrderType.TRAILING_STOP.value, activation, 0, lots, TimeInForce.GTC.value, reduce_only)
    return submit_trailing(replay, intent, callback)


@lean_kernel
def plain(side: int, ticks: int, lots: int, force: int) -> Intent:
    """A limit order, or a market order where `ticks` is 0."""
    kind = OrderType.LIMIT.value if ticks > 0 else OrderType.MARKET.value
    return Intent(side, kind, ticks, 0, lots, force, False)


@lean_kernel
def buy(replay: Replay, ticks: int, lots: int, force: int, k: int = 0, until: int = 0) -> int:
    """Send a limit order to buy, a market order where `ticks` is 0; returns its ref. `force` is a TimeInForce."""
    return submit(replay, plain(1, ticks, lots, force), k, until)


@lean_kernel
def sell(replay: Replay, ticks: int, lots: int, force: int, k: int = 0, until: int = 0) -> int:
    """Send a limit order to sell, a market order where `ticks` is 0; returns its ref. `force` is a TimeInForce."""
    return submit(replay, plain(-1, ticks, lots, force), k, until)


@lean_kernel
def modify(replay: Replay, ref: int, ticks: int, lots: int) -> bool:
    """Ask for another price and quantity of an order; False where there is no room for the request."""
    return send(replay, ref, RequestKind.MODIFY.value, ticks, lots)


@lean_kernel
def cancel(replay: Replay, ref: int) -> bool:
    """Ask for the end of an order; False where there is no room for the request."""
    return send(replay, ref, RequestKind.CANCEL.value, 0, 0)


@lean_kernel
def ticks_of(replay: Replay, ref: int) -> int:
    """Price that was asked for last of an order, ticks; 0 where none of that ref was sent."""
    return int(replay.tickets[ref]["ticks"]) if was_sent(replay, ref) else 0


@lean_kernel
def filled(replay: Replay, ref: int) -> int:
    """Lots of an order that have filled, as far as is known here; 0 where none of that ref was sent."""
    return int(replay.tickets[ref]["filled"]) if was_sent(replay, ref) else 0


@lean_kernel
def code_of(replay: Replay, ref: int) -> int:
    """Why an order was refused or has ended, `domain.enums.Code`, as known here; 0 where nothing was amiss."""
    return int(replay.tickets[ref]["code"]) if was_sent(replay, ref) else 0
