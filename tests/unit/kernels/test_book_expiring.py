"""Orders on a tape that are good till a date: they end by themselves, at the venue's time, after all else of it."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tradewright.domain.enums import Code, Liquidity, OrderStatus, OrderType, QueueModel, TimeInForce
from tradewright.domain.order_terms import LONGEST_NS
from tradewright.kernels.door import buy, elapse, is_open
from tradewright.testing.tapes import (
    MS,
    SMALL_BOOK,
    Wish,
    a_depth,
    a_replay,
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
GTD = TimeInForce.GTD.value
ENDED = (0, OrderStatus.CANCELED, Code.OK, 0)
A_YEAR, A_DAY = LONGEST_NS / MS, 86_400_000.0

touched = partial(at_once, QueueModel.TOUCH)
"""Any trade at its price fills an order, and nothing takes time."""


@pytest.mark.rule("R-3", "4.12")
@pytest.mark.parametrize(("traded", "filled"), [(9, [(9, 3, 98, MAKER)]), (10, [(10, 3, 98, MAKER)]), (11, [])])
def test_an_order_works_till_its_date_and_no_longer(traded: int, filled: list[Any]) -> None:
    """A bid for 3 at 98 till 10 ms: what trades at 10 fills it still, what trades at 11 does not."""
    replay = played(a_tape(SMALL_BOOK, a_trade(traded, 98, 5, -1)), [wants(1, 1, 98, 3, until=10)], touched())

    assert filled == fills(replay)
    assert [10] * (not filled) == [ended for ended, _ in times(replay)[1:] if not filled]
    assert (ENDED if not filled else (0, OrderStatus.FILLED, Code.OK, 3)) == answers(replay)[-1]


@pytest.mark.rule("R-3")
def test_what_was_filled_of_it_stays() -> None:
    """Two of five traded before the date: the rest is cancelled, with the code of the bars, which is none."""
    replay = played(
        a_tape(SMALL_BOOK, a_trade(5, 98, 2, -1), a_trade(20, 98, 9, -1)), [wants(1, 1, 98, 5, until=10)], touched()
    )

    assert [(5, 2, 98, MAKER)] == fills(replay)
    assert (0, OrderStatus.CANCELED, Code.OK, 2) == answers(replay)[-1]
    closed = replay.world.closed[0]
    assert (10 * MS, 10 * MS, 5, 2) == tuple(
        int(closed[name]) for name in ("ts_closed", "valid_until", "lots", "filled")
    )


@pytest.mark.rule("R-3", "T-3", "4.12")
def test_the_venue_ends_it_at_its_own_time_and_tells_us_a_response_later() -> None:
    """Sent at 1, there at 8, good till 12, known here at 15."""
    replay = played(
        a_tape(SMALL_BOOK, a_trade(30, 100, 1)), [wants(1, 1, 98, 3, until=12)], touched(entry_ms=7.0, response_ms=3.0)
    )

    assert [(8, 11), (12, 15)] == times(replay)
    assert ENDED == answers(replay)[-1]


@pytest.mark.rule("R-3")
@pytest.mark.parametrize("until", [8.0, 7.0, -5.0])
def test_a_date_that_is_past_when_the_order_comes_is_none(until: float) -> None:
    """Sent at 1 it is there at 8: a date of 8 or before has no moment left."""
    replay = played(a_tape(SMALL_BOOK, a_trade(30, 100, 1)), [wants(1, 1, 98, 3, until=until)], touched(entry_ms=7.0))

    assert [(0, OrderStatus.REJECTED, Code.EXPIRY_MISSING, 0)] == answers(replay)


@pytest.mark.rule("R-3")
def test_good_till_a_date_needs_one_and_nothing_else_has_one() -> None:
    """GTD without a time; a time with GTC, IOC, FOK and GTX."""
    tape = a_tape(SMALL_BOOK, a_trade(30, 100, 1))
    without = played(tape, [wants(1, 1, 98, 3, time_in_force=GTD)], touched())
    assert [(0, OrderStatus.REJECTED, Code.EXPIRY_MISSING, 0)] == answers(without)

    for force in (TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK, TimeInForce.GTX):
        other = played(tape, [wants(1, 1, 98, 3, until=10, time_in_force=force.value)], touched())
        assert [(0, OrderStatus.REJECTED, Code.ENTRY_INVALID, 0)] == answers(other)


@pytest.mark.rule("R-3", "L-7")
def test_a_request_that_comes_at_the_date_comes_first() -> None:
    """Moved to 101 at 10 ms it takes 3 there, at the last moment; moved to 97 it ends in that very moment."""
    tape = a_tape(SMALL_BOOK, a_trade(30, 97, 9, -1))
    taken, ended = (
        played(tape, [wants(1, 1, 98, 3, until=10), changes(10, 0, ticks, 3)], touched()) for ticks in (101, 97)
    )

    assert [(10, 3, 101, TAKER)] == fills(taken)
    assert [] == fills(ended)
    assert [(0, OrderStatus.OPEN, Code.OK, 0), ENDED] == answers(ended)[-2:]


@pytest.mark.rule("R-3", "4.12")
def test_time_that_passes_to_the_date_itself_ends_nothing_yet() -> None:
    """At 10 ms an order that is good till then is open still, to be asked for the last time; then it is gone."""
    replay = a_replay(a_tape(SMALL_BOOK, a_trade(10, 98, 2, -1), a_trade(30, 100, 1)), touched())
    ref = buy(replay, 98, 3, GTD, until=10 * MS)
    elapse(replay, 10 * MS)

    assert is_open(replay, ref)
    assert [(10, 2, 98, MAKER)] == fills(replay)
    elapse(replay, 1)
    assert not is_open(replay, ref)
    assert [10, 10] == [happened for happened, _ in times(replay)[1:]]


@pytest.mark.rule("R-3", "L-7")
def test_a_changed_order_keeps_its_date() -> None:
    """Moved at 5 ms to 97, it ends at 10 as it would have."""
    replay = played(
        a_tape(SMALL_BOOK, a_trade(30, 97, 9, -1)), [wants(1, 1, 98, 3, until=10), changes(5, 0, 97, 4)], touched()
    )

    assert [(1, 1), (5, 5), (10, 10)] == times(replay)
    assert ENDED == answers(replay)[-1]


@pytest.mark.rule("R-3", "S-1", "S-8")
@pytest.mark.parametrize(
    "wish",
    [
        wants(1, -1, 95, 3, type=OrderType.STOP_MARKET.value, until=10),
        wants(1, -1, 95, 3, type=OrderType.STOP_MARKET.value, until=10)._replace(by_mark=True),
        wants(1, -1, 95, 3, type=OrderType.STOP_LIMIT.value, trigger=95, until=10),
        trails(1, -1, 50, 0, 3)._replace(until=10),
    ],
)
def test_what_waits_for_a_trigger_ends_too(wish: Wish) -> None:
    """Trades fall from 100 to 95 at 5 ms, or at 20: then the order is gone."""
    assert wish.intent is not None
    wish = wish._replace(intent=wish.intent._replace(time_in_force=GTD))
    down = a_depth(20, {99: 0, 98: 0, 94: 9}, {101: 0, 102: 0, 96: 9})
    late = played(
        a_tape(SMALL_BOOK, a_trade(0, 100, 1), down, a_trade(21, 95, 9, -1), a_trade(22, 95, 9, -1)), [wish], touched()
    )

    assert [] == fills(late)
    assert ENDED == answers(late)[-1]


@pytest.mark.rule("R-3")
def test_a_market_order_that_waits_for_a_price_ends_too() -> None:
    """No book is known, and the next trade comes after its date."""
    replay = played(a_tape(a_trade(0, 100, 1), a_trade(30, 100, 9)), [wants(1, 1, 0, 3, until=10)], touched())

    assert [(0, OrderStatus.OPEN, Code.OK, 0), ENDED] == answers(replay)


@pytest.mark.rule("R-3")
def test_each_order_has_its_own_date() -> None:
    """Till 8, 10, 10 and 12; the first is cancelled at 5, so that nothing happens at 8; of one time the older first."""
    script = [wants(1, 1, 98, 1, until=until) for until in (8, 10, 10, 12)]
    replay = played(a_tape(SMALL_BOOK, a_trade(30, 100, 1)), [*script, wants(2, 1, 97, 1), cancels(5, 0)], touched())

    ended = [ref for ref, status, _, _ in answers(replay) if status == OrderStatus.CANCELED]
    assert [0, 1, 2, 3] == ended
    assert [5, 10, 10, 12] == [ms for ms, _ in times(replay)[5:]]
    assert [4] == replay.world.orders[0, : replay.world.positions[0]["n_orders"]]["signal"].tolist()


@pytest.mark.rule("R-3")
def test_orders_of_two_instruments_end_each_at_its_date() -> None:
    """Of one time the first instrument's end first."""
    tape = a_tape(SMALL_BOOK, of(1, SMALL_BOOK), a_trade(30, 100, 1), of(1, a_trade(30, 100, 1)))
    script = [wants(1, 1, 98, 1, k=1, until=10), wants(1, 1, 98, 1, until=10), wants(1, 1, 98, 1, k=1, until=9)]
    replay = played(tape, script, touched())

    ended = [ref for ref, status, _, _ in answers(replay) if status == OrderStatus.CANCELED]
    assert [2, 1, 0] == ended


