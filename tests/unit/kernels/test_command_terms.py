"""What an order as such may ask: triggers, trailing stops, time in force; what does not go together is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tradewright.domain.enums import (
    Ambiguity,
    Code,
    CommandKind,
    OrderStatus,
    OrderType,
    TimeInForce,
    TriggerBy,
)
from tradewright.kernels.records import World
from tradewright.risk.refusals import reason_text
from tradewright.testing.worlds import (
    MINUTE,
    Rows,
    a_command,
    a_market,
    a_spec,
    a_world,
    commanded,
    marked,
    run,
    some_rules,
    trades,
    written,
)

PLACE, MODIFY = CommandKind.PLACE, CommandKind.MODIFY
FLAT: Rows = [(100, 101, 99, 100)] * 6
LIMIT, STOP, OLHC = OrderType.LIMIT.value, OrderType.STOP_MARKET.value, Ambiguity.OLHC.value
STOP_LIMIT, TARGET_LIMIT = OrderType.STOP_LIMIT.value, OrderType.TAKE_PROFIT_LIMIT.value
TRAIL = OrderType.TRAILING_STOP.value


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


@pytest.mark.rule("S-6")
def test_stop_limit_is_placed_and_becomes_a_plain_limit() -> None:
    """Rule S-6: a sale triggered at 95 that opens at 80 rests at 94, and gets it as maker when price comes back."""
    rows: Rows = [(100, 100, 100, 100)] * 2 + [(80, 80, 80, 80), (90, 96, 90, 96)]
    stop = a_command(0, PLACE, tag=1, type=STOP_LIMIT, side=-1, lots=5, trigger_ticks=95, level_ticks=94)
    world = play(a_command(0, PLACE, lots=5), stop | {"reduce_only": True}, rows=rows)

    assert [(1, 0, 1, 100, 5), (3, 0, -1, 94, 5)] == trades(world)
    assert [STOP_LIMIT, LIMIT] == [written(world)["closed"][name][1] for name in ("origin", "type")]


@pytest.mark.rule("S-7")
def test_take_profit_limit_is_placed_and_never_sells_below_its_limit() -> None:
    """Triggered at 105 on the way up it takes at once where its limit lies below, and rests where it lies above."""
    rows: Rows = [(100, 100, 100, 100)] * 2 + [(100, 106, 100, 104), (104, 112, 104, 111)]
    wish = a_command(0, PLACE, type=TARGET_LIMIT, side=-1, trigger_ticks=105)
    low, high = (play(wish | {"level_ticks": level}, rows=rows) for level in (104, 110))

    assert [(2, 0, -1, 105, 1)] == trades(low)
    assert [(3, 0, -1, 110, 1)] == trades(high)


@pytest.mark.rule("S-8")
@pytest.mark.parametrize(
    ("activation", "expected"), [(0, [(3, 0, -1, 108, 1)]), (115, [(3, 0, -1, 108, 1)]), (121, [])]
)
def test_trailing_stop_is_placed_with_callback_and_activation(activation: int, expected: list[Any]) -> None:
    """The high of 120 carries a stop of ten per cent to 108, if it has reached the activation."""
    rows: Rows = [(100, 100, 100, 100)] * 2 + [(100, 120, 100, 119), (119, 119, 105, 106)]
    world = play(
        a_command(0, PLACE, type=TRAIL, side=-1, callback=100, level_ticks=activation), rows=rows, ambiguity=OLHC
    )

    assert expected == trades(world)


@pytest.mark.rule("R-3")
@pytest.mark.parametrize(("force", "expected", "reason"), [
    (TimeInForce.IOC, [(1, 0, 1, 100, 10)], Code.IOC_EXPIRED),
    (TimeInForce.FOK, [], Code.FOK_NOT_WHOLE),
])  # fmt: skip
def test_immediate_orders_fill_what_the_bar_has_or_nothing(force: int, expected: list[Any], reason: int) -> None:
    """Ten of twenty lots are there: immediate-or-cancel takes them, fill-or-kill does not."""
    market = a_market(FLAT, volumes=[[10] * 6])
    market = commanded(market, a_command(0, PLACE, type=LIMIT, lots=20, level_ticks=100, time_in_force=force))
    world = run(a_world(market), market, some_rules(participation=1.0))

    assert expected == trades(world)
    assert reason == closed(world)[0][1]


@pytest.mark.rule("R-2")
def test_post_only_order_that_would_take_is_rejected() -> None:
    """At the market's own price, too."""
    world = play(a_command(0, PLACE, type=LIMIT, level_ticks=100, time_in_force=TimeInForce.GTX))

    assert [(OrderStatus.REJECTED, Code.POST_ONLY_WOULD_TAKE)] == closed(world)


