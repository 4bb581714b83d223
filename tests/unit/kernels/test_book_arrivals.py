"""Requests reach the venue, and what the venue says to them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tradewright.domain.enums import (
    Code,
    LatencyModel,
    Liquidity,
    OrderStatus,
    OrderType,
)
from tradewright.domain.enums import TimeInForce as Force
from tradewright.kernels.replay_records import LATENCY
from tradewright.testing.tapes import (
    SMALL_BOOK,
    a_depth,
    a_tape,
    a_trade,
    answers,
    at_once,
    cancels,
    changes,
    fills,
    of,
    played,
    times,
    trails,
    wants,
)

MAKER, TAKER = Liquidity.MAKER, Liquidity.TAKER


@pytest.mark.rule("T-3", "L-6", "4.12")
def test_no_fill_before_arrival() -> None:
    """A request is on its way for 7 ms: what trades meanwhile fills nothing, and it takes from the later book."""
    tape = a_tape(SMALL_BOOK, a_trade(5, 90, 9, -1), a_depth(6, {}, {101: 0}), a_trade(9, 90, 9, -1))
    replay = played(tape, [wants(1, 1, 99, 3), wants(1, 1, 0, 2)], at_once(entry_ms=7.0))
    assert [(8, 2, 102, TAKER), (9, 3, 99, MAKER)] == fills(replay)


@pytest.mark.rule("4.12")
def test_answers_take_their_way_and_do_not_overtake() -> None:
    """What happened is known here a response later, in the order in which it was told."""
    tape = a_tape(SMALL_BOOK, a_trade(20, 99, 1))
    replay = played(tape, [wants(1, 1, 0, 2), wants(2, 1, 98, 1)], at_once(entry_ms=2.0, response_ms=3.0))
    assert [(3, 6), (3, 6), (4, 7)] == times(replay)


@pytest.mark.rule("4.12")
def test_late_cancel_does_not_undo_a_fill() -> None:
    """An order can fill while its cancellation is on the way; the cancellation then has no effect."""
    tape = a_tape(SMALL_BOOK, a_trade(5, 98, 9, -1), a_trade(20, 99, 1))
    replay = played(tape, [wants(1, 1, 99, 3), cancels(4, 0)], at_once(entry_ms=2.0))
    assert (0, OrderStatus.FILLED, Code.OK, 3) == answers(replay)[-1]


@pytest.mark.rule("L-7")
def test_modified_order_goes_behind() -> None:
    """Three of four ahead have traded: who asks for more stands behind all again, who asks for less stays."""
    tape = a_tape(SMALL_BOOK, a_trade(3, 101, 3, 1), a_trade(9, 101, 4, 1))
    stays = fills(played(tape, [wants(1, -1, 101, 3)], at_once()))
    less = fills(played(tape, [wants(1, -1, 101, 3), changes(5, 0, 101, 2)], at_once()))
    more = fills(played(tape, [wants(1, -1, 101, 3), changes(5, 0, 101, 4)], at_once()))
    assert ([(9, -3, 101, MAKER)], [(9, -2, 101, MAKER)], []) == (stays, less, more)


@pytest.mark.rule("L-7")
@pytest.mark.parametrize(
    ("change", "last"),
    [
        ((101, 2), (0, OrderStatus.CANCELED, Code.QUANTITY_DONE, 2)),
        ((103, 9), (0, OrderStatus.CANCELED, Code.POST_ONLY_WOULD_TAKE, 2)),
        ((97, 9), (0, OrderStatus.PARTIALLY_FILLED, Code.OK, 2)),
    ],
)
def test_modification(change: tuple[int, int], last: tuple[int, OrderStatus, Code, int]) -> None:
    """No more than is filled cancels it; post-only that would take is cancelled; else it works on at its new price."""
    tape = a_tape(SMALL_BOOK, a_trade(3, 98, 2, -1), a_trade(20, 100, 1))
    script = [wants(1, 1, 99, 5, time_in_force=Force.GTX.value), changes(5, 0, *change)]
    assert last == answers(played(tape, script, at_once()))[-1]


def test_change_that_the_venue_would_not_take_leaves_the_order_as_it_was() -> None:
    """The minimums hold for a change as for a new order."""
    tape = a_tape(SMALL_BOOK, a_trade(20, 100, 1))
    replay = played(tape, [wants(1, 1, 99, 5), changes(5, 0, 99, 1)], at_once(), min_lots=2)
    assert (0, OrderStatus.OPEN, Code.QUANTITY_BELOW_MINIMUM, 0) == answers(replay)[-1]
    assert 5 == replay.world.orders[0, 0]["lots"]


@pytest.mark.rule("4.12")
def test_busy_venue_refuses() -> None:
    """A refused order is rejected; a refused change leaves the order as it was, and says so."""
    busy = played(a_tape(SMALL_BOOK), [wants(1, 1, 99, 5)], at_once(refusal=1.0))
    assert [(0, OrderStatus.REJECTED, Code.VENUE_BUSY, 0)] == answers(busy)
    rows = np.array([(0, 0, 0), (2_000_000, -1, 0)], LATENCY)
    script = [wants(1, 1, 99, 5), cancels(3, 0)]
    replay = played(
        a_tape(SMALL_BOOK, a_trade(9, 100, 1)), script, at_once(latency=LatencyModel.RECORDED), latencies=rows
    )
    assert (0, OrderStatus.OPEN, Code.VENUE_BUSY, 0) == answers(replay)[-1]


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ({"lots": 1}, Code.QUANTITY_BELOW_MINIMUM),
        ({"lots": 2, "ticks": 40}, Code.NOTIONAL_BELOW_MINIMUM),
        ({"ticks": -1, "type": OrderType.LIMIT.value}, Code.ENTRY_INVALID),
        ({"reduce_only": True}, Code.NOTHING_TO_REDUCE),
    ],
)
def test_filters_and_limits_of_the_venue(order: dict[str, Any], code: Code) -> None:
    """The minimums that hold for bars hold here; what only closes needs something to close."""
    fields = {"ticks": 99, "lots": 5} | order
    replay = played(a_tape(SMALL_BOOK), [wants(1, 1, **fields)], at_once(), min_lots=2, min_notional=1.0)
    assert [(0, OrderStatus.REJECTED, code, 0)] == answers(replay)


@pytest.mark.rule("R-3")
@pytest.mark.parametrize(
    "order",
    [
        {"time_in_force": 5},
        {"time_in_force": 99},
        {"time_in_force": -1},
        {"type": 7},
        {"type": 99},
        {"type": -1},
        {"side": 0},
        {"side": 2},
    ],
)
def test_a_senseless_order_is_refused(order: dict[str, int]) -> None:
    """A time in force, a kind or a side that there is not. Nothing of it rests."""
    plain = wants(1, 1, 99, 2)
    assert plain.intent is not None
    wish = plain._replace(intent=plain.intent._replace(**order))
    replay = played(a_tape(SMALL_BOOK, a_trade(9, 98, 9, -1)), [wish], at_once())

    assert [(0, OrderStatus.REJECTED, Code.ENTRY_INVALID, 0)] == answers(replay)
    assert [] == fills(replay)


@pytest.mark.rule("R-2", "R-3")
@pytest.mark.parametrize(
    ("order", "code"),
    [
        ({"type": OrderType.STOP_LIMIT.value}, Code.TRIGGER_MISSING),
        ({"type": OrderType.TAKE_PROFIT_LIMIT.value}, Code.TRIGGER_MISSING),
        ({"type": OrderType.STOP_MARKET.value, "time_in_force": Force.GTX.value}, Code.POST_ONLY_NEEDS_LIMIT),
        ({"type": OrderType.MARKET.value, "time_in_force": Force.GTX.value}, Code.POST_ONLY_NEEDS_LIMIT),
    ],
)
def test_what_does_not_go_together_is_refused_as_on_bars(order: dict[str, int], code: Code) -> None:
    """Two prices need a trigger, post-only needs a limit: the rules of commands, by their names."""
    replay = played(a_tape(SMALL_BOOK), [wants(1, 1, 103, 2, **order)], at_once())

    assert [(0, OrderStatus.REJECTED, code, 0)] == answers(replay)


@pytest.mark.rule("M-3")
def test_a_market_order_before_the_first_price_is_refused() -> None:
    """What it would cost is not known: bids alone tell a buyer nothing. After the first trade it is taken."""
    tape = a_tape(a_depth(5, {99: 9}, {}), a_trade(20, 100, 9), a_trade(30, 100, 9))
    script = [wants(0, 1, 0, 2), wants(10, 1, 0, 2), wants(25, 1, 0, 2)]
    replay = played(tape, script, at_once())

    refused = (OrderStatus.REJECTED, Code.NO_PRICE_YET, 0)
    assert [(0, *refused), (1, *refused), (2, OrderStatus.OPEN, Code.OK, 0)] == answers(replay)[:3]
    assert [(30, 2, 100, TAKER)] == fills(replay)


@pytest.mark.rule("M-3")
@pytest.mark.parametrize(("lots", "code"), [(9, Code.OK), (10, Code.MARGIN_INSUFFICIENT)])
def test_before_the_first_price_a_market_order_counts_at_what_it_would_take(lots: int, code: Code) -> None:
    """Asks alone at 100: 10 quote carry nine lots, not ten and the venue's little more; nothing passes as worth 0."""
    replay = played(a_tape(a_depth(0, {}, {100: 50})), [wants(1, 1, 0, lots)], at_once(balance=10.0), leverage=1.0)

    assert (0, code) == answers(replay)[0][::2]
    assert [(1, lots, 100, TAKER)] * (code == Code.OK) == fills(replay)


