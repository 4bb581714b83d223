"""Orders as such: placed, changed, cancelled; what arrives when, and what is refused with which numbers."""

from __future__ import annotations

from typing import Any

import pytest

from tradewright.domain.enums import Code, CommandKind, OrderStatus, OrderType, SignalKind
from tradewright.kernels.records import World
from tradewright.testing.worlds import (
    MINUTE,
    Rows,
    a_command,
    a_market,
    a_signal,
    a_spec,
    a_world,
    commanded,
    run,
    some_rules,
    trades,
    written,
)

PLACE, MODIFY, CANCEL, CANCEL_ALL = CommandKind
FLAT: Rows = [(100, 101, 99, 100)] * 6
LIMIT, STOP, TARGET = OrderType.LIMIT.value, OrderType.STOP_MARKET.value, OrderType.TAKE_PROFIT_MARKET.value


def play(*commands: dict[str, Any], rows: Rows = FLAT, **rules: Any) -> World:
    """Run commands over bars, one tick times one lot being worth 0.01."""
    market = commanded(a_market(rows), *commands)
    return run(a_world(market), market, some_rules(**rules))


def closed(world: World) -> list[tuple[int, int]]:
    """(status, code) of every order that is no longer open."""
    return [(int(order["status"]), int(order["code"])) for order in written(world)["closed"]]


def refused(world: World) -> list[tuple[int, float, float]]:
    """(code, observed, limit) of every refusal."""
    return [(int(line["code"]), *(float(line[name]) for name in ("observed", "limit")))
            for line in written(world)["refusals"]]  # fmt: skip


def test_placed_orders_arrive_at_the_next_open_and_several_may_rest() -> None:
    """A ladder of three limits: the market reaches two of them, each fills at its own price as maker."""
    rows: Rows = [(100, 100, 100, 100), (100, 100, 96, 97), (97, 97, 97, 97)]
    ladder = [a_command(0, PLACE, tag=n, type=LIMIT, lots=10 * n, level_ticks=99 - n) for n in (1, 2, 3)]
    world = play(*ladder, rows=rows)

    assert [(1, 0, 1, 98, 10), (1, 0, 1, 97, 20)] == trades(world)
    assert [(3, 30)] == [(o["tag"], o["lots"]) for o in world.orders[0, : world.positions[0]["n_orders"]]]
    assert written(world)["closed"]["command"].tolist() == [0, 1]


@pytest.mark.rule("T-3")
@pytest.mark.parametrize(
    ("latency", "step"), [(0, 1), (1, 2), (MINUTE, 2), (MINUTE + 1, 3)], ids=["none", "1 ns", "a bar", "over a bar"]
)
def test_latency_rounds_up_to_the_next_open(latency: int, step: int) -> None:
    """An order acts at the first open at or after decision plus latency: inside a bar there is no price for it."""
    assert [(step, 0, 1, 100, 1)] == trades(play(a_command(0, PLACE), latency=latency))


@pytest.mark.rule("4.0", "R-5")
def test_cancel_arrives_behind_the_orders_that_the_open_meets() -> None:
    """Until a cancel arrives the order can fill: the open that gaps beyond a limit comes before the cancel."""
    rows: Rows = [(100, 100, 100, 100)] * 2 + [(90, 90, 90, 90)] * 2
    order = a_command(0, PLACE, tag=1, type=LIMIT, level_ticks=95)
    late, early = (play(order, a_command(step, CANCEL, tag=1), rows=rows) for step in (1, 0))

    assert [(2, 0, 1, 95, 1)] == trades(late)
    assert [(Code.ORDER_UNKNOWN, 0.0, 1.0)] == refused(late)
    assert [] == trades(early)
    assert [(OrderStatus.CANCELED, 0)] == closed(early)


def test_commands_of_one_close_arrive_in_the_order_given() -> None:
    """Place, cancel, place with the same tag: the first is gone before the second is there."""
    both = [a_command(0, PLACE, tag=1, type=LIMIT, level_ticks=99), a_command(0, CANCEL, tag=1)]
    world = play(*both, a_command(1, PLACE, tag=1, type=LIMIT, level_ticks=98))

    assert [(OrderStatus.CANCELED, 0)] == closed(world)
    assert 98 == world.orders[0, 0]["level_ticks"]


