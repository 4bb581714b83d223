"""Orders that a position limits."""

from __future__ import annotations

import pytest

from tradewright.domain.enums import Arrival, Code, Liquidity, OrderRole, OrderStatus, OrderType, SignalKind
from tradewright.kernels.execution import execute
from tradewright.kernels.orders import Draft, place
from tradewright.kernels.settlement import Terms
from tradewright.testing.worlds import a_market, a_signal, a_spec, a_world, hold, run, some_rules, written


def leave_with(lots: int, held: int):
    """Send a reduce-only sale of some lots against a position and fill it at 110."""
    market = a_market([(110,) * 4])
    world = a_world(market)
    hold(world, 0, held, 110, 100.0 if held else 0.0)
    sale = Draft(
        group=0,
        signal=0,
        type=OrderType.MARKET.value,
        role=OrderRole.EXIT.value,
        side=-1,
        status=OrderStatus.OPEN.value,
        arrival=Arrival.AT_OPEN.value,
        reduce_only=True,
        reverses=False,
        lots=lots,
        level_ticks=0,
        valid_steps=0,
    )
    world.positions[0]["sellable"] = 1_000
    place(world, 0, sale, 0, 0)
    place(world, 0, sale._replace(role=OrderRole.STOP_LOSS.value, type=OrderType.STOP_MARKET.value), 0, 0)
    terms = Terms(110, 110, Liquidity.TAKER.value, 0, Arrival.AT_OPEN.value, 0, 0)
    execute(world, market, some_rules(), world.orders[0, 0], terms)
    return world


@pytest.mark.rule("R-1")
@pytest.mark.parametrize(
    ("lots", "held", "filled", "left"), [(50, 100, 50, 50), (100, 100, 100, 0), (300, 100, 100, 0)]
)
def test_r1_reduce_only_is_clamped_to_the_position_when_it_fills(lots: int, held: int, filled: int, left: int) -> None:
    """It closes what is there, at most, and never turns the position round."""
    world = leave_with(lots, held)

    assert [filled] == written(world)["fills"]["lots"].tolist()
    assert left == world.positions["lots"][0]
    # The other exit goes with the position, and not before.
    assert (1 if left else 0) == world.positions["n_orders"][0]


@pytest.mark.rule("R-1")
@pytest.mark.parametrize("held", [0, -100])
def test_r1_reduce_only_with_nothing_to_reduce_is_canceled(held: int) -> None:
    """Flat, or on the order's own side: there is nothing for it to do."""
    world = leave_with(100, held)

    assert [(OrderStatus.CANCELED, Code.NOTHING_TO_EXIT)] == written(world)["closed"][["status", "code"]].tolist()
    assert len(written(world)["fills"]) == 0


@pytest.mark.rule("M-3")
def test_m3_entry_must_leave_its_fee_above_the_margin() -> None:
    """10.15 carries the margin of 10.10 at the open, but not the fee of 0.10 on top."""
    market = a_market(
        [(100,) * 4, (101,) * 4], signals=[a_signal(0, SignalKind.LONG)], specs=[a_spec(taker_rate=0.001)]
    )
    world = run(a_world(market, 10.15), market, some_rules())

    assert [Code.MARGIN_INSUFFICIENT] == written(world)["closed"]["code"].tolist()


@pytest.mark.rule("M-3")
def test_m3_entry_that_margin_does_not_carry_on_arrival_is_rejected() -> None:
    """Sized at 100 for all the margin there is, it meets an open at 120: the venue refuses it."""
    rows = [(100,) * 4, (120,) * 4]
    market = a_market(rows, signals=[a_signal(0, SignalKind.LONG)])
    world = run(a_world(market, 10.5), market, some_rules())

    assert [(OrderStatus.REJECTED, Code.MARGIN_INSUFFICIENT)] == written(world)["closed"][["status", "code"]].tolist()
    assert len(written(world)["fills"]) == 0