@pytest.mark.rule("M-3", "S-8")
def test_a_trailing_stop_before_the_first_price_needs_an_activation_or_only_reduces() -> None:
    """What it would open at is known with its activation alone; what only reduces has nothing to reduce yet."""
    script = [trails(1, 1, 10, 0, 2), trails(1, 1, 10, 90, 2), trails(1, -1, 10, 0, 2, reduce_only=True)]
    replay = played(a_tape(a_depth(0, {99: 9}, {}), a_trade(9, 100, 1)), script, at_once())

    assert [Code.NO_PRICE_YET, Code.OK, Code.NOTHING_TO_REDUCE] == [code for _, _, code, _ in answers(replay)]


def both(*messages: Any) -> list[Any]:
    """Each message, of both instruments."""
    return [of(k, message) for message in messages for k in (0, 1)]


@pytest.mark.rule("T-3", "4.12")
def test_where_the_recording_is_over_nothing_fills_while_others_go_on() -> None:
    """The first instrument's last event is at 10 ms. What comes at 10 fills; what comes later, or is changed, waits."""
    tape = a_tape(*both(SMALL_BOOK, a_trade(10, 100, 1)), of(1, a_trade(50, 100, 1)))
    script = [
        wants(1, 1, 98, 1),
        wants(10, 1, 0, 1),
        wants(11, 1, 0, 1),
        wants(12, 1, 101, 1, time_in_force=Force.IOC.value),
        changes(13, 0, 101, 1),
        wants(14, 1, 0, 1, k=1),
        cancels(15, 2),
    ]
    replay = played(tape, script, at_once())

    assert [(10, 1, 101, TAKER), (14, 1, 101, TAKER)] == fills(replay)
    assert [0, 3] == sorted(replay.world.orders[0, : replay.world.positions[0]["n_orders"]]["signal"].tolist())
    assert [2, 0] == replay.tickers["n_late"].tolist()


