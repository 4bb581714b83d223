"""The loop: room in logs, and what is compiled."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.enums import Code, SignalKind
from tradewright.kernels.loop import ALL_KNOWN, run_steps
from tradewright.kernels.money import round_cash
from tradewright.kernels.records import PAYMENT, REFUSAL, World
from tradewright.testing.worlds import (
    MINUTE,
    a_funding,
    a_market,
    a_signal,
    a_world,
    enlarged,
    run,
    some_rules,
    written,
)

FLAT = [(100, 100, 100, 100)] * 4


def test_log_of_payments_has_room_for_every_funding_time_of_a_step() -> None:
    """A day's bar holds three funding times or more; each gets its line, and none is written beyond the log."""
    times = [a_funding(2, 0.001 * n, at_open=False) | {"ts": 2 * MINUTE + n} for n in range(1, 6)]
    market = a_market(FLAT, signals=[a_signal(0, SignalKind.LONG)], funding=times)
    world = a_world(market)._replace(payments=np.zeros(2, PAYMENT))

    assert run_steps(world, market, some_rules(), 4, ALL_KNOWN) == Code.NEED_ROOM
    assert world.account[0]["step"] == 2
    assert written(run(enlarged(world, 8), market, some_rules()))["payments"]["rate"].tolist() == pytest.approx(
        [0.001, 0.002, 0.003, 0.004, 0.005]
    )


def test_log_of_refusals_has_room_for_every_signal_of_a_step() -> None:
    """Several signals for one instrument at one close are each refused in a line of their own."""
    market = a_market(FLAT, signals=[a_signal(1, SignalKind.EXIT)] * 3)
    world = a_world(market)._replace(refusals=np.zeros(1, REFUSAL))

    assert run_steps(world, market, some_rules(), 4, ALL_KNOWN) == Code.NEED_ROOM
    assert len(written(run(enlarged(world, 8), market, some_rules()))["refusals"]) == 3


def test_run_to_a_step_stops_before_it() -> None:
    """`stop` is exclusive, and what lies behind it is untouched."""
    market = a_market(FLAT, signals=[a_signal(0, SignalKind.LONG)])
    world = run(a_world(market), market, some_rules(), 1)

    assert (world.account[0]["step"], world.account[0]["n_fills"]) == (1, 0)
    assert world.equity.tolist() == [10_000.0, 0.0, 0.0, 0.0]


def test_market_without_signals_keeps_its_balance() -> None:
    """Nothing asked, nothing done."""
    market = a_market(FLAT, FLAT)
    assert run(a_world(market, 77.0), market, some_rules()).equity.tolist() == [77.0] * 4


@pytest.mark.compiled
def test_entry_points_are_compiled_for_one_signature_each() -> None:
    """One or three instruments, snapshots and cuts, ints and enums: the same types, so the same machine code."""
    for count in (1, 3):
        market = a_market(*[FLAT] * count, signals=[a_signal(0, SignalKind.LONG)], funding=[a_funding(1, 0.01)])
        world = run(a_world(market), market, some_rules(), 2)
        copy = World(*(array.copy() for array in world))
        assert run_steps(copy, market, some_rules(), 4, 1) == Code.OK
        assert run_steps(world, market, some_rules(), 4, ALL_KNOWN) == Code.OK

    assert len(run_steps.signatures) == 1


@pytest.mark.compiled
def test_inner_kernels_run_as_python_where_python_calls_them() -> None:
    """They have no door of their own into machine code, and need none to be tested."""
    assert type(run_steps) is not type(round_cash)
    assert round_cash(1.000000004) == 1.0
