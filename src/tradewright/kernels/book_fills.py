"""Fill an order of a replay: the same margin, position, fees and logs as in a run over bars, and a report of it."""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import Arrival, Code, OrderStatus
from tradewright.kernels.book import FAR
from tradewright.kernels.chance import response_latency
from tradewright.kernels.compiling import lean_kernel, shared_kernel
from tradewright.kernels.execution import is_covered, lots_against, lots_to_fill
from tradewright.kernels.liquidation import liquidate
from tradewright.kernels.margin import liquidation_ticks, total_equity
from tradewright.kernels.orders import close_order
from tradewright.kernels.replay_records import Replay
from tradewright.kernels.settlement import Terms, settle_fill, settle_funding

__all__ = [
    "dismiss",
    "drop",
    "fill",
    "force_out",
    "has_ended",
    "has_log_room",
    "is_due",
    "leave_flat",
    "outdate_others",
    "set_venue_clock",
    "size_closer",
    "tell",
    "terms_at",
]


_SPARE = 80
_OUTDATED = -1
"""Of a liquidation price: a position that stands on the same margin has changed since, or its mark has."""


@lean_kernel
def has_log_room(replay: Replay) -> bool:
    """Whether every log has room for what one event brings about; where not, the clock's code says so for good.

    One event may close what is held and asked of every instrument.
    """
    clock, account = replay.clock[0], replay.world.account[0]
    spare = _SPARE * replay.world.positions.size
    if (
        account["n_fills"] + spare > replay.world.fills.size
        or account["n_closed"] + spare > replay.world.closed.size
        or clock["n_reports"] + spare > replay.reports.size
    ):
        clock["code"] = Code.NEED_ROOM.value
    return bool(clock["code"] == Code.OK)


@lean_kernel
def take_sample(replay: Replay, ts: int) -> None:
    """Write down what the account is worth, once for each sampling time that has passed."""
    clock = replay.clock[0]
    while clock["next_sample"] <= ts and clock["n_samples"] < replay.samples.size:
        equity = total_equity(replay.world, replay.market)
        for k in range(replay.world.positions.size):
            sample = replay.samples[clock["n_samples"]]
            sample["ts"] = clock["next_sample"]
            sample["instrument"] = k
            sample["mark_ticks"] = replay.world.positions[k]["mark_ticks"]
            sample["lots"] = replay.world.positions[k]["lots"]
            sample["equity"] = equity
            clock["n_samples"] += 1
        clock["next_sample"] += replay.around.sample


@lean_kernel
def outdate_others(replay: Replay, k: int) -> None:
    """Something has changed of a position: the liquidation prices of the others are to be found anew."""
    for other in range(replay.world.positions.size):
        if other != k:
            replay.tickers[other]["liquidation_ticks"] = _OUTDATED


@shared_kernel
def find_liquidation(replay: Replay, k: int) -> int:
    """Find the liquidation price of a position, ticks, the others at their marks, and keep it; 0 for none."""
    ticks = liquidation_ticks(replay.world, replay.market, k)
    replay.tickers[k]["liquidation_ticks"] = ticks
    return int(ticks)


@lean_kernel
def is_due(replay: Replay, k: int) -> bool:
    """Whether the mark of a position has reached its liquidation price."""
    position = replay.world.positions[k]
    lots, mark = position["lots"], position["mark_ticks"]
    if lots == 0:
        return False
    level = replay.tickers[k]["liquidation_ticks"]
    if level == _OUTDATED:
        level = find_liquidation(replay, k)
    return bool(level > 0 and (mark <= level if lots > 0 else mark >= level))


@lean_kernel
def has_ended(replay: Replay, k: int) -> bool:
    """Whether the recording of an instrument is over while others go on: what its book would be now, nobody knows."""
    return bool(replay.clock[0]["venue_now"] > replay.tickers[k]["ends"])


@lean_kernel
def no_order(k: int) -> int:
    """The ref of a report that is of an instrument, and of no order."""
    return -1 - k