def test_cancel_all_takes_orders_of_both_doors() -> None:
    """Every open order of the instrument goes: entries, brackets, and orders as such."""
    market = a_market(FLAT, signals=[a_signal(0, SignalKind.LONG, stop_ticks=50)])
    market = commanded(market, a_command(0, PLACE, type=LIMIT, level_ticks=90), a_command(2, CANCEL_ALL))
    world = run(a_world(market), market, some_rules())

    assert 0 == world.positions[0]["n_orders"]
    assert [OrderStatus.FILLED, OrderStatus.CANCELED, OrderStatus.CANCELED] == [status for status, _ in closed(world)]


def test_cancel_all_spares_what_was_sent_after_it() -> None:
    """Cancel all and place anew at one close: the new order was not there yet, and rests."""
    market = commanded(
        a_market(FLAT), a_command(0, PLACE, type=LIMIT, level_ticks=90), a_command(1, CANCEL_ALL),
        a_command(1, PLACE, type=LIMIT, level_ticks=91),
    )  # fmt: skip
    world = run(a_world(market), market, some_rules())

    assert [91] == world.orders[0, : world.positions[0]["n_orders"]]["level_ticks"].tolist()
    assert [(OrderStatus.CANCELED, 0)] == closed(world)


def test_cancel_all_on_its_way_spares_a_signal_given_later() -> None:
    """With a latency of more than a bar the entry of the next close is sent after it, and rests."""
    later = [a_signal(1, SignalKind.LONG, order_type=LIMIT, entry_ticks=90)]
    sooner = [a_signal(0, SignalKind.LONG, order_type=LIMIT, entry_ticks=90)]
    for signals, rest in ((later, 1), (sooner, 0)):
        market = commanded(a_market(FLAT, signals=signals), a_command(0, CANCEL_ALL))
        bar = int(market.ts_close[0] - market.ts_open[0])
        world = run(a_world(market), market, some_rules(latency=bar + 1))
        assert rest == world.positions[0]["n_orders"]


def test_cancel_reaches_an_instrument_that_has_no_bar() -> None:
    """The venue takes cancels and changes while nothing trades."""
    market = a_market(FLAT[:3], [(100, 100, 100, 100), (100, 100, 100, 100), None])
    order = a_command(0, PLACE, instrument=1, tag=1, type=LIMIT, level_ticks=90)
    market = commanded(market, order, a_command(1, CANCEL, instrument=1, tag=1))
    world = run(a_world(market), market, some_rules())

    assert 0 == world.positions[1]["n_orders"]


@pytest.mark.rule("L-7")
def test_modify_keeps_the_id_and_a_new_price_costs_the_place_in_the_queue() -> None:
    """Of two limits at one price, with volume for one, the one that came to the price first fills."""
    rows: Rows = [(100, 100, 100, 100)] * 3 + [(100, 100, 90, 95)]
    first, second = (a_command(0, PLACE, tag=n, type=LIMIT, lots=5, level_ticks=91 + n) for n in (1, 2))
    market = a_market(rows, volumes=[[100, 100, 100, 5]])
    market = commanded(market, first, second, a_command(1, MODIFY, tag=1, level_ticks=93))
    world = run(a_world(market), market, some_rules(participation=1.0))

    assert [2] == written(world)["fills"]["order_id"].tolist()
    assert [(1, 93, 5)] == [(o["id"], o["level_ticks"], o["lots"]) for o in world.orders[0, :1]]


@pytest.mark.rule("L-7")
@pytest.mark.parametrize(("lots", "first"), [(4, 1), (6, 2)], ids=["less keeps it", "more loses it"])
def test_modify_of_the_quantity(lots: int, first: int) -> None:
    """Less of it keeps the place in the queue, more of it does not."""
    rows: Rows = [(100, 100, 100, 100)] * 3 + [(100, 100, 90, 95)]
    two = [a_command(0, PLACE, tag=n, type=LIMIT, lots=5, level_ticks=93) for n in (1, 2)]
    world = play(*two, a_command(1, MODIFY, tag=1, lots=lots), rows=rows)

    assert first == written(world)["fills"]["order_id"][0]
    assert sorted([lots, 5]) == sorted(written(world)["fills"]["lots"].tolist())


