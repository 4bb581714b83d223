"""Fills and funding become money."""

from __future__ import annotations

import pytest

from tradewright.domain.enums import SignalKind
from tradewright.kernels.settlement import move_position
from tradewright.testing.worlds import a_funding, a_market, a_signal, a_spec, a_world, hold, run, some_rules, written

LONG, SHORT, EXIT = SignalKind.LONG, SignalKind.SHORT, SignalKind.EXIT


def position(lots: int, entry: float):
    """A position record."""
    world = a_world(a_market([(100,) * 4]))
    hold(world, 0, lots, 100, entry)
    return world.positions[0]


@pytest.mark.rule("P-1")
@pytest.mark.parametrize(
    ("lots", "entry", "signed", "ticks", "expected"),
    [
        (0, 0.0, 10, 100, (10, 100.0, 0)),
        (10, 100.0, 30, 200, (40, 175.0, 0)),
        (10, 100.0, -4, 200, (6, 100.0, 4)),
        (10, 100.0, -10, 200, (0, 0.0, 10)),
        (10, 100.0, -25, 200, (-15, 200.0, 10)),
        (-10, 100.0, 25, 50, (15, 50.0, 10)),
        (10**10, 100.0, -(10**10), 50, (0, 0.0, 10**10)),
        (-4 * 10**9, 100.0, 4 * 10**9, 50, (0, 0.0, 4 * 10**9)),
    ],
)
def test_p1_average_entry_changes_only_when_the_position_grows(
    lots: int, entry: float, signed: int, ticks: int, expected: tuple[int, float, int]
) -> None:
    """Grown, reduced, closed, flipped; with lots whose product is beyond int64 too."""
    held = position(lots, entry)
    closed = move_position(held, signed, ticks)

    assert expected == (held["lots"], held["entry_ticks"], closed)


@pytest.mark.rule("P-1")
def test_p1_hundred_coins_in_lots_of_a_hundred_millionth_are_closed_as_one() -> None:
    """100 coins are 1e10 lots; bought at 20,000.00 and sold at 20,100.00 they earn 10,000."""
    spec = a_spec(tick_value=0.01 * 1e-8, lots_per_unit=1e8)
    rows = [(2_000_000,) * 4, (2_000_000,) * 4, (2_010_000,) * 4]
    market = a_market(rows, signals=[a_signal(0, LONG), a_signal(1, EXIT)], specs=[spec])
    world = run(a_world(market, 1_000_000.0), market, some_rules(size=100.0))

    assert world.account[0]["realised"] == pytest.approx(10_000.0)
    assert world.positions["lots"][0] == 0


@pytest.mark.rule("C-1")
def test_c1_reversal_pays_one_fee_on_all_it_trades() -> None:
    """100 lots closed and 100 opened at 104: 208 quote at 0.1 %, after 100 at 0.1 % for the entry."""
    rows = [(100,) * 4, (100,) * 4, (104,) * 4]
    spec = a_spec(taker_rate=0.001)
    market = a_market(rows, signals=[a_signal(0, LONG), a_signal(1, SHORT)], specs=[spec])
    fills = written(run(a_world(market), market, some_rules()))["fills"]

    assert [0.1, 0.208] == fills["fee"].tolist()
    assert [0, 100] == fills["closed_lots"].tolist()
    assert [0.0, 4.0] == fills["realised"].tolist()


@pytest.mark.rule("C-4")
def test_c4_funding_is_paid_by_who_held_before_its_instant() -> None:
    """Not on an entry at that very open; at the open's mark after that; inside a bar at its close."""
    rows = [(100,) * 4, (100,) * 4, (110, 120, 110, 120), (120,) * 4]
    times = [a_funding(1, 0.01), a_funding(2, 0.01), a_funding(2, -0.02, at_open=False)]
    market = a_market(rows, signals=[a_signal(0, LONG)], funding=times)
    world = run(a_world(market), market, some_rules())

    assert [-1.1, 2.4] == written(world)["payments"]["amount"].tolist()
    assert world.account[0]["funding"] == pytest.approx(1.3)


@pytest.mark.rule("C-4")
def test_c4_shorts_are_paid_what_longs_pay() -> None:
    """A positive rate moves money from longs to shorts."""
    market = a_market([(100,) * 4] * 3, signals=[a_signal(0, SHORT)], funding=[a_funding(2, 0.01)])

    assert [1.0] == written(run(a_world(market), market, some_rules()))["payments"]["amount"].tolist()


@pytest.mark.rule("C-4")
def test_c4_funding_of_a_cheap_coin_does_not_overflow() -> None:
    """1e17 lots at 1,000 ticks are 1e20 steps, worth 10,000 quote: 1 % of it is 100."""
    spec = a_spec(tick_value=1e-16, lots_per_unit=1e8)
    market = a_market([(1_000,) * 4] * 3, signals=[a_signal(0, LONG)], funding=[a_funding(2, 0.01)], specs=[spec])
    world = run(a_world(market), market, some_rules(size=1e9))

    assert [-100.0] == written(world)["payments"]["amount"].tolist()