@shared_kernel
def tell(replay: Replay, ref: int, status: int, code: int, filled: int, ticks: int) -> None:
    """Send a report on its way; reports are known here in the order in which they were sent.

    `ref` is an order's, or of none: `no_order`.
    """
    clock = replay.clock[0]
    k = replay.tickets[ref]["instrument"] if ref >= 0 else -1 - ref
    row = clock["n_reports"]
    known = clock["venue_now"] + response_latency(replay.around, replay.latencies, row, clock["venue_now"])
    if row > 0:
        known = max(known, replay.reports[row - 1]["ts_local"])
    report = replay.reports[row]
    clock["n_reports"] += 1
    report["ts_exchange"] = clock["venue_now"]
    report["ts_local"] = known
    report["instrument"] = k
    report["ref"] = max(ref, -1)
    report["status"] = status
    report["code"] = code
    report["filled"] = filled
    report["ticks"] = ticks
    report["position"] = replay.world.positions[k]["lots"]


@shared_kernel
def dismiss(replay: Replay, k: int, slot: int, status: int, code: int) -> None:
    """Close an order that is open at the venue, and report it."""
    order = replay.world.orders[k, slot]
    ref, filled = order["signal"], order["filled"]
    close_order(replay.world, k, slot, status, code, replay.clock[0]["venue_now"])
    tell(replay, ref, status, code, filled, 0)


@lean_kernel
def drop(replay: Replay, k: int, slot: int, code: int) -> None:
    """Close an order for a reason: rejected where nothing of it was filled, else what is left of it is cancelled."""
    is_new = replay.world.orders[k, slot]["filled"] == 0
    dismiss(replay, k, slot, OrderStatus.REJECTED.value if is_new else OrderStatus.CANCELED.value, code)


@shared_kernel
def drop_closers(replay: Replay, k: int) -> None:
    """Cancel the orders that were to close a position of which nothing is left (rule S-11)."""
    slot, lots = 0, replay.world.positions[k]["lots"]
    while slot < replay.world.positions[k]["n_orders"]:
        order = replay.world.orders[k, slot]
        if order["close_position"] and lots * order["side"] >= 0:
            dismiss(replay, k, slot, OrderStatus.CANCELED.value, Code.OK.value)
        else:
            slot += 1


@lean_kernel
def leave_flat(replay: Replay, k: int, before: int) -> None:
    """Drop what closed a position, if an event or a request has filled something since there were `before` fills."""
    if replay.world.account[0]["n_fills"] > before and replay.world.positions[k]["n_orders"] > 0:
        drop_closers(replay, k)


@lean_kernel
def size_closer(position: Any, order: Any) -> None:
    """What closes a position asks for all that is held now, as it acts."""
    if order["close_position"]:
        order["lots"] = order["filled"] + lots_to_fill(position, order)


@lean_kernel
def terms_at(replay: Replay, ticks: int, reference: int, liquidity: int) -> Terms:
    """Terms of a fill now; `reference` is the price before spread and slippage, or the best price that there was."""
    return Terms(ticks, reference, liquidity, 0, Arrival.AT_OPEN.value, 0, replay.clock[0]["venue_now"])


@lean_kernel
def number_fills(replay: Replay, first: int) -> None:
    """Give the fills from line `first` on the row of the tape; for the rules the present is step 0."""
    for line in range(first, replay.world.account[0]["n_fills"]):
        replay.world.fills[line]["step"] = replay.clock[0]["to_match"]


@lean_kernel
def is_carried(replay: Replay, order: Any, lots: int, terms: Terms) -> bool:
    """Whether the account can carry a fill; what only closes is always carried."""
    world, market, k = replay.world, replay.market, order["instrument"]
    mark = world.positions[k]["mark_ticks"]
    market.open[k, 0] = terms.ticks
    market.mark_open[k, 0] = mark if mark > 0 else terms.ticks
    return lots <= lots_against(world.positions[k], order) or is_covered(world, market, order, lots, terms)