@pytest.mark.rule("L-7")
def test_modify_to_no_more_than_is_filled_cancels() -> None:
    """An order of ten that has filled four and is changed to four is done."""
    order = a_command(0, PLACE, tag=1, type=LIMIT, lots=10, level_ticks=100)
    market = a_market(FLAT, volumes=[[100, 4, 0, 0, 0, 0]])
    market = commanded(market, order, a_command(1, MODIFY, tag=1, lots=4))
    world = run(a_world(market), market, some_rules(participation=1.0))

    assert [(OrderStatus.CANCELED, Code.QUANTITY_DONE)] == closed(world)
    assert [(1, 0, 1, 100, 4)] == trades(world)


@pytest.mark.rule("L-7")
def test_modified_limit_that_is_marketable_takes() -> None:
    """Raised above the market, a buyer's limit takes the open."""
    world = play(a_command(0, PLACE, tag=1, type=LIMIT, level_ticks=90), a_command(1, MODIFY, tag=1, level_ticks=105))

    assert [(2, 0, 1, 100, 1)] == trades(world)


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ({"tag": 9, "lots": 2}, (Code.ORDER_UNKNOWN, 0.0, 9.0)),
        ({"order_id": 5, "lots": 2}, (Code.ORDER_UNKNOWN, 5.0, 0.0)),
        ({"tag": 1, "level_ticks": 100}, (Code.WOULD_TRIGGER_AT_ONCE, 100.0, 100.0)),
        ({"tag": 1, "lots": 2_000_000}, (Code.EXPOSURE_EXCEEDED, 2_200_001.0, 1_000_000.0)),
        ({"tag": 1, "code": 66, "observed": 1.5, "limit": 1.0}, (Code.PRICE_OFF_TICK, 1.5, 1.0)),
        ({"tag": 2, "lots": 2}, (Code.NOT_MODIFIABLE, 3.0, 0.0)),
    ],
)
def test_modify_that_cannot_be_is_refused_and_leaves_the_order(
    wish: dict[str, Any], expected: tuple[int, float, float]
) -> None:
    """A refusal with its numbers; the stop order stays as it was."""
    entry = a_command(0, PLACE, lots=1)
    stop = a_command(0, PLACE, tag=1, type=STOP, lots=3, level_ticks=110)
    closer = a_command(0, PLACE, tag=2, type=TARGET, side=-1, level_ticks=120, close_position=True)
    world = play(entry, stop, closer, a_command(1, MODIFY, **wish), max_exposure=100.0)

    assert [expected] == refused(world)
    assert [(3, 110)] == [(o["lots"], o["level_ticks"]) for o in world.orders[0, :1]]


@pytest.mark.rule("R-1")
def test_reduce_only_is_clamped_when_it_fills_and_goes_when_nothing_is_left() -> None:
    """Of two reduce-only sales the first closes what is held, and the second is cancelled, not filled."""
    rows: Rows = [(100, 100, 100, 100)] * 2 + [(100, 110, 100, 110)]
    sale = a_command(0, PLACE, type=LIMIT, side=-1, lots=8, level_ticks=105, reduce_only=True)
    world = play(a_command(0, PLACE, lots=5), sale | {"tag": 1}, sale | {"tag": 2}, rows=rows)

    assert [(1, 0, 1, 100, 5), (2, 0, -1, 105, 5)] == trades(world)
    assert (OrderStatus.CANCELED, Code.NOTHING_TO_EXIT) == closed(world)[-1]
    assert 0 == world.positions[0]["lots"]


@pytest.mark.rule("R-1")
def test_reduce_only_with_nothing_to_reduce_is_rejected_on_arrival() -> None:
    """The venue answers -2022; the log has the numbers and the order's id."""
    world = play(a_command(0, PLACE, side=-1, reduce_only=True))

    assert [(OrderStatus.REJECTED, Code.NOTHING_TO_REDUCE)] == closed(world)
    assert [(Code.NOTHING_TO_REDUCE, 0.0, 0.0)] == refused(world)
    assert [1] == written(world)["refusals"]["order_id"].tolist()


