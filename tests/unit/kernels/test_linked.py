"""Orders that a strategy has linked: one cancels the other (OCO), by as much as it has got."""

from __future__ import annotations

from typing import Any

import pytest

from tradewright.domain.enums import CommandKind, OrderStatus, OrderType
from tradewright.kernels.records import World
from tradewright.testing.worlds import a_command, a_market, a_world, commanded, run, some_rules, trades, written

FLAT = (100, 100, 100, 100)
PLACE = CommandKind.PLACE
LIMIT, STOP = OrderType.LIMIT.value, OrderType.STOP_MARKET.value


def play(*commands: dict[str, Any], rows: Any, volumes: Any = None, **rules: Any) -> World:
    """One instrument, commanded."""
    market = commanded(a_market(rows, volumes=volumes), *commands)
    return run(a_world(market), market, some_rules(**rules))


def ended(world: World) -> list[tuple[int, int, int]]:
    """Id, status and filled lots of each order that has closed."""
    return [(int(o["id"]), int(o["status"]), int(o["filled"])) for o in written(world)["closed"]]


def waiting(world: World) -> list[tuple[int, int, int]]:
    """Id, lots and filled lots of each order that is open."""
    return [(int(o["id"]), int(o["lots"]), int(o["filled"])) for o in world.orders[0, : world.positions[0]["n_orders"]]]


def a_pair(first: int, second: int, **fields: Any) -> list[dict[str, Any]]:
    """A purchase of so many lots at 90, and one of so many at the market above 110."""
    return [
        a_command(0, PLACE, type=LIMIT, lots=first, level_ticks=90, **fields),
        a_command(0, PLACE, type=STOP, lots=second, level_ticks=110, **fields),
    ]


@pytest.mark.rule("R-4")
@pytest.mark.parametrize(
    ("bar", "bought"), [((100, 100, 85, 95), (2, 0, 1, 90, 5)), ((100, 115, 100, 105), (2, 0, 1, 110, 5))]
)
def test_r4_of_two_linked_orders_one_fills_and_cancels_the_other(bar: Any, bought: tuple[int, ...]) -> None:
    """Whichever comes first; a later bar that reaches the other's price does nothing."""
    world = play(*a_pair(5, 5, oco=1), rows=[FLAT, FLAT, bar, (100, 120, 80, 100)])

    assert [bought] == trades(world)
    assert 0 == world.positions[0]["n_orders"]
    assert sorted([(OrderStatus.FILLED, 5), (OrderStatus.CANCELED, 0)]) == sorted(row[1:] for row in ended(world))


@pytest.mark.rule("R-4")
def test_r4_both_in_one_bar_fill_once() -> None:
    """The bar reaches either price: five are bought, not ten."""
    world = play(*a_pair(5, 5, oco=1), rows=[FLAT, FLAT, (100, 120, 80, 100)])

    assert [5] == [row[-1] for row in trades(world)]


@pytest.mark.rule("R-4", "L-4")
def test_r4_a_part_that_is_filled_is_taken_from_the_other() -> None:
    """Of 8 lots traded a quarter is ours: 2 of 5 at 90, so 7 of 9 are left at 110; then all of the 5 cancel those."""
    rows = [FLAT, FLAT, (100, 100, 85, 100), FLAT, (100, 100, 85, 100)]
    half = play(*a_pair(5, 9, oco=1), rows=rows[:3], volumes=[[8] * 3], participation=0.25)
    whole = play(*a_pair(5, 9, oco=1), rows=rows, volumes=[[8, 8, 8, 8, 80]], participation=0.25)

    assert [(1, 5, 2), (2, 7, 0)] == waiting(half)
    assert [(1, OrderStatus.FILLED, 5), (2, OrderStatus.CANCELED, 0)] == ended(whole)


@pytest.mark.rule("R-4")
def test_r4_what_asked_for_no_more_than_was_filled_goes() -> None:
    """2 of 5 are bought at 90: nothing is left of the 2 at 110."""
    rows = [FLAT, FLAT, (100, 100, 85, 100)]
    world = play(*a_pair(5, 2, oco=1), rows=rows, volumes=[[8] * 3], participation=0.25)

    assert [(1, 5, 2)] == waiting(world)
    assert [(2, OrderStatus.CANCELED, 0)] == ended(world)


@pytest.mark.rule("R-4")
def test_r4_links_hold_among_all_that_are_open_and_no_others() -> None:
    """Three of one name are one; those of another name, of none, and of another instrument are left alone."""
    far = {"type": LIMIT, "level_ticks": 50}
    commands = [
        *a_pair(5, 5, oco=3),
        a_command(0, PLACE, lots=5, oco=3, **far),
        a_command(0, PLACE, lots=5, oco=4, **far),
        a_command(0, PLACE, lots=5, **far),
        a_command(0, PLACE, lots=5, oco=3, instrument=1, **far),
        a_command(3, PLACE, lots=5, oco=3, **far),
    ]
    rows = [FLAT, FLAT, (100, 100, 85, 100), FLAT, FLAT]
    market = commanded(a_market(rows, [FLAT] * 5), *commands)
    world = run(a_world(market), market, some_rules())

    assert [(2, 0, 1, 90, 5)] == trades(world)
    assert [4, 5, 7] == [row[0] for row in waiting(world)]
    assert [6] == world.orders[1, : world.positions[1]["n_orders"]]["id"].tolist()
    assert [4, 5, 7] == world.orders[0, :3]["group"].tolist()


@pytest.mark.rule("R-4", "R-1")
def test_r4_an_exit_that_has_no_more_to_reduce_is_done_and_takes_the_other_with_it() -> None:
    """5 are held; a stop for 9 sells those 5, and the target for 9 goes with it."""
    exits = [
        a_command(1, PLACE, type=LIMIT, side=-1, lots=9, level_ticks=120, oco=1),
        a_command(1, PLACE, type=STOP, side=-1, lots=9, level_ticks=90, oco=1, reduce_only=True),
    ]
    rows = [FLAT, FLAT, FLAT, (100, 100, 85, 95), (95, 130, 95, 95)]
    world = play(a_command(0, PLACE, lots=5), *exits, rows=rows)

    assert [(1, 0, 1, 100, 5), (3, 0, -1, 90, 5)] == trades(world)
    assert [] == waiting(world)


@pytest.mark.rule("R-4", "R-5")
def test_r4_a_cancel_is_no_fill() -> None:
    """Taken back by hand, one leaves the other where it is."""
    world = play(*a_pair(5, 5, oco=1), a_command(2, CommandKind.CANCEL, order_id=1), rows=[FLAT] * 5)

    assert [(2, 5, 0)] == waiting(world)
