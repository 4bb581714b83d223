"""The venue's filters, one by one, at and beyond each limit."""

from __future__ import annotations

from typing import Any

import pytest

from tradewright.domain.enums import Code, CommandKind, OrderType, SignalKind
from tradewright.testing.worlds import (
    Rows,
    a_command,
    a_market,
    a_signal,
    a_spec,
    a_world,
    commanded,
    run,
    some_rules,
    written,
)

FLAT: Rows = [(100, 100, 100, 100)] * 3
MARKET, LIMIT, STOP = OrderType.MARKET.value, OrderType.LIMIT.value, OrderType.STOP_MARKET.value
PLACE = CommandKind.PLACE


def answers(spec: dict[str, Any], *wishes: dict[str, Any]) -> list[tuple[int, float, float]]:
    """Refusals of commands given at the first close, on an instrument with 100 lots to the unit."""
    market = commanded(a_market(FLAT, specs=[a_spec(**spec)]), *[a_command(0, PLACE, **wish) for wish in wishes])
    world = run(a_world(market), market, some_rules())
    return [(int(r["code"]), float(r["observed"]), float(r["limit"])) for r in written(world)["refusals"]]


def limit(level: int, side: int = 1, lots: int = 100) -> dict[str, Any]:
    """A limit order."""
    return {"type": LIMIT, "side": side, "lots": lots, "level_ticks": level}


@pytest.mark.rule("F-1", "F-7")
@pytest.mark.parametrize(
    ("spec", "fits", "wish", "expected"),
    [
        ({"min_ticks": 50}, limit(50), limit(49), (Code.PRICE_BELOW_MINIMUM, 49.0, 50.0)),
        ({"max_ticks": 150}, limit(150, -1), limit(151, -1), (Code.PRICE_ABOVE_MAXIMUM, 151.0, 150.0)),
        ({"min_lots": 3}, {"lots": 3}, {"lots": 2}, (Code.QUANTITY_BELOW_MINIMUM, 0.02, 0.03)),
        ({"market_min_lots": 3}, limit(90, 1, 1), {"lots": 2}, (Code.QUANTITY_BELOW_MINIMUM, 0.02, 0.03)),
        ({"max_lots": 5}, limit(90, 1, 5), limit(90, 1, 6), (Code.QUANTITY_ABOVE_MAXIMUM, 0.06, 0.05)),
        ({"max_lots": 5}, {"lots": 5}, {"lots": 6}, (Code.QUANTITY_ABOVE_MAXIMUM, 0.06, 0.05)),
        (
            {"market_max_lots": 5, "max_lots": 9},
            limit(90, 1, 9),
            {"lots": 6},
            (Code.QUANTITY_ABOVE_MAXIMUM, 0.06, 0.05),
        ),
        ({"market_step_lots": 4}, limit(90, 1, 5), {"lots": 6}, (Code.QUANTITY_OFF_STEP, 0.06, 0.04)),
    ],
)
def test_price_and_quantity_keep_the_instruments_limits(
    spec: dict[str, Any], fits: dict[str, Any], wish: dict[str, Any], expected: tuple[int, float, float]
) -> None:
    """What is at the limit passes, what is one step beyond is refused with both numbers."""
    assert [expected] == answers(spec, fits, wish)


@pytest.mark.rule("F-2")
def test_value_counts_at_the_limit_price_or_at_the_mark() -> None:
    """99.99 is below 100: a limit at 99 for 101 lots, a market order and a stop for 99 lots at the mark of 100."""
    found = answers({"min_notional": 100.0}, limit(99, 1, 101), {"lots": 99},
                    {"type": STOP, "level_ticks": 120, "lots": 99}, limit(100, 1, 100))  # fmt: skip

    assert [(Code.NOTIONAL_BELOW_MINIMUM, pytest.approx(99.99), 100.0)] + [
        (Code.NOTIONAL_BELOW_MINIMUM, 99.0, 100.0)
    ] * 2 == found


@pytest.mark.rule("F-2")
def test_value_of_what_only_reduces_may_be_small() -> None:
    """An exit of any size must be possible."""
    closer = {"type": STOP, "side": -1, "level_ticks": 50, "close_position": True}

    assert [] == answers({"min_notional": 100.0}, {"lots": 100}, {"lots": 1, "side": -1, "reduce_only": True}, closer)


@pytest.mark.rule("F-3")
def test_limit_may_not_stand_too_far_on_the_taking_side() -> None:
    """A buyer at most 105, a seller at least 95 where the mark is 100; away from the market anything goes."""
    band = {"price_up": 1.05, "price_down": 0.95}

    assert [(Code.PRICE_ABOVE_BAND, 106.0, 105.0), (Code.PRICE_BELOW_BAND, 94.0, 95.0)] == answers(
        band, limit(105), limit(106), limit(95, -1), limit(94, -1), limit(10), limit(900, -1)
    )


@pytest.mark.rule("F-3")
def test_band_is_held_against_the_mark_on_arrival() -> None:
    """Decided within the band, arrived outside of it: the venue rejects."""
    rows: Rows = [(100, 100, 100, 100), (80, 80, 80, 80), (80, 80, 80, 80)]
    market = commanded(a_market(rows, specs=[a_spec(price_up=1.05)]), a_command(0, PLACE, **limit(104)))
    world = run(a_world(market), market, some_rules())

    assert [Code.PRICE_ABOVE_BAND] == written(world)["closed"]["code"].tolist()
    assert [(104.0, 84.0)] == [(line["observed"], line["limit"]) for line in written(world)["refusals"]]


@pytest.mark.rule("F-4")
def test_orders_with_and_without_trigger_are_counted_apart() -> None:
    """Two of each may wait; the third is refused with the count and the limit."""
    stops = [{"type": STOP, "level_ticks": 150 + n} for n in range(3)]
    found = answers({"max_orders": 2, "max_conditionals": 2}, *[limit(90 - n) for n in range(3)], *stops)

    assert [(Code.TOO_MANY_ORDERS, 2.0, 2.0), (Code.TOO_MANY_CONDITIONALS, 2.0, 2.0)] == found


@pytest.mark.rule("F-1")
@pytest.mark.parametrize(
    ("spec", "wish", "lots"),
    [
        ({"max_lots": 40}, {}, 40),
        ({"market_max_lots": 30, "max_lots": 40}, {}, 30),
        ({"market_max_lots": 30, "max_lots": 40}, {"order_type": LIMIT, "entry_ticks": 100}, 40),
        ({"market_step_lots": 7}, {}, 98),
        ({"market_step_lots": 7}, {"order_type": LIMIT, "entry_ticks": 100}, 100),
    ],
)
def test_signal_is_cut_to_what_the_venue_takes(spec: dict[str, Any], wish: dict[str, Any], lots: int) -> None:
    """Risk sizes a signal, so it may size it down; a user's own order is refused instead."""
    market = a_market(FLAT, signals=[a_signal(0, SignalKind.LONG, **wish)], specs=[a_spec(**spec)])
    world = run(a_world(market), market, some_rules())

    assert [lots] == written(world)["fills"]["lots"].tolist()
