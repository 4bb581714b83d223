"""What a venue grants an order: so many changes, and a year."""

from __future__ import annotations

from typing import Any

import pytest

from tradewright.domain.enums import Code, CommandKind, OrderStatus, OrderType, SignalKind, TimeInForce
from tradewright.domain.order_terms import LONGEST_NS
from tradewright.kernels.door import buy, elapse, modify
from tradewright.kernels.records import Market, World
from tradewright.risk.refusals import REASONS, reason_text
from tradewright.testing.markets import slower
from tradewright.testing.tapes import MS, SMALL_BOOK, a_replay, a_tape, a_trade, answers
from tradewright.testing.twin import Twin
from tradewright.testing.worlds import (
    MINUTE,
    Rows,
    a_command,
    a_market,
    a_signal,
    a_world,
    commanded,
    run,
    some_rules,
    trades,
    written,
)

PLACE, MODIFY, CANCEL = CommandKind.PLACE, CommandKind.MODIFY, CommandKind.CANCEL
LIMIT, STOP = OrderType.LIMIT.value, OrderType.STOP_MARKET.value
FLAT: Rows = [(100, 100, 100, 100)] * 8
GTC_EXPIRED = (OrderStatus.CANCELED, Code.GTC_EXPIRED)


def rests(**fields: Any) -> dict[str, Any]:
    """A bid at 90 that nothing reaches, sent at the close of the first bar."""
    return a_command(0, PLACE, **{"tag": 1, "type": LIMIT, "level_ticks": 90} | fields)


