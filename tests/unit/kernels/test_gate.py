"""The risk gate: every refusal by name and with the numbers that were compared."""

from __future__ import annotations

from typing import Any

import pytest

from tradewright.domain.enums import Code, CommandKind, OrderType, SignalKind, Sizing
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
LONG, SHORT = SignalKind.LONG, SignalKind.SHORT
TWO_TARGETS = {
    "stop_ticks": 90,
    "target_ticks": 120,
    "more_targets": 1,
    "target2_ticks": 95,
    "share1": 0.5,
    "share2": 0.5,
}
THREE_TARGETS = TWO_TARGETS | {"more_targets": 2, "target3_ticks": 130}
RISKY = {"sizing": Sizing.RISK_FRACTION, "size": 0.01}


@pytest.mark.rule("F-2", "F-7", "M-3")
@pytest.mark.parametrize(
    ("code", "observed", "limit", "wish", "rules", "spec"),
    [
        (Code.REWARD_RISK_TOO_LOW, 2.0, 3.0, {"stop_ticks": 90, "target_ticks": 120}, {"min_reward_risk": 3.0}, {}),
        (Code.STOP_MISSING, 0.0, 0.0, {}, {"require_stop": True}, {}),
        (Code.STOP_MISSING, 0.0, 0.0, {}, RISKY, {}),
        (Code.STOP_WRONG_SIDE, 100.0, 100.0, {"stop_ticks": 100}, {}, {}),
        (Code.STOP_WRONG_SIDE, -5.0, 100.0, {"stop_ticks": -5}, {}, {}),
        (Code.TARGET_WRONG_SIDE, 100.0, 100.0, {"target_ticks": 100}, {}, {}),
        (Code.TARGET_WRONG_SIDE, 95.0, 100.0, TWO_TARGETS, {}, {}),
        (Code.TARGET_WRONG_SIDE, 95.0, 100.0, THREE_TARGETS, {}, {}),
        (Code.TARGET_MISSING, 0.0, 0.0, {"stop_ticks": 90}, {"require_target": True}, {}),
        (Code.ENTRY_INVALID, 0.0, 0.0, {"order_type": OrderType.LIMIT.value, "entry_ticks": 0}, {}, {}),
        (Code.QUANTITY_BELOW_MINIMUM, 1.0, 2.0, {}, {}, {"min_lots": 200}),
        (Code.QUANTITY_BELOW_MINIMUM, 0.0, 0.01, {}, {"size": 0.001}, {}),
        (Code.NOTIONAL_BELOW_MINIMUM, 100.0, 101.0, {}, {}, {"min_notional": 101.0}),
        (Code.MARGIN_INSUFFICIENT, 10.005, 10.0, {}, {}, {"min_lots": 100}),
        (Code.EXPOSURE_EXCEEDED, 100.0, 99.0, {}, {"max_exposure": 0.0099}, {"min_lots": 100}),
        (Code.QUANTITY_BELOW_MINIMUM, 1.0, 1.05, {}, {}, {"min_lots": 100, "market_step_lots": 35}),
        (Code.QUANTITY_BELOW_MINIMUM, 0.5, 0.6, {}, {}, {"min_lots": 60, "market_max_lots": 50}),
        (Code.LEVERAGE_ABOVE_TIER, 101.0, 100.0, {}, {}, {"leverage": 101.0}),
        (Code.EQUITY_EXHAUSTED, 0.0, 0.0, {}, {}, {}),
        (Code.TOO_MANY_POSITIONS, 0.0, 0.0, {}, {"max_positions": 0}, {}),
    ],
)
def test_refusal_has_its_code_and_the_numbers_compared(
    code: Code, observed: float, limit: float, wish: dict[str, Any], rules: dict[str, Any], spec: dict[str, Any]
) -> None:
    """Each refusal names one reason, and the two numbers that decided."""
    market = a_market(FLAT, signals=[a_signal(0, LONG, **wish)], specs=[a_spec(**spec)])
    balance = {Code.EQUITY_EXHAUSTED: 0.0, Code.MARGIN_INSUFFICIENT: 10.0}.get(code, 10_000.0)
    world = run(a_world(market, balance), market, some_rules(**rules))
    line = written(world)["refusals"][0]

    assert (code, pytest.approx(observed), pytest.approx(limit)) == (line["code"], line["observed"], line["limit"])
    assert len(written(world)["fills"]) == 0


@pytest.mark.rule("F-7", "M-5")
def test_margin_that_lacks_is_told_with_all_that_is_open_and_what_stands_behind_it() -> None:
    """8 of 12 are bound by 80 of the first: the least of the second, 50, needs 5.0025 more; equity is 12, not 4."""
    wishes = [a_signal(0, LONG), a_signal(2, LONG, instrument=1)]
    specs = [a_spec(), a_spec(min_lots=50)]
    market = a_market([(80,) * 4] * 5, [(100,) * 4] * 5, signals=wishes, specs=specs)
    (line,) = written(run(a_world(market, 12.0), market, some_rules()))["refusals"]

    assert (Code.MARGIN_INSUFFICIENT, pytest.approx(13.0025), 12.0) == (line["code"], line["observed"], line["limit"])


@pytest.mark.rule("F-7", "M-5")
def test_what_an_isolated_position_keeps_does_not_stand_behind_others() -> None:
    """10 of 14.9 are set aside: 5.0025 are needed for the least of the second, and 4.9 may stand behind it."""
    wishes = [a_signal(0, LONG), a_signal(2, LONG, instrument=1)]
    specs = [a_spec(is_isolated=True), a_spec(min_lots=50)]
    market = a_market([(100,) * 4] * 5, [(100,) * 4] * 5, signals=wishes, specs=specs)
    (line,) = written(run(a_world(market, 14.9), market, some_rules()))["refusals"]

    assert Code.MARGIN_INSUFFICIENT == line["code"]
    assert (pytest.approx(5.0025), pytest.approx(4.9)) == (line["observed"], line["limit"])


