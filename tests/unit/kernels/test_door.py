"""What a strategy on events may call: time passes, what is seen is what was known, requests go on their way."""

from __future__ import annotations

import pytest

from tradewright.domain.enums import Code, OrderStatus, TimeInForce
from tradewright.domain.tape import TapeSpec
from tradewright.kernels.door import (
    best_ask,
    best_bid,
    buy,
    cancel,
    code_of,
    elapse,
    filled,
    held,
    is_open,
    modify,
    next_message,
    now,
    sell,
    shown_lots,
    ticks_of,
    trail,
)
from tradewright.kernels.replay_records import Replay
from tradewright.testing import tapes
from tradewright.testing.tapes import MS, a_depth, a_tape, a_trade

GTC = TimeInForce.GTC.value
LONG = 10**15


def a_replay(room: int = 4_096, **fields: float) -> Replay:
    """A book at 0 ms and its change at 10 ms, trades at 20 and 40 ms; everything is known here a ms later."""
    tape = a_tape(
        a_depth(0, {99: 5}, {101: 4}), a_depth(10, {99: 0, 98: 7}, {}), a_trade(20, 97, 30, -1), a_trade(40, 101, 1)
    )
    spec = TapeSpec(**{"entry_ms": 2.0, "response_ms": 3.0} | fields)  # type: ignore[arg-type]  # numbers all
    return tapes.a_replay(tape, spec, room=room)


@pytest.mark.rule("T-1", "4.12")
def test_what_is_seen_is_what_was_known() -> None:
    """The book seen at 10 ms is that of before: its change happens then, and is known a millisecond later."""
    replay = a_replay()
    assert elapse(replay, 10 * MS)
    assert (99, 101, 5) == (best_bid(replay), best_ask(replay), shown_lots(replay, 1, 99))
    assert elapse(replay, 1 * MS)
    assert (98, 7) == (best_bid(replay), shown_lots(replay, 1, 98))


def test_without_a_book_there_is_no_price() -> None:
    """Before anything is known the best prices are 0."""
    replay = a_replay()
    assert (0, 0, False) == (best_bid(replay), best_ask(replay), is_open(replay, -1))