@pytest.mark.rule("R-3")
def test_good_till_date_ends_with_its_last_bar() -> None:
    """Two bars, then it is cancelled."""
    world = play(a_command(0, PLACE, type=LIMIT, level_ticks=50, time_in_force=TimeInForce.GTD, valid_steps=2))

    assert [3 * MINUTE] == written(world)["closed"]["ts_closed"].tolist()


@pytest.mark.rule("S-1", "S-10")
def test_placed_trigger_watches_the_mark_and_is_protected_as_it_asks() -> None:
    """Trades fall to 90: by the last price the stop at 95 fires; by the mark, or protected, it stays."""
    rows: Rows = [(100, 100, 100, 100)] * 2 + [(100, 100, 90, 99)]
    calm: Rows = [(100, 100, 100, 100)] * 3
    market = marked(a_market(rows, specs=[a_spec(trigger_protect=0.02)]), calm)
    counts = []
    for more in ({}, {"trigger_by": TriggerBy.MARK}, {"protected": True}):
        asked = commanded(market, a_command(0, PLACE, type=STOP, side=-1, level_ticks=95, **more))
        counts.append(len(trades(run(a_world(asked), asked, some_rules()))))

    assert [1, 0, 0] == counts


@pytest.mark.parametrize(("wish", "expected"), [
    ({"type": OrderType.STOP_LIMIT, "level_ticks": 105}, (Code.TRIGGER_MISSING, 0.0, 0.0)),
    ({"type": OrderType.TRAILING_STOP}, (Code.CALLBACK_OUT_OF_RANGE, 0.0, 0.1)),
    ({"type": OrderType.TRAILING_STOP, "callback": 101}, (Code.CALLBACK_OUT_OF_RANGE, 0.101, 0.1)),
    ({"type": OrderType.MARKET, "time_in_force": TimeInForce.GTX}, (Code.POST_ONLY_NEEDS_LIMIT, 0.0, 0.0)),
    ({"type": OrderType.LIMIT, "level_ticks": 90, "time_in_force": TimeInForce.GTD}, (Code.EXPIRY_MISSING, 0.0, 0.0)),
    ({"type": OrderType.TRAILING_STOP, "callback": 10, "close_position": True}, (Code.CLOSE_NEEDS_MARKET, 0.0, 0.0)),
])  # fmt: skip
def test_order_whose_terms_do_not_go_together_is_refused(wish: dict[str, Any], expected: tuple[Any, ...]) -> None:
    """Each by its own reason, before the venue's filters are asked; the sentence is there too."""
    (found,) = refused(play(a_command(0, PLACE, **wish)))

    assert expected == found
    assert reason_text(*found)


@pytest.mark.rule("L-7", "S-3")
@pytest.mark.parametrize(("trigger", "refusals"), [(108, []), (99, [(Code.WOULD_TRIGGER_AT_ONCE, 99.0, 100.0)])])
def test_trigger_of_a_stop_limit_can_be_moved_but_not_past_the_price(trigger: int, refusals: list[Any]) -> None:
    """A change may name limit and trigger apart; the id stays."""
    stop = a_command(0, PLACE, tag=1, type=STOP_LIMIT, trigger_ticks=110, level_ticks=112)
    world = play(stop, a_command(1, MODIFY, tag=1, trigger_ticks=trigger))

    assert refusals == refused(world)
    assert [(1, 110 if refusals else trigger, 112)] == [
        (o["id"], o["trigger_ticks"], o["level_ticks"]) for o in world.orders[0, :1]
    ]