@shared_kernel
def fill(replay: Replay, k: int, slot: int, offered: int, terms: Terms) -> int:
    """Fill an open order as far as `offered` lots go; returns how many it took.

    Reduce-only is clamped to the position now. An order that is done, or that nothing can be done for, leaves its slot.
    """
    world = replay.world
    order = world.orders[k, slot]
    wanted = lots_to_fill(world.positions[k], order)
    if wanted == 0:
        dismiss(replay, k, slot, OrderStatus.CANCELED.value, Code.NOTHING_TO_EXIT.value)
        return 0
    lots = min(wanted, offered)
    if not is_carried(replay, order, lots, terms):
        drop(replay, k, slot, Code.MARGIN_INSUFFICIENT.value)
        return 0
    if world.positions[k]["mark_ticks"] == 0:
        world.positions[k]["mark_ticks"] = terms.ticks
    settle_fill(world, replay.market, order, lots, terms)
    number_fills(replay, world.account[0]["n_fills"] - 1)
    order["filled"] += lots
    order["status"] = OrderStatus.PARTIALLY_FILLED.value
    ref, filled = order["signal"], order["filled"]
    if filled >= order["lots"]:
        order["status"] = OrderStatus.FILLED.value
        close_order(world, k, slot, OrderStatus.FILLED.value, Code.OK.value, terms.ts)
        tell(replay, ref, OrderStatus.FILLED.value, Code.OK.value, filled, terms.ticks)
    else:
        tell(replay, ref, OrderStatus.PARTIALLY_FILLED.value, Code.OK.value, filled, terms.ticks)
    find_liquidation(replay, k)
    outdate_others(replay, k)
    return int(lots)


@lean_kernel
def force_one(replay: Replay, k: int) -> None:
    """Liquidate a position at its mark: the present tick is the bar that the rule is given."""
    world = replay.world
    mark = world.positions[k]["mark_ticks"]
    while world.positions[k]["n_orders"] > 0:
        dismiss(replay, k, 0, OrderStatus.CANCELED.value, Code.OK.value)
    first = world.account[0]["n_fills"]
    liquidate(world, replay.market, k, 0, mark, 0)
    number_fills(replay, first)
    replay.tickers[k]["liquidation_ticks"] = 0
    outdate_others(replay, k)
    tell(replay, no_order(k), OrderStatus.FILLED.value, Code.OK.value, 0, mark)


@shared_kernel
def force_out(replay: Replay, k: int) -> None:
    """Liquidate a position, and then in the order of their rows those that what is left of the account cannot hold."""
    while k >= 0:
        force_one(replay, k)
        k = -1
        for other in range(replay.world.positions.size - 1, -1, -1):
            if is_due(replay, other):
                k = other


@lean_kernel
def be_at(replay: Replay, ts: int) -> None:
    """It is now so late at the venue."""
    replay.clock[0]["venue_now"] = ts
    replay.market.ts_open[0] = ts
    replay.market.ts_close[0] = ts


@lean_kernel
def pay_funding(replay: Replay, ts: int) -> None:
    """Settle the funding that is due up to a time, on positions as they stand, before anything else happens then."""
    world, market, clock = replay.world, replay.market, replay.clock[0]
    while clock["next_funding"] <= ts:
        take_sample(replay, clock["next_funding"] - 1)
        row = world.account[0]["payment"]
        settle_funding(world, market, row)
        world.account[0]["payment"] = row + 1
        clock["next_funding"] = market.funding[row + 1]["ts"] if row + 1 < market.funding.size else FAR
        k = market.funding[row]["instrument"]
        be_at(replay, market.funding[row]["ts"])
        find_liquidation(replay, k)
        outdate_others(replay, k)
        for other in range(world.positions.size):
            if clock["next_funding"] > market.funding[row]["ts"] and is_due(replay, other):
                force_out(replay, other)


@lean_kernel
def set_venue_clock(replay: Replay, ts: int) -> None:
    """Move the venue's clock, past funding and the times of samples; the market's one bar is the present moment."""
    if ts >= replay.clock[0]["next_funding"]:
        pay_funding(replay, ts)
    if ts >= replay.clock[0]["next_sample"]:
        take_sample(replay, ts)
    be_at(replay, ts)