@pytest.mark.rule("F-7", "M-3")
def test_an_order_before_the_first_price_is_refused() -> None:
    """An instrument whose bars begin later has no mark: a market order there would have passed as worth nothing."""
    market = a_market([(100,) * 4] * 3, [None, (100,) * 4, (100,) * 4])
    market.mark_close[1, 0] = 0
    orders = [a_command(0, CommandKind.PLACE, instrument=1), a_command(1, CommandKind.PLACE, instrument=1)]
    market = commanded(market, *orders)
    world = run(a_world(market), market, some_rules())

    assert [(Code.NO_PRICE_YET, 0)] == [(r["code"], r["step"]) for r in written(world)["refusals"]]
    assert [(2, 1)] == [(fill["step"], fill["instrument"]) for fill in written(world)["fills"]]


def test_row_that_is_full_takes_no_entry() -> None:
    """An entry needs a place for itself and two for its bracket."""
    market = a_market(FLAT, signals=[a_signal(0, LONG)])
    world = run(a_world(market, room=2), market, some_rules())

    assert [Code.NO_ROOM_FOR_ORDERS] == written(world)["refusals"]["code"].tolist()


def test_reward_to_risk_allows_for_the_rounding_of_prices() -> None:
    """30 for 10 may have been 30.5 for 9.5 before rounding: that is 3.2 times the risk, but never 3.3."""
    wishes = [a_signal(0, LONG, stop_ticks=90, target_ticks=130)]
    market = a_market(FLAT, signals=wishes)

    assert len(written(run(a_world(market), market, some_rules(min_reward_risk=3.2)))["fills"]) == 1
    assert len(written(run(a_world(market), market, some_rules(min_reward_risk=3.3)))["fills"]) == 0


@pytest.mark.parametrize(
    ("rules", "stop", "lots"),
    [
        ({"sizing": Sizing.FIXED_QUANTITY, "size": 1.5}, 90, 150),
        ({"sizing": Sizing.FIXED_NOTIONAL, "size": 250.0}, 90, 250),
        ({"sizing": Sizing.EQUITY_FRACTION, "size": 0.5}, 90, 5_000),
        ({"sizing": Sizing.RISK_FRACTION, "size": 0.01}, 90, 990),
        ({"sizing": Sizing.RISK_FRACTION, "size": 0.01, "max_exposure": 0.02}, 90, 200),
    ],
)
def test_size_is_what_the_rule_says(rules: dict[str, Any], stop: int, lots: int) -> None:
    """By risk: 100 quote / (10 ticks + 190 ticks of both fills at 5 bp), 0.01 quote per tick: 990 lots."""
    spec = a_spec(taker_rate=0.0005)
    market = a_market(FLAT, signals=[a_signal(0, LONG, stop_ticks=stop)], specs=[spec])

    assert lots == run(a_world(market), market, some_rules(**rules)).positions["lots"][0]


@pytest.mark.parametrize("order_type", [OrderType.MARKET, OrderType.LIMIT])
def test_exposure_cap_counts_entries_of_other_instruments_that_still_wait(order_type: OrderType) -> None:
    """Two signals at one close share one cap; the second does not get a cap of its own."""
    first = a_signal(0, LONG, order_type=order_type.value, entry_ticks=99)
    market = a_market(FLAT, FLAT, signals=[first, a_signal(0, LONG, instrument=1)])
    rules = some_rules(sizing=Sizing.EQUITY_FRACTION, size=0.8, max_exposure=1.0)
    world = run(a_world(market), market, rules)

    value = world.positions["lots"] * 1.0
    assert 2_000 <= value[1] <= 2_010
    assert value.sum() <= 10_000


@pytest.mark.rule("M-3")
def test_reversal_with_all_margin_in_use_is_carried_out() -> None:
    """Closing costs are set aside: a reversal at full size is not rejected on arrival, leaving the wrong side open."""
    rows = [(10_000, 10_000, 10_000, 10_000)] * 5
    spec = a_spec(taker_rate=0.0005, cost_rate=0.0002)
    market = a_market(rows, signals=[a_signal(0, LONG), a_signal(2, SHORT)], specs=[spec])
    rules = some_rules(sizing=Sizing.EQUITY_FRACTION, size=20.0)
    world = run(a_world(market), market, rules)

    assert [1, -1] == written(world)["fills"]["side"].tolist()
    assert world.positions["lots"][0] < 0


@pytest.mark.rule("4.0")
def test_entry_that_still_waits_counts_as_a_position() -> None:
    """With room for one position, a waiting entry of another instrument takes it."""
    waits = a_signal(0, LONG, order_type=OrderType.LIMIT.value, entry_ticks=50)
    market = a_market(FLAT, FLAT, signals=[waits, a_signal(0, LONG, instrument=1)])
    world = run(a_world(market), market, some_rules(max_positions=1))

    assert [(1, Code.TOO_MANY_POSITIONS)] == written(world)["refusals"][["instrument", "code"]].tolist()


def test_spot_needs_no_tiers() -> None:
    """Without margin there is no table to read, so none has to be there."""
    spec = a_spec(is_perpetual=False, leverage=1.0)
    market = a_market(FLAT, signals=[a_signal(0, LONG)], specs=[spec])
    market = market._replace(tiers=market.tiers[:0].copy())
    market.specs["tier_stop"] = 0

    assert run(a_world(market), market, some_rules()).positions["lots"][0] == 100
