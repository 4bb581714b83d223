"""Isolated margin: each position stands with what was set aside for it, and for nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from tradewright.domain.enums import Code, CommandKind, OrderRole, OrderStatus, Side, SignalKind
from tradewright.kernels.margin import bankruptcy_ticks, cash_behind, liquidation_ticks, set_aside
from tradewright.testing.worlds import (
    a_command,
    a_funding,
    a_market,
    a_signal,
    a_spec,
    a_world,
    commanded,
    run,
    some_rules,
    written,
)

LONG, SHORT, EXIT = SignalKind.LONG, SignalKind.SHORT, SignalKind.EXIT
FLAT = (100, 100, 100, 100)
ISOLATED = {"is_isolated": True, "leverage": 10.0}


def forced(world: Any) -> list[tuple[int, ...]]:
    """(step, instrument, ticks) of every forced close."""
    fills = written(world)["fills"]
    return [
        tuple(int(f[n]) for n in ("step", "instrument", "ticks")) for f in fills if f["role"] == OrderRole.LIQUIDATION
    ]


@pytest.mark.rule("M-6", "M-7")
@pytest.mark.parametrize(("kind", "level", "bankrupt"), [(LONG, 91, 90.0), (SHORT, 109, 110.0)])
def test_m7_isolated_position_is_liquidated_by_its_own_margin(kind: SignalKind, level: int, bankrupt: float) -> None:
    """10 of margin stand behind 100 quote, whatever the wallet holds: 90.45 (109.45) is the price, 90 (110) the end."""
    market = a_market([FLAT] * 3, signals=[a_signal(0, kind)], specs=[a_spec(**ISOLATED)])
    world = run(a_world(market, 10_000.0), market, some_rules())

    assert 10.0 == world.positions["margin"][0] == cash_behind(world, market, 0)
    assert level == liquidation_ticks(world, market, 0)
    assert pytest.approx(bankrupt) == bankruptcy_ticks(world, market, 0)


@pytest.mark.rule("M-6", "M-9")
def test_m9_isolated_liquidation_costs_its_margin_and_nothing_else() -> None:
    """A gap to 50 would cost 50: the account loses the 10 that were set aside, the fund pays the clearance fee."""
    rows = [FLAT, FLAT, (50,) * 4, (50,) * 4]
    spec = a_spec(liquidation_rate=0.0125, **ISOLATED)
    market = a_market(rows, signals=[a_signal(0, LONG)], specs=[spec])
    world = run(a_world(market, 1_000.0), market, some_rules())

    assert [(2, 0, 90)] == forced(world)
    assert (990.0, 1.125) == world.account[["wallet", "insurance"]].item()
    assert [1_000.0, 1_000.0, 990.0, 990.0] == world.equity.tolist()


@pytest.mark.rule("M-6")
def test_m6_other_positions_neither_save_an_isolated_one_nor_fall_with_it() -> None:
    """The cross position's gain does not help: at 90 the isolated one goes, and the other keeps what the wallet has."""
    rows = [FLAT, FLAT, (100, 100, 85, 85), (85,) * 4], [FLAT, FLAT, (100, 200, 100, 200), (200,) * 4]
    wishes = [a_signal(0, LONG), a_signal(0, LONG, instrument=1)]
    market = a_market(*rows, signals=wishes, specs=[a_spec(**ISOLATED), a_spec()])
    world = run(a_world(market, 30.0), market, some_rules())

    assert [(2, 0, 91)] == forced(world)
    assert 21.0 == world.account["wallet"][0]
    assert 100 == world.positions["lots"][1]


@pytest.mark.rule("M-5", "M-6")
def test_m5_what_is_set_aside_does_not_stand_behind_cross_positions() -> None:
    """30 in the wallet, 10 of them isolated: 20 stand behind the cross long, which goes at 80.40, not at 70.35."""
    rows = [FLAT] * 3, [FLAT] * 3
    wishes = [a_signal(0, LONG), a_signal(0, LONG, instrument=1)]
    market = a_market(*rows, signals=wishes, specs=[a_spec(**ISOLATED), a_spec()])
    world = run(a_world(market, 30.0), market, some_rules())

    assert 81 == liquidation_ticks(world, market, 1)
    assert 10.0 == set_aside(world, market, -1)
    assert 0.0 == set_aside(world, market, 0)


