"""Forced closes with several instruments in one account."""

from __future__ import annotations

import pytest

from tradewright.domain.enums import OrderRole, OrderStatus, OrderType, SignalKind
from tradewright.testing.worlds import a_market, a_signal, a_spec, a_world, hold, run, some_rules, written

LONG, SHORT = SignalKind.LONG, SignalKind.SHORT
FLAT = (100, 100, 100, 100)


def forced(world):
    """(step, instrument, ticks) of every forced close."""
    fills = written(world)["fills"]
    names = ("step", "instrument", "ticks")
    return [tuple(int(f[n]) for n in names) for f in fills if f["role"] == OrderRole.LIQUIDATION]


@pytest.mark.rule("M-6")
@pytest.mark.parametrize("kind", [LONG, SHORT])
def test_m6_loss_of_another_instrument_that_moves_the_level_beyond_the_open_fills_at_the_open(
    kind: SignalKind,
) -> None:
    """The stop of one costs 29 and its fee 3.8 of 35: the other lacks margin at once, and its level did not trade."""
    specs = [a_spec(taker_rate=0.05, cost_rate=0.05), a_spec(taker_rate=0.05)]
    wishes = [a_signal(0, LONG, stop_ticks=80), a_signal(0, kind, instrument=1)]
    rows = [FLAT, FLAT, (100, 100, 70, 90)], [FLAT, FLAT, (100, 101, 99, 100)]
    market = a_market(*rows, signals=wishes, specs=specs, tiers=[(0.0, 0.05, 10.0)])
    world = run(a_world(market, 45.25), market, some_rules())

    assert forced(world) == [(2, 1, 100)]


@pytest.mark.rule("M-6")
def test_m6_closes_that_ruin_the_account_together_are_liquidated_at_those_closes() -> None:
    """Each fall alone is survived; both together leave -10 of 30, so both are taken and nobody owes anything."""
    wishes = [a_signal(0, LONG), a_signal(0, LONG, instrument=1)]
    rows = [FLAT, FLAT, (100, 100, 80, 80), (80,) * 4]
    market = a_market(rows, rows, signals=wishes)
    world = run(a_world(market, 30.0), market, some_rules())

    assert forced(world) == [(2, 0, 90), (2, 1, 80)]
    assert world.equity[2:].tolist() == [0.0, 0.0]


@pytest.mark.rule("M-9")
def test_m9_shortfall_is_the_insurance_funds_and_the_rest_is_the_accounts() -> None:
    """At bankruptcy nothing is left for the clearance fee of 1.25 % of 89: the fund pays it."""
    rows = [FLAT, FLAT, (80, 81, 70, 75)]
    market = a_market(rows, signals=[a_signal(0, LONG)], specs=[a_spec(liquidation_rate=0.0125, leverage=10.0)])
    account = run(a_world(market, 11.0), market, some_rules()).account[0]

    assert (account["wallet"], account["insurance"], account["fees"]) == (0.0, 1.1125, 1.1125)
    assert account["n_liquidations"] == 1


@pytest.mark.rule("M-9")
def test_m9_account_goes_on_with_what_is_left() -> None:
    """Liquidated at 90 of 100, one of eleven is left, and a small order trades on."""
    rows = [FLAT, (100, 101, 85, 95), (95,) * 4, (95,) * 4]
    market = a_market(rows, signals=[a_signal(0, LONG), a_signal(2, LONG)], specs=[a_spec(leverage=10.0)])
    world = run(a_world(market, 11.0), market, some_rules())

    assert world.account[0]["wallet"] == 1.0
    assert world.positions["lots"][0] > 0


@pytest.mark.rule("M-6")
@pytest.mark.parametrize(("kind", "touch", "level"), [(LONG, (91, 91, 90, 91), 90), (SHORT, (109, 110, 109, 109), 110)])
def test_m6_liquidation_price_rounded_to_a_tick_is_not_skipped_while_another_instrument_waits(
    kind: SignalKind, touch: tuple[int, int, int, int], level: int
) -> None:
    """At 89.45 (110.45) margin runs out, so the venue steps in at 90 (110); a bar that touches it is not quiet."""
    waits = a_signal(0, LONG, instrument=1, order_type=OrderType.LIMIT.value, entry_ticks=50)
    quiet = (touch[0],) * 4
    rows = [FLAT, FLAT, quiet, touch, quiet]
    market = a_market(rows, [FLAT] * 5, signals=[a_signal(0, kind), waits], specs=[a_spec(), a_spec(tick_value=1e-5)])
    world = run(a_world(market, 11.0), market, some_rules(size=1.0))

    assert forced(world) == [(3, 0, level)]


@pytest.mark.rule("S-2")
@pytest.mark.parametrize(("touch", "ticks"), [((100, 100, 90, 95), 90), ((100, 110, 100, 105), 110)])
def test_s2_touched_exit_is_not_skipped_while_another_instrument_waits(touch: tuple[int, ...], ticks: int) -> None:
    """Reached to the tick, an exit acts, whatever else waits."""
    waits = a_signal(0, LONG, instrument=1, order_type=OrderType.LIMIT.value, entry_ticks=50)
    wish = a_signal(0, LONG, stop_ticks=90, target_ticks=110)
    market = a_market([FLAT, FLAT, FLAT, touch], [FLAT] * 4, signals=[wish, waits])
    fills = written(run(a_world(market), market, some_rules()))["fills"]

    assert fills[["step", "ticks"]].tolist() == [(1, 100), (3, ticks)]