@pytest.mark.rule("S-11")
def test_close_position_closes_whatever_is_held_when_it_acts() -> None:
    """Bought five, then three more: the stop without a quantity sells eight, and its sibling goes with the position."""
    rows: Rows = [(100, 100, 100, 100)] * 4 + [(100, 100, 80, 85)] * 2
    closers = [a_command(0, PLACE, type=kind, side=-1, level_ticks=level, close_position=True)
               for kind, level in ((STOP, 90), (TARGET, 120))]  # fmt: skip
    world = play(a_command(0, PLACE, lots=5), *closers, a_command(2, PLACE, lots=3), rows=rows)

    assert [(1, 0, 1, 100, 5), (3, 0, 1, 100, 3), (4, 0, -1, 90, 8)] == trades(world)
    assert 0 == world.positions[0]["n_orders"]


@pytest.mark.rule("S-11")
def test_close_position_goes_when_the_position_turns() -> None:
    """A sale of more than is held ends the position, and what was to close it."""
    closer = a_command(0, PLACE, type=STOP, side=-1, level_ticks=50, close_position=True)
    world = play(a_command(0, PLACE, lots=5), closer, a_command(2, PLACE, lots=9, side=-1))

    assert -4 == world.positions[0]["lots"]
    assert 0 == world.positions[0]["n_orders"]


def test_orders_as_such_scale_in_and_leave_the_bracket_of_a_signal_alone() -> None:
    """A further purchase keeps the stop of the entry; only the end of the position takes it away."""
    market = a_market(FLAT, signals=[a_signal(0, SignalKind.LONG, stop_ticks=50)])
    market = commanded(market, a_command(1, PLACE, lots=5), a_command(3, PLACE, side=-1, lots=105))
    half, whole = (run(a_world(market), market, some_rules(), stop) for stop in (3, 6))

    assert (105, 1) == (half.positions[0]["lots"], half.positions[0]["n_orders"])
    assert (0, 0) == (whole.positions[0]["lots"], whole.positions[0]["n_orders"])


def test_on_spot_to_sell_is_to_reduce() -> None:
    """A sale of more than is held sells what is held."""
    market = a_market(FLAT, specs=[a_spec(is_perpetual=False, leverage=1.0)])
    market = commanded(market, a_command(0, PLACE, lots=5), a_command(1, PLACE, side=-1, lots=9))

    assert [(1, 0, 1, 100, 5), (2, 0, -1, 100, 5)] == trades(run(a_world(market), market, some_rules()))


@pytest.mark.parametrize(
    ("wish", "rules", "expected"),
    [
        ({"lots": 101}, {"max_exposure": 0.01}, (Code.EXPOSURE_EXCEEDED, 101.0, 100.0)),
        ({"lots": 10_000, "side": -1}, {"max_exposure": 0.5}, (Code.EXPOSURE_EXCEEDED, 10_000.0, 5_000.0)),
        ({"lots": 100_000}, {}, (Code.MARGIN_INSUFFICIENT, 10_005.0, 10_000.0)),
        ({"lots": 1}, {"max_positions": 0}, (Code.TOO_MANY_POSITIONS, 0.0, 0.0)),
        ({"lots": 0}, {}, (Code.QUANTITY_BELOW_MINIMUM, 0.0, 0.01)),
    ],
)
def test_order_that_the_account_cannot_bear_is_refused(
    wish: dict[str, Any], rules: dict[str, Any], expected: tuple[int, float, float]
) -> None:
    """Denied at the close, with the numbers compared; nothing is sent."""
    world = play(a_command(0, PLACE, **wish), **rules)

    assert [expected] == [(code, pytest.approx(seen), pytest.approx(most)) for code, seen, most in refused(world)]
    assert 1 == world.account[0]["next_order_id"]


@pytest.mark.rule("M-5")
def test_gate_counts_what_waits_on_the_same_side() -> None:
    """Ten purchases of 1,000 lots pass, the eleventh is one too many; sales are counted by themselves."""
    ladder = [a_command(0, PLACE, type=LIMIT, lots=1_000, level_ticks=50) for _ in range(11)]
    other = a_command(0, PLACE, type=LIMIT, lots=1_000, level_ticks=200, side=-1)
    world = play(*ladder, other, max_exposure=0.5)

    assert [(Code.EXPOSURE_EXCEEDED, 5_500.0, 5_000.0)] == refused(world)