@pytest.mark.rule("M-5")
def test_m5_open_profit_of_an_isolated_position_opens_no_other() -> None:
    """It doubles the equity, and still 10 of 19 are the most that may be set aside for the next one."""
    rows = [FLAT, FLAT, (200,) * 4, (200,) * 4], [FLAT] * 4
    wishes = [a_signal(0, LONG), a_signal(2, LONG, instrument=1)]
    market = a_market(*rows, signals=wishes, specs=[a_spec(**ISOLATED)] * 2)
    poor = run(a_world(market, 19.0), market, some_rules())
    rich = run(a_world(market, 21.0), market, some_rules())

    # Sized down to what 9 quote carry, with the venue's little more for market orders.
    assert [89, 100] == [int(world.positions["lots"][1]) for world in (poor, rich)]


@pytest.mark.rule("M-6")
def test_m6_margin_comes_back_with_what_is_closed_and_grows_with_what_is_opened() -> None:
    """100 lots at 100 set 10 aside; 60 more at 110 add 6.6; selling half of 160 frees half; flat frees all."""
    rows = [FLAT, FLAT, (110,) * 4, (110,) * 4, (110,) * 4, (110,) * 4]
    orders = [
        a_command(0, CommandKind.PLACE, lots=100),
        a_command(1, CommandKind.PLACE, lots=60),
        a_command(2, CommandKind.PLACE, lots=80, side=int(Side.SHORT), reduce_only=True),
        a_command(3, CommandKind.PLACE, lots=80, side=int(Side.SHORT), reduce_only=True),
    ]
    market = commanded(a_market(rows, specs=[a_spec(**ISOLATED)]), *orders)
    kept = [float(run(a_world(market), market, some_rules(), stop).positions["margin"][0]) for stop in range(1, 6)]

    assert [0.0, 10.0, 16.6, 8.3, 0.0] == kept


@pytest.mark.rule("M-3")
def test_m3_isolated_position_that_grows_needs_margin_from_what_is_free() -> None:
    """Its own profit of 100 does not pay for more of it: 1 is free, the next 100 lots at 200 need 20."""
    rows = [FLAT, FLAT, (200,) * 4, (200,) * 4]
    orders = [a_command(0, CommandKind.PLACE, lots=100), a_command(1, CommandKind.PLACE, lots=100)]
    market = commanded(a_market(rows, specs=[a_spec(**ISOLATED)]), *orders)
    closed = written(run(a_world(market, 21.5), market, some_rules()))["closed"]

    assert [(OrderStatus.FILLED, 0), (OrderStatus.REJECTED, Code.MARGIN_INSUFFICIENT)] == closed[
        ["status", "code"]
    ].tolist()


@pytest.mark.rule("C-4", "M-7")
def test_c4_funding_of_an_isolated_position_moves_its_own_margin_and_its_level() -> None:
    """5 % of 100 leave 5 of 10: liquidated at 96 instead of 91; more than its margin the wallet pays."""
    funding = [a_funding(2, 0.05)]
    market = a_market([FLAT] * 4, signals=[a_signal(0, LONG)], specs=[a_spec(**ISOLATED)], funding=funding)
    world = run(a_world(market), market, some_rules())

    assert 5.0 == world.positions["margin"][0]
    assert 96 == liquidation_ticks(world, market, 0)
    assert 9_995.0 == world.account["wallet"][0]


@pytest.mark.rule("M-6")
def test_m6_isolated_level_is_not_skipped_while_another_instrument_waits() -> None:
    """Both hold; the bar that touches 91 takes the isolated one, though the account is rich."""
    rows = [FLAT, FLAT, (95,) * 4, (95, 95, 91, 95), (95,) * 4], [FLAT] * 5
    wishes = [a_signal(0, LONG), a_signal(0, LONG, instrument=1)]
    market = a_market(*rows, signals=wishes, specs=[a_spec(**ISOLATED), a_spec()])

    assert [(3, 0, 91)] == forced(run(a_world(market), market, some_rules()))