@pytest.mark.rule("M-6")
def test_m6_stop_and_target_go_with_the_position_that_is_taken() -> None:
    """Before it is closed by force, every exit of it is cancelled, those of the very first order too."""
    rows = [FLAT, FLAT, (100, 101, 86, 95), (95,) * 4]
    wish = a_signal(0, LONG, stop_ticks=85, target_ticks=120)
    market = a_market(rows, signals=[wish], specs=[a_spec(leverage=10.0)])
    world = run(a_world(market, 11.0), market, some_rules(), 3)

    assert forced(world) == [(2, 0, 90)]
    assert world.positions["n_orders"].tolist() == [0]
    ended = [(order["role"], order["status"]) for order in written(world)["closed"]]
    assert ended[1:3] == [(OrderRole.STOP_LOSS, OrderStatus.CANCELED), (OrderRole.TAKE_PROFIT, OrderStatus.CANCELED)]


@pytest.mark.rule("M-9")
def test_m9_clearance_fee_of_one_does_not_raise_the_price_of_the_next() -> None:
    """At 80 all 20 are lost; the fund pays the fee of 20, and what stands at 100 is sold there, not at 120."""
    rows = [FLAT, FLAT, (80,) * 4], [FLAT] * 3
    specs = [a_spec(liquidation_rate=0.25), a_spec()]
    wishes = [a_signal(0, LONG), a_signal(0, LONG, instrument=1)]
    market = a_market(*rows, signals=wishes, specs=specs)
    world = run(a_world(market, 20.0), market, some_rules())

    assert forced(world) == [(2, 0, 80), (2, 1, 100)]
    assert world.account[["wallet", "insurance", "fees", "realised"]].tolist() == [(0.0, 20.0, 20.0, -20.0)]


@pytest.mark.rule("M-9")
def test_m9_clearance_fee_is_taken_from_what_remains_before_the_fund_pays() -> None:
    """12 of 32 remain after the loss of 20: they pay 12 of the fee of 20, the fund 8; nothing is left to hold on to."""
    rows = [FLAT, FLAT, (80,) * 4], [FLAT] * 3
    specs = [a_spec(liquidation_rate=0.25), a_spec()]
    wishes = [a_signal(0, LONG), a_signal(0, LONG, instrument=1)]
    market = a_market(*rows, signals=wishes, specs=specs, tiers=[(0.0, 0.1, 10.0)])
    world = run(a_world(market, 32.0), market, some_rules())

    # Maintenance of 8 and 10 at these marks: 32 hold, and 12 do not.
    assert forced(world) == [(2, 0, 80), (2, 1, 100)]
    assert world.account[["wallet", "insurance"]].tolist() == [(0.0, 8.0)]


@pytest.mark.rule("M-8", "M-9")
@pytest.mark.parametrize(("kind", "crash", "end"), [(LONG, 60, 80), (SHORT, 140, 120)])
def test_m9_position_that_lost_nothing_goes_at_its_market_whatever_another_has_lost(
    kind: SignalKind, crash: int, end: int
) -> None:
    """The second lost 40 of 20. The first, taken before it, goes at its 100, not at the 120 (80) that would pay."""
    rows = [FLAT] * 3, [FLAT, FLAT, (crash,) * 4]
    wishes = [a_signal(0, kind), a_signal(0, kind, instrument=1)]
    market = a_market(*rows, signals=wishes, specs=[a_spec(leverage=20.0)] * 2)
    world = run(a_world(market, 20.0), market, some_rules())

    assert forced(world) == [(2, 0, 100), (2, 1, end)]
    assert world.account[["wallet", "insurance", "realised"]].tolist() == [(0.0, 0.0, -20.0)]


@pytest.mark.rule("M-9")
def test_m9_fund_pays_for_the_position_taken_and_leaves_the_others_their_debt() -> None:
    """Nothing stands behind the first, as the second alone lost 60 of 30: the fund pays the 50 of the first.

    Not the 30 more that the second lacks; that one is taken at 70, where the 30 end.
    """
    rows = [FLAT, FLAT, (50,) * 4], [FLAT, FLAT, (40,) * 4]
    market = a_market(*rows, signals=[a_signal(0, LONG), a_signal(0, LONG, instrument=1)])
    world = run(a_world(market, 30.0), market, some_rules())

    assert forced(world) == [(2, 0, 50), (2, 1, 70)]
    assert world.positions["earned"].tolist() == [0.0, -30.0]
    assert world.account[["wallet", "insurance"]].tolist() == [(0.0, 50.0)]


@pytest.mark.rule("M-9")
def test_m9_debt_of_an_ordinary_close_is_not_earned_back_by_a_forced_price() -> None:
    """A close beyond bankruptcy has left -20; what is held is sold at its 100, and the fund lifts the account to 0."""
    market = a_market([FLAT], [FLAT])
    world = a_world(market, -20.0)
    hold(world, 1, 100, 100, 100.0)
    run(world, market, some_rules())

    assert forced(world) == [(0, 1, 100)]
    assert world.account[["wallet", "insurance"]].tolist() == [(0.0, 20.0)]
