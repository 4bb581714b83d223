"""Tapes and scripts made by hand: what happens at a venue, and what is asked of it, in a line each.

Times are ms, prices ticks, quantities lots. What is received is received a millisecond after it happened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import (
    Code,
    EventKind,
    Liquidity,
    OrderStatus,
    OrderType,
    QueueModel,
    TimeInForce,
    TriggerBy,
)
from tradewright.domain.tape import TapeSpec
from tradewright.engine.replay import funding_rows, in_time_order, new_replay, the_present
from tradewright.kernels.book import FAR
from tradewright.kernels.door import Intent, cancel, modify, submit, submit_by_mark, submit_closing, submit_trailing
from tradewright.kernels.records import SPEC
from tradewright.kernels.replay_records import LATENCY, Replay
from tradewright.kernels.replaying import run_on
from tradewright.market.events import EVENT
from tradewright.market.tape import Tape, join_tapes, make_tape
from tradewright.testing.worlds import PLAIN_TIERS, a_spec, as_rows, some_rules, the_tiers

__all__ = [
    "MS",
    "SMALL_BOOK",
    "Wish",
    "a_depth",
    "a_gap",
    "a_quote",
    "a_replay",
    "a_tape",
    "a_trade",
    "answers",
    "at_once",
    "cancels",
    "changes",
    "closes",
    "fills",
    "later",
    "of",
    "played",
    "symbol",
    "times",
    "trails",
    "wants",
]

MS = 1_000_000

Message = list[dict[str, Any]]


class Wish(NamedTuple):
    """A request that a script sends at a time of our clock, ms; `until` is the venue's time, ms."""

    ms: float
    kind: str  # place, change or cancel
    ref: int = -1
    intent: Intent | None = None
    ticks: int = 0
    lots: int = 0
    callback: int = 0
    by_mark: bool = False
    k: int = 0
    until: float = 0.0
    closes: bool = False
    """Whatever is held when it acts."""


def later(messages: Sequence[Message], ms: float) -> list[Message]:
    """The same messages so many ms later."""
    by = round(ms * MS)
    return [
        [row | {name: row[name] + by for name in ("ts_exchange", "ts_local")} for row in message]
        for message in messages
    ]


def _row(ms: float, kind: EventKind, side: int, ticks: int, lots: int) -> dict[str, Any]:
    ts = round(ms * MS)
    return {"ts_exchange": ts, "ts_local": ts + MS, "kind": kind, "side": side, "ticks": ticks, "lots": lots}


def a_trade(ms: float, ticks: int, lots: int, side: int = 1) -> Message:
    """A public trade; `side` is its taker's."""
    return [_row(ms, EventKind.TRADE, side, ticks, lots)]


def a_quote(ms: float, bid: tuple[int, int], ask: tuple[int, int]) -> Message:
    """The best bid and ask, each (ticks, lots)."""
    return [_row(ms, EventKind.QUOTE, 1, *bid), _row(ms, EventKind.QUOTE, -1, *ask)]


def a_depth(ms: float, bids: Mapping[int, int], asks: Mapping[int, int]) -> Message:
    """What now stands at some prices: lots by ticks."""
    rows = [_row(ms, EventKind.DEPTH, 1, ticks, lots) for ticks, lots in bids.items()]
    return rows + [_row(ms, EventKind.DEPTH, -1, ticks, lots) for ticks, lots in asks.items()]


SMALL_BOOK = a_depth(0, {99: 5, 98: 9}, {101: 4, 102: 6})
"""A book with two levels on each side, there from the begin."""


def at_once(queue: QueueModel = QueueModel.RISK_AVERSE, **fields: Any) -> TapeSpec:
    """Assumptions under which nothing takes time and any time to come is a date, unless `fields` say otherwise."""
    return TapeSpec(**{"queue": queue, "entry_ms": 0.0, "response_ms": 0.0, "gtd_least_s": 0.0} | fields)


def a_gap(ms: float) -> Message:
    """The book is unknown from now on."""
    return [_row(ms, EventKind.CLEAR, 0, 0, 0)]


def of(k: int, message: Message) -> Message:
    """A message of the instrument in a row; without this it is of the first."""
    return [row | {"instrument": k} for row in message]


def a_tape(*messages: Message) -> Tape:
    """Messages, in order of receipt; of several instruments where `of` says so."""
    rows = 1 + max((row.get("instrument", 0) for message in messages for row in message), default=0)
    if rows == 1:
        return _one_tape(messages)
    parts = [[message for message in messages if message[0].get("instrument", 0) == k] for k in range(rows)]
    return join_tapes({symbol(k): _one_tape(part) for k, part in enumerate(parts)})


def symbol(k: int) -> str:
    """A name for the instrument in a row: A/USDT:USDT, B/USDT:USDT and so on."""
    return f"{chr(ord('A') + k)}/USDT:USDT"


def _one_tape(messages: Sequence[Message]) -> Tape:
    events = np.zeros(sum(map(len, messages)), EVENT)
    rows = [
        row | {"instrument": 0, "sequence": number, "last": place == len(message) - 1}
        for number, message in enumerate(messages, start=1)
        for place, row in enumerate(message)
    ]
    for name in EVENT.names or ():
        events[name] = [row[name] for row in rows]
    return make_tape(events)