@pytest.mark.rule("R-3", "4.12")
def test_what_is_good_beyond_the_tape_is_open_at_its_end() -> None:
    """The tape ends at 30 ms, the order at 50; but a request that comes at 60 finds it gone."""
    tape = a_tape(SMALL_BOOK, a_trade(30, 100, 1))
    still, gone = (
        played(tape, [wants(1, 1, 98, 1, until=50), *more], touched()) for more in ([], [changes(60, 0, 101, 1)])
    )

    assert (1, 30) == (int(still.world.positions[0]["n_orders"]), int(still.clock[0]["venue_now"]) // MS)
    assert [] == fills(gone)
    assert [(1, 1), (50, 50)] == times(gone)


@pytest.mark.rule("R-3", "4.12")
def test_a_strategy_hears_of_the_end() -> None:
    """Good till 10 ms, known here at 13: open at 12, closed at 13, its code none. Without a time it is refused."""
    replay = a_replay(a_tape(SMALL_BOOK, a_trade(30, 100, 1)), touched(response_ms=3.0))
    elapse(replay, 2 * MS)
    dated, plain = buy(replay, 98, 1, GTD, until=10 * MS), buy(replay, 98, 1, GTD)
    seen = []
    for _ in range(12):
        elapse(replay, MS)
        seen.append((int(replay.clock[0]["now"]) // MS, is_open(replay, dated)))

    assert [(12, True), (13, False)] == [row for row in seen if row[0] in (12, 13)]
    assert OrderStatus.CANCELED == replay.tickets[dated]["status"]
    assert (OrderStatus.REJECTED, Code.EXPIRY_MISSING) == tuple(replay.tickets[plain][["status", "code"]].item())


@pytest.mark.rule("R-3")
@pytest.mark.parametrize(
    ("until", "ends"), [(600_001, None), (600_999, None), (601_000, 601_000), (601_999, 601_000), (650_000, 650_000)]
)
def test_a_date_lies_ten_minutes_ahead_in_whole_seconds(until: int, ends: int | None) -> None:
    """There at 1 ms: what is before 600.001 s once its milliseconds are cut off is refused."""
    replay = played(
        a_tape(SMALL_BOOK, a_trade(700_000, 100, 1)), [wants(1, 1, 98, 3, until=until)], touched(gtd_least_s=600.0)
    )

    if ends is None:
        assert [(0, OrderStatus.REJECTED, Code.EXPIRY_TOO_SOON, 0)] == answers(replay)
    else:
        assert [(1, 1), (ends, ends)] == times(replay)
        assert ENDED == answers(replay)[-1]


@pytest.mark.rule("R-3")
def test_a_date_is_held_against_the_time_at_which_the_order_comes() -> None:
    """Sent 601 s before its date it is there 599 s before it; a date that is past is none at all."""
    tape = a_tape(SMALL_BOOK, a_trade(700_000, 100, 1))
    script = [wants(0, 1, 98, 3, until=601_000), wants(0, 1, 98, 3, until=1_000)]
    replay = played(tape, script, touched(entry_ms=2_000.0, gtd_least_s=600.0))

    assert [Code.EXPIRY_TOO_SOON, Code.EXPIRY_MISSING] == [code for _, _, code, _ in answers(replay)]


@pytest.mark.rule("R-3")
@pytest.mark.parametrize("force", [TimeInForce.GTC, TimeInForce.GTX])
def test_what_nobody_ends_ends_after_a_year(force: TimeInForce) -> None:
    """A year later a seller still fills a bid, a millisecond after that none does; a change makes it no younger."""
    fields = {"time_in_force": force.value}
    last = a_trade(A_YEAR + 10, 98, 9, -1)
    filled = played(
        a_tape(SMALL_BOOK, a_trade(A_YEAR + 1, 98, 9, -1), last),
        [wants(1, 1, 98, 3, **fields)],
        touched(sample_ms=A_DAY),
    )
    ended = played(
        a_tape(SMALL_BOOK, a_trade(A_YEAR + 2, 98, 9, -1), last),
        [wants(1, 1, 97, 3, **fields), changes(5, 0, 98, 3)],
        touched(sample_ms=A_DAY),
    )

    assert [3] == [lots for _, lots, _, _ in fills(filled)]
    assert [] == fills(ended)
    assert (0, OrderStatus.CANCELED, Code.GTC_EXPIRED, 0) == answers(ended)[-1]
    assert [LONGEST_NS + MS] == [int(row["ts_exchange"]) for row in ended.reports[2:3]]


@pytest.mark.rule("R-3")
def test_a_date_beyond_a_year_is_kept() -> None:
    """Good till a second after the year: the year alone does not end it."""
    tape = a_tape(SMALL_BOOK, a_trade(A_YEAR + 500, 98, 9, -1), a_trade(A_YEAR + 2_000, 100, 1))
    replay = played(tape, [wants(1, 1, 98, 3, until=A_YEAR + 1_000)], touched(sample_ms=A_DAY))

    assert [3] == [lots for _, lots, _, _ in fills(replay)]