def test_next_message_wakes_at_messages_and_reports() -> None:
    """It returns with each message that is known here, and with each report, and after the most that was asked."""
    replay = a_replay()
    stops = []
    buy(replay, 50, 1, GTC)
    while next_message(replay, 8 * MS):
        stops.append(now(replay) // MS)
    # Known at 1; the order's answer at 2 + 3; 8 ms later nothing; then 11, 19, 21, 29, 37; 41 is the last.
    assert [1, 5, 11, 19, 21, 29, 37, 41] == stops


@pytest.mark.rule("T-3", "4.12")
def test_fill_is_known_after_its_way_back() -> None:
    """The trade at 20 ms fills the order; the position is known at 23 ms, not before."""
    replay = a_replay()
    elapse(replay, 5 * MS)
    ref = buy(replay, 99, 3, GTC)
    elapse(replay, 17 * MS)
    assert (0, True, OrderStatus.OPEN) == (held(replay), is_open(replay, ref), replay.tickets[ref]["status"])
    assert (22 * MS, 0) == (now(replay), filled(replay, ref))
    elapse(replay, 1 * MS)
    assert (3, False, OrderStatus.FILLED) == (held(replay), is_open(replay, ref), replay.tickets[ref]["status"])
    assert (23 * MS, 3, Code.OK) == (now(replay), filled(replay, ref), code_of(replay, ref))


def test_why_an_order_was_refused_is_known_with_its_answer() -> None:
    """A post-only order that would take is on its way, then refused; the strategy can ask for the reason."""
    replay = a_replay()
    elapse(replay, 5 * MS)
    ref = buy(replay, 101, 3, TimeInForce.GTX.value)
    assert (True, Code.OK) == (is_open(replay, ref), code_of(replay, ref))
    elapse(replay, 10 * MS)
    assert (False, Code.POST_ONLY_WOULD_TAKE, 0) == (is_open(replay, ref), code_of(replay, ref), filled(replay, ref))


def test_orders_are_changed_and_cancelled() -> None:
    """A change and a cancellation reach the order that they name."""
    replay = a_replay()
    elapse(replay, 5 * MS)
    first, second = buy(replay, 90, 3, GTC), sell(replay, 120, 3, GTC)
    assert modify(replay, first, 91, 4)
    assert cancel(replay, second)
    elapse(replay, 10 * MS)
    assert (91, 4, True) == (ticks_of(replay, first), replay.tickets[first]["lots"], is_open(replay, first))
    assert OrderStatus.CANCELED == replay.tickets[second]["status"]


def test_market_order_has_no_price() -> None:
    """A price of 0 is a market order."""
    replay = a_replay()
    elapse(replay, 5 * MS)
    sell(replay, 0, 2, GTC)
    elapse(replay, LONG)
    assert -2 == held(replay)


def test_no_room_is_said() -> None:
    """Where a log is full, nothing is sent, and the clock's code asks for room."""
    replay = a_replay(1)
    assert [0, -1] == [buy(replay, 90, 1, GTC) for _ in range(2)]
    assert Code.NEED_ROOM == replay.clock[0]["code"]
    assert not elapse(replay, MS)


def test_requests_have_room_of_their_own() -> None:
    """More requests on their way than there is room for: the last is not sent."""
    replay = a_replay(2)
    ref = buy(replay, 90, 1, GTC)
    assert [True, False] == [cancel(replay, ref) for _ in range(2)]
    replay = a_replay(2)
    buy(replay, 90, 1, GTC)
    cancel(replay, 0)
    assert -1 == buy(replay, 91, 1, GTC)


def test_an_order_that_never_was_cannot_be_changed() -> None:
    """What asks for the end or the change of a number nobody gave out has no effect, and is answered by nothing."""
    replay = a_replay()
    elapse(replay, 5 * MS)
    buy(replay, 90, 1, GTC)
    for ref in (-1, 1, 10**6):
        assert cancel(replay, ref)
        assert modify(replay, ref, 91, 2)
        assert (False, 0) == (is_open(replay, ref), ticks_of(replay, ref))
        assert (0, Code.OK) == (filled(replay, ref), code_of(replay, ref))
    elapse(replay, 10 * MS)
    assert is_open(replay, 0)
    assert [0] == [int(row["ref"]) for row in replay.reports[: replay.clock[0]["n_reports"]]]


def test_an_instrument_that_is_not_there_takes_no_order() -> None:
    """Nothing is sent, no room is asked for, and what is asked of it is 0."""
    replay = a_replay()
    elapse(replay, 5 * MS)
    for k in (-1, 1):
        assert -1 == buy(replay, 90, 1, GTC, k)
        assert (0, 0, 0) == (best_bid(replay, k), held(replay, k), shown_lots(replay, 1, 98, k))
    assert (0, 0, Code.OK) == tuple(replay.clock[0][name] for name in ("n_tickets", "n_requests", "code"))


@pytest.mark.rule("4.12")
def test_a_trailing_stop_follows_the_trades() -> None:
    """Of 3 %, from 97 on: trades at 110 bring it to 106.7, and the trade at 105 fires it."""
    book = a_depth(0, {90: 50}, {120: 5})
    tape = a_tape(book, *[a_trade(ms, price, 9) for ms, price in ((10, 97), (20, 110), (30, 107), (40, 105))])
    replay = tapes.a_replay(tape, TapeSpec(entry_ms=0.0, response_ms=0.0))
    elapse(replay, 5 * MS)
    assert 0 == trail(replay, -1, 30, 0, 2, False)
    elapse(replay, 34 * MS)
    assert (True, 0) == (is_open(replay, 0), held(replay))
    elapse(replay, 1 * MS)
    assert (False, -2) == (is_open(replay, 0), held(replay))