def in_fifths(market: Market) -> Market:
    """The market with bars of 73 days, of which five make a year."""
    return slower(market, LONGEST_NS // 5 // MINUTE)


def played(market: Market, **rules: Any) -> World:
    """Run to the end; the slow twin closes the same orders at the same times."""
    world = run(a_world(market), market, some_rules(**rules))
    own = written(world)["closed"]
    twin = Twin(market, some_rules(**rules), 10_000.0).run().books.closed
    names = ("id", "status", "code", "ts_closed")
    assert [tuple(row[name] for name in names) for row in twin] == [row.item() for row in own[list(names)]]
    return world


def closed(world: World) -> list[tuple[int, int]]:
    """(status, code) of every order that is no longer open."""
    return [(int(order["status"]), int(order["code"])) for order in written(world)["closed"]]


@pytest.mark.rule("L-7")
def test_an_order_on_bars_is_changed_ten_thousand_times_at_most() -> None:
    """The last change is taken, the next two are refused with the numbers; to cancel it is free."""
    changes = [a_command(step, MODIFY, tag=1, level_ticks=80 + step) for step in (2, 3, 4)]
    market = commanded(a_market(FLAT), rests(), *changes, a_command(5, CANCEL, tag=1))
    world = run(a_world(market), market, some_rules(), 2)
    world.orders[0, 0]["changed"] = 9_999
    world = run(world, market, some_rules(), 6)

    assert (82, 10_000) == tuple(int(world.orders[0, 0][name]) for name in ("level_ticks", "changed"))
    refused = [line[["code", "observed", "limit"]].item() for line in written(world)["refusals"]]
    assert [(Code.CHANGED_TOO_OFTEN, 10_000.0, 10_000.0)] * 2 == refused
    assert "has been changed 10000 times; the venue allows 10000" in reason_text(*refused[0])
    assert -5026 == REASONS[Code.CHANGED_TOO_OFTEN].venue_code
    assert [(OrderStatus.CANCELED, Code.OK)] == closed(run(world, market, some_rules()))


@pytest.mark.rule("L-7")
def test_changes_that_are_taken_are_counted() -> None:
    """Price, quantity, and one that changes nothing: three; a price off the tick is refused, and none."""
    asked = [{"level_ticks": 91}, {"lots": 3}, {}, {"code": Code.PRICE_OFF_TICK.value}]
    changes = [a_command(step, MODIFY, tag=1, **fields) for step, fields in enumerate(asked, start=1)]
    world = played(commanded(a_market(FLAT), rests(), *changes))

    assert 3 == world.orders[0, 0]["changed"]


@pytest.mark.rule("L-7", "4.12")
def test_an_order_on_a_tape_is_changed_ten_thousand_times_at_most() -> None:
    """The same in a book: the last change is taken, the next leaves the order as it was."""
    replay = a_replay(a_tape(SMALL_BOOK, a_trade(30, 100, 1)))
    ref = buy(replay, 98, 3, TimeInForce.GTC.value)
    elapse(replay, MS)
    replay.world.orders[0, 0]["changed"] = 9_999
    for ticks in (97, 96):
        modify(replay, ref, ticks, 3)
        elapse(replay, MS)

    assert [Code.OK, Code.OK, Code.CHANGED_TOO_OFTEN] == [code for _, _, code, _ in answers(replay)]
    assert (97, 10_000) == tuple(int(replay.world.orders[0, 0][name]) for name in ("level_ticks", "changed"))


@pytest.mark.rule("R-3")
@pytest.mark.parametrize("force", [TimeInForce.GTC, TimeInForce.GTX])
@pytest.mark.parametrize(
    ("reached", "filled", "ended"),
    [(5, [(5, 0, 1, 90, 1)], (OrderStatus.FILLED, Code.OK)), (6, [], GTC_EXPIRED)],
)
def test_what_nobody_ends_ends_after_a_year(
    reached: int, filled: list[Any], ended: tuple[int, int], force: TimeInForce
) -> None:
    """Sent at the first close, with five bars to a year: the fifth after it still fills the bid, the sixth does not."""
    rows = [(100, 100, 80 if step == reached else 100, 100) for step in range(8)]
    world = played(in_fifths(commanded(a_market(rows), rests(time_in_force=force.value))))

    assert filled == trades(world)
    assert [ended] == closed(world)


@pytest.mark.rule("R-3")
def test_a_change_makes_an_order_no_younger_and_its_year_ends_at_a_close() -> None:
    """Changed in the third bar, it ends at the close of the sixth: a year after that of the first."""
    market = in_fifths(commanded(a_market(FLAT), rests(), a_command(2, MODIFY, tag=1, level_ticks=91)))
    world = played(market)

    assert [GTC_EXPIRED] == closed(world)
    assert [market.ts_close[5]] == written(world)["closed"]["ts_closed"].tolist()
    assert LONGEST_NS == market.ts_close[5] - market.ts_close[0]


@pytest.mark.rule("R-3")
def test_a_date_is_kept_whether_it_is_before_the_year_or_after_it() -> None:
    """Good for seven bars it is there after five; an end after two bars is one without a code."""
    dated = rests(time_in_force=TimeInForce.GTD.value, valid_steps=7)
    short = rests(tag=2, valid_steps=2)
    long = rests(tag=3, valid_steps=7)
    world = played(in_fifths(commanded(a_market(FLAT), dated, short, long)))

    assert [(OrderStatus.CANCELED, Code.OK), GTC_EXPIRED, (OrderStatus.CANCELED, Code.OK)] == closed(world)
    assert [2, 3, 1] == written(world)["closed"]["id"].tolist()


@pytest.mark.rule("R-3", "S-11")
def test_entries_and_triggers_end_and_what_a_bracket_closes_with_stays() -> None:
    """A stop at 120 that was placed, and a signal's limit at 90, end; the stop-loss of what is held is there still."""
    waits = a_signal(0, SignalKind.LONG, instrument=1, order_type=LIMIT, entry_ticks=90)
    holds = a_signal(0, SignalKind.LONG, stop_ticks=50)
    market = commanded(a_market(FLAT, FLAT, signals=[holds, waits]), rests(type=STOP, level_ticks=120))
    world = played(in_fifths(market))

    assert [GTC_EXPIRED] * 2 == closed(world)[1:]
    assert [50] == world.orders[0, : world.positions[0]["n_orders"]]["level_ticks"].tolist()