def test_account_without_equity_places_nothing() -> None:
    """Nothing is left to trade with."""
    market = commanded(a_market(FLAT), a_command(0, PLACE))
    world = run(a_world(market, 0.0), market, some_rules())

    assert [(Code.EQUITY_EXHAUSTED, 0.0, 0.0)] == refused(world)


def test_tag_that_is_in_use_is_refused() -> None:
    """Two open orders cannot answer to one name."""
    twice = [a_command(0, PLACE, tag=4, type=LIMIT, level_ticks=90)] * 2

    assert [(Code.TAG_IN_USE, 4.0, 0.0)] == refused(play(*twice))


def test_conditional_that_would_trigger_on_arrival_is_rejected_with_both_prices() -> None:
    """-2021, with the trigger and the price it met."""
    world = play(a_command(0, PLACE, type=STOP, level_ticks=99))

    assert [(Code.WOULD_TRIGGER_AT_ONCE, 99.0, 100.0)] == refused(world)


@pytest.mark.rule("M-3", "S-12")
def test_conditional_is_asked_for_margin_when_it_triggers() -> None:
    """It is placed without margin, and rejected when it acts and the margin is not there."""
    rows: Rows = [(100, 100, 100, 100)] * 2 + [(100, 110, 100, 110)]
    world = play(a_command(0, PLACE, type=STOP, lots=200_000, level_ticks=105), rows=rows)

    assert [] == refused(world)
    assert [(OrderStatus.REJECTED, Code.MARGIN_INSUFFICIENT)] == closed(world)


def test_leverage_above_the_tier_of_the_size_is_refused() -> None:
    """The tier is that of all that would be held."""
    market = commanded(a_market(FLAT, tiers=((0.0, 0.01, 50.0), (400.0, 0.02, 5.0))), a_command(0, PLACE, lots=500))

    assert [(Code.LEVERAGE_ABOVE_TIER, 10.0, 5.0)] == refused(run(a_world(market), market, some_rules()))


def test_rows_of_orders_grow_as_a_grid_asks_for_it() -> None:
    """Forty limits on an instrument that had room for eight all rest, and nothing is lost on the way."""
    grid = [a_command(n // 10, PLACE, tag=n + 1, type=LIMIT, level_ticks=50 + n) for n in range(40)]
    world = play(*grid)

    assert 40 == world.positions[0]["n_orders"]
    assert list(range(1, 41)) == world.orders[0, :40]["tag"].tolist()


def test_rows_of_orders_end_somewhere_in_words() -> None:
    """From 1,024 places on the gate refuses what no longer fits."""
    grid = [a_command(step, PLACE, type=LIMIT, level_ticks=50) for step in (0, 2)]
    market = commanded(a_market(FLAT[:1] * 4), *grid)
    world = run(a_world(market, room=1_024), market, some_rules(), 2)
    world.orders[0, :] = world.orders[0, 0]
    world.positions[0]["n_orders"] = 1_024

    assert [(Code.NO_ROOM_FOR_ORDERS, 1_024.0, 1_024.0)] == refused(run(world, market, some_rules()))


def test_liquidation_cancels_orders_as_such() -> None:
    """M-9: all open orders go before the position is closed by force."""
    rows: Rows = [(100, 100, 100, 100)] * 2 + [(50, 50, 50, 50)] * 2
    commands = [a_command(0, PLACE, lots=90_000), a_command(0, PLACE, type=LIMIT, level_ticks=10)]
    world = play(*commands, rows=rows)

    assert (1, 0) == (world.account[0]["n_liquidations"], world.positions[0]["n_orders"])


@pytest.mark.rule("R-7")
def test_order_in_the_place_of_a_worked_one_has_nothing_of_it() -> None:
    """Two children of parent 7 have filled and left; a signal's order that takes their place has no parent or tag."""
    market = a_market(FLAT, signals=[a_signal(2, SignalKind.LONG)])
    children = [a_command(0, PLACE, lots=3, tag=9, parent=7), a_command(1, PLACE, side=-1, lots=3, tag=8, parent=7)]
    world = run(a_world(market), commanded(market, *children), some_rules())

    told = [(int(order["parent"]), int(order["tag"])) for order in written(world)["closed"]]
    assert [(7, 9), (7, 8), (0, 0)] == told
