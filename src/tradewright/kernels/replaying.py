"""Replay a tape with two clocks: what happens at the venue, and what of it is known here.

At one time: events of the tape happen, then requests of ours arrive, then orders end that are good till then, then what
is known here is shown, then reports. With the last that happens at the venue no order ends by itself.
"""

from __future__ import annotations

from tradewright.domain.enums import EventKind
from tradewright.kernels.book import FAR, apply_event, row_of
from tradewright.kernels.book_arrivals import receive
from tradewright.kernels.book_expiring import expire_next
from tradewright.kernels.book_fills import has_log_room
from tradewright.kernels.book_matching import match_next
from tradewright.kernels.compiling import apart_kernel, lean_kernel
from tradewright.kernels.replay_records import Replay

__all__ = ["run_on"]


@lean_kernel
def show(replay: Replay) -> bool:
    """Let the next event of the tape be known here; returns whether its message is whole."""
    clock = replay.clock[0]
    event = replay.tape[clock["to_show"]]
    clock["to_show"] += 1
    if event["kind"] == EventKind.TRADE:
        ticker = replay.tickers[row_of(event)]
        ticker["seen_trade"] = event["ticks"]
        ticker["seen_trade_lots"] = event["lots"] * event["side"]
        ticker["seen_trades"] += 1
    else:
        apply_event(replay.seen, event)
    return bool(event["last"])


@lean_kernel
def hear(replay: Replay) -> None:
    """Let the next report be known here."""
    clock = replay.clock[0]
    report = replay.reports[clock["to_tell"]]
    clock["to_tell"] += 1
    replay.tickers[report["instrument"]]["position"] = report["position"]
    if report["ref"] >= 0:
        ticket = replay.tickets[report["ref"]]
        ticket["status"] = report["status"]
        ticket["code"] = report["code"]
        ticket["filled"] = report["filled"]


@apart_kernel
def run_on(replay: Replay, until: int, wakes: bool) -> bool:
    """Run until our clock says `until`; with `wakes` only to the next message that is known here, if that is sooner.

    Returns:
        Whether there is more to come. False also where a log is full: then the clock's code is NEED_ROOM, and the
        replay is to be run again from its begin, with more room.
    """
    clock = replay.clock[0]
    rows = replay.tape.size
    while True:
        matched, shown = clock["to_match"], clock["to_show"]
        at_venue = replay.tape[replay.by_exchange[matched]]["ts_exchange"] if matched < rows else FAR
        here = replay.tape[shown]["ts_local"] if shown < rows else FAR
        told = replay.reports[clock["to_tell"]]["ts_local"] if clock["to_tell"] < clock["n_reports"] else FAR
        arrival = clock["next_arrival"]
        # What may still be asked for at `until` arrives before anything ends there.
        is_next = clock["next_expiry"] < until and min(at_venue, arrival) < FAR
        ends = clock["next_expiry"] if is_next else FAR
        now = min(at_venue, arrival, ends, here, told)
        if now > until or now == FAR:
            break
        if now in (at_venue, arrival, ends):
            if not has_log_room(replay):
                return False
            if at_venue == now:
                match_next(replay)
            elif arrival == now:
                receive(replay)
            else:
                expire_next(replay)
            continue
        clock["now"] = max(clock["now"], now)
        whole = True
        if here == now:
            whole = show(replay)
        else:
            hear(replay)
        if wakes and whole:
            return True
    clock["now"] = max(clock["now"], until)
    return bool(clock["to_show"] < rows)