def wants(ms: float, side: int, ticks: int, lots: int, *, k: int = 0, **fields: Any) -> Wish:
    """An order: a limit at a price, a market order at 0; `fields` of Intent say otherwise. `k` is its instrument.

    With `until`, ms, it is good till that time.
    """
    until = float(fields.pop("until", 0.0))
    kind = OrderType.LIMIT if ticks else OrderType.MARKET
    force = TimeInForce.GTD if until else TimeInForce.GTC
    plain = Intent(side, kind.value, ticks, 0, lots, force.value, False)
    return Wish(ms, "place", intent=plain._replace(**fields), k=k, until=until)


def trails(ms: float, side: int, callback: int, activation: int, lots: int, *, reduce_only: bool = False) -> Wish:
    """A trailing stop."""
    force = TimeInForce.GTC.value
    intent = Intent(side, OrderType.TRAILING_STOP.value, activation, 0, lots, force, reduce_only)
    return Wish(ms, "place", intent=intent, callback=callback)


def closes(ms: float, side: int, kind: OrderType, ticks: int = 0, *, by_mark: bool = False, k: int = 0) -> Wish:
    """An order that closes whatever is held when it acts."""
    intent = Intent(side, kind.value, ticks, 0, 0, TimeInForce.GTC.value, False)
    return Wish(ms, "place", intent=intent, by_mark=by_mark, k=k, closes=True)


def changes(ms: float, ref: int, ticks: int, lots: int) -> Wish:
    """A modification of the order that was wanted as number `ref`, from 0."""
    return Wish(ms, "change", ref, ticks=ticks, lots=lots)


def cancels(ms: float, ref: int) -> Wish:
    """A cancellation."""
    return Wish(ms, "cancel", ref)


def a_replay(
    tape: Tape,
    spec: TapeSpec | None = None,
    *,
    latencies: NDArray[np.void] | None = None,
    room: int = 4_096,
    fees: Sequence[tuple[float, float, float]] = (),
    **fields: Any,
) -> Replay:
    """The begin of a replay. Without a spec nothing takes time.

    `fields` are of `records.SPEC`, and `funding`: (ms, rate) of each payment. Of a tape of several instruments they are
    those of all; `others` holds what is different of the second and of those behind it.
    """
    others = fields.pop("others", [{} for _ in tape.windows[1:]])
    terms = [fields, *[fields | own for own in others]]
    rows = [_payments(own.pop("funding", ()), tape, k) for k, own in enumerate(terms)]
    table = as_rows(SPEC, [a_spec(**({"tier_stop": 1} | own)) for own in terms])
    schedule = in_time_order(rows)
    market = the_present(table, the_tiers(PLAIN_TIERS), np.array(fees, np.float64).reshape(-1, 3), schedule)
    recorded = np.zeros(0, LATENCY) if latencies is None else latencies
    return new_replay(tape, market, some_rules(), spec or at_once(), recorded, room)


def _payments(payments: Sequence[tuple[float, float]], tape: Tape, k: int) -> NDArray[np.void]:
    ts = np.array([round(ms * MS) for ms, _ in payments], np.int64)
    return funding_rows((ts, np.array([rate for _, rate in payments])), tape, k)


def played(tape: Tape, script: Sequence[Wish], spec: TapeSpec | None = None, **terms: Any) -> Replay:
    """Replay a tape for a script; `terms` as in `a_replay`.

    A request is sent after everything that is known here at its time.
    """
    replay = a_replay(tape, spec, **terms)
    for wish in script:
        run_on(replay, round(wish.ms * MS), False)
        until = round(wish.until * MS)
        if wish.intent is not None and wish.intent.type == OrderType.TRAILING_STOP:
            submit_trailing(replay, wish.intent, wish.callback, wish.k, until)
        elif wish.intent is not None and wish.closes:
            by = TriggerBy.MARK if wish.by_mark else TriggerBy.LAST
            submit_closing(replay, wish.intent.side, wish.intent.type, wish.intent.ticks, by.value, wish.k)
        elif wish.intent is not None:
            (submit_by_mark if wish.by_mark else submit)(replay, wish.intent, wish.k, until)
        elif wish.kind == "change":
            modify(replay, wish.ref, wish.ticks, wish.lots)
        else:
            cancel(replay, wish.ref)
    run_on(replay, FAR - 1, False)
    return replay


def fills(replay: Replay) -> list[tuple[int, int, int, Liquidity]]:
    """Time in ms, signed lots, ticks and liquidity of each fill."""
    log = replay.world.fills[: replay.world.account[0]["n_fills"]]
    return [(int(f["ts"]) // MS, int(f["side"] * f["lots"]), int(f["ticks"]), Liquidity(f["liquidity"])) for f in log]


def answers(replay: Replay) -> list[tuple[int, OrderStatus, Code, int]]:
    """Ref, status, code and lots filled of each report."""
    log = replay.reports[: replay.clock[0]["n_reports"]]
    return [(int(r["ref"]), OrderStatus(r["status"]), Code(r["code"]), int(r["filled"])) for r in log]


def times(replay: Replay) -> list[tuple[int, int]]:
    """When each report happened and when it was known here, ms."""
    log = replay.reports[: replay.clock[0]["n_reports"]]
    return [(int(r["ts_exchange"]) // MS, int(r["ts_local"]) // MS) for r in log]