@pytest.mark.rule("4.12")
def test_what_ends_last_trades_to_the_end_and_beyond_it() -> None:
    """Of one instrument, and of those that end with the tape, the last book holds for what is on its way."""
    tape = a_tape(*both(SMALL_BOOK, a_trade(10, 100, 1)))
    replay = played(tape, [wants(11, 1, 0, 1), wants(12, 1, 0, 1, k=1)], at_once())

    assert [(11, 1, 101, TAKER), (12, 1, 101, TAKER)] == fills(replay)


def test_only_so_many_orders_are_open() -> None:
    """The venue takes no more orders than there are places for."""
    replay = played(a_tape(SMALL_BOOK), [wants(1, 1, 50, 1) for _ in range(40)], at_once())
    refused = [code for _, status, code, _ in answers(replay) if status == OrderStatus.REJECTED]
    assert {Code.NO_ROOM_FOR_ORDERS} == set(refused)
    assert 32 == replay.world.positions[0]["n_orders"]


@pytest.mark.rule("4.12")
def test_faster_request_arrives_first() -> None:
    """Requests may overtake each other: the one sent at 2 ms is there at 2 ms, the one of 1 ms at 6."""
    rows = np.array([(0, 10_000_000, 0), (2_000_000, 0, 0)], LATENCY)
    script = [wants(1, 1, 99, 5), wants(2, 1, 98, 5), cancels(3, 1)]
    replay = played(
        a_tape(SMALL_BOOK, a_trade(9, 100, 1)), script, at_once(latency=LatencyModel.RECORDED), latencies=rows
    )
    refs = [(ref, status) for ref, status, _, _ in answers(replay)]
    assert [(1, OrderStatus.OPEN), (1, OrderStatus.CANCELED), (0, OrderStatus.OPEN)] == refs


@pytest.mark.rule("L-7", "S-5")
def test_changed_trigger_is_judged_by_the_last_trade_and_not_by_that_of_its_order() -> None:
    """A buy-stop at 110 was sent while 100 traded; at 105 its trigger cannot become 103, which is passed already."""
    tape = a_tape(SMALL_BOOK, a_trade(1, 100, 1), a_trade(5, 105, 1), a_trade(9, 105, 1))
    stop = wants(2, 1, 110, 3, type=OrderType.STOP_MARKET.value)
    replay = played(tape, [stop, changes(6, 0, 103, 3)], at_once())

    assert [(0, OrderStatus.OPEN, Code.OK, 0), (0, OrderStatus.OPEN, Code.WOULD_TRIGGER_AT_ONCE, 0)] == answers(replay)
    assert [110] == replay.world.orders[0, :1]["level_ticks"].tolist()
