"""Margin by tiers, and the price of liquidation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewright.kernels.margin import bankruptcy_ticks, initial_margin, liquidation_ticks, maintenance, tier_row
from tradewright.testing.markets import examples
from tradewright.testing.worlds import a_market, a_spec, a_world, hold, the_tiers

LAW = examples(60)

TABLES = st.lists(
    st.tuples(st.integers(1, 10_000), st.floats(0.001, 0.3)), min_size=1, max_size=6, unique_by=lambda row: row[0]
)


@pytest.mark.rule("M-2")
@LAW
@given(table=TABLES)
def test_maintenance_margin_is_continuous_at_every_tier(table: list[tuple[int, float]]) -> None:
    """M-2: a cent more notional never costs more than a cent's margin, whatever the table."""
    floors = [0.0, *sorted(float(floor) for floor, _ in table)]
    rates = [0.0005, *sorted(rate for _, rate in table)]
    tiers = [(floor, rate, 10.0) for floor, rate in zip(floors, rates, strict=True)]
    market = a_market([(100, 100, 100, 100)], tiers=tiers)

    for floor in floors[1:]:
        below, above = maintenance(market, 0, floor - 1e-6), maintenance(market, 0, floor + 1e-6)
        assert below <= above <= below + 2e-6


@pytest.mark.rule("M-6", "M-7")
@LAW
@given(
    side=st.sampled_from((1, -1)),
    lots=st.integers(1, 5_000),
    entry=st.integers(50, 5_000),
    wallet=st.floats(1.0, 20_000.0),
)
def test_liquidation_price_is_where_equity_meets_maintenance(side: int, lots: int, entry: int, wallet: float) -> None:
    """M-7: at the liquidation price margin still suffices, a tick further it does not; else there is no such price."""
    tiers = [(0.0, 0.004, 125.0), (500.0, 0.01, 50.0), (20_000.0, 0.05, 10.0)]
    market = a_market([(entry,) * 4], tiers=tiers)
    world = a_world(market, wallet)
    hold(world, 0, side * lots, entry, entry)

    def excess(ticks: float) -> float:
        value = lots * ticks * 0.01
        _, rate, cum, _ = next(row for row in the_tiers(tiers)[::-1] if row[0] <= value)
        return wallet + side * lots * (ticks - entry) * 0.01 - value * rate + cum

    level = liquidation_ticks(world, market, 0)
    if level == 0:
        assert side > 0
        assert excess(0.0) >= -1e-6
    else:
        assert excess(level - side) < 1e-6
        assert excess(level) >= -1e-3 or level == 1


def held(market, wallet, *positions):
    """A world with these positions of (lots, entry, mark)."""
    world = a_world(market, wallet)
    for k, (lots, entry, mark) in enumerate(positions):
        hold(world, k, lots, mark, entry)
    return world


@pytest.mark.rule("M-7")
@pytest.mark.parametrize(
    ("others_margin", "others_profit", "cum", "quantity", "entry", "rate", "expected"),
    [
        (356_512.508, -448_192.89, 16_300.0, 109.488, 32_481.98, 0.025, 26_316.89),
        (71_200.81144, -56_354.57, 135_365.0, 3_683.979, 1_456.84, 0.10, 1_153.26),
    ],
)
def test_m7_liquidation_price_is_that_of_the_two_examples_of_the_venue(
    others_margin: float, others_profit: float, cum: float, quantity: float, entry: float, rate: float, expected: float
) -> None:
    """The formula gives, to the cent, what Binance publishes for two cross longs with 1,535,443.01 in the wallet."""
    ticks = round(entry * 100)
    spec = a_spec(tick_value=0.01 * 0.001)
    other = a_spec(tick_value=1.0)
    market = a_market([(ticks,) * 4], [(10_000_000,) * 4], specs=[spec, other], tiers=[(0.0, rate, 1.0)])
    market.tiers[0, 2] = cum
    # The other contract: one lot whose open profit and maintenance margin are those of the example.
    market.tiers.resize((2, 4), refcheck=False)
    market.tiers[1] = (0.0, others_margin / 1_000_000.0, 0.0, 1.0)
    market.specs[1]["tier_start"], market.specs[1]["tier_stop"] = 1, 2
    mark = 1_000_000
    world = held(market, 1_535_443.01, (round(quantity * 1000), ticks, ticks), (1, mark - others_profit, mark))

    assert abs(expected - liquidation_ticks(world, market, 0) / 100) <= 0.01 + 1e-9


@pytest.mark.rule("M-1")
@pytest.mark.real_data
def test_m1_every_tier_of_the_venue_has_the_cumulative_amount_that_the_formula_gives(real_data: Path) -> None:
    """Recomputed from floors and rates, `cum` is the venue's own for each tier, and margin is continuous there."""
    tables = json.loads((real_data / "binance-usdm-leverage-tiers.json").read_text(encoding="utf-8"))
    checked = 0
    for rows in tables.values():
        tiers = [(row["minNotional"], row["maintenanceMarginRate"], row["maxLeverage"]) for row in rows]
        market = a_market([(100,) * 4], tiers=tiers)
        for row, ours in zip(rows, the_tiers(tiers), strict=True):
            floor = row["minNotional"]
            assert row["info"]["cum"] == pytest.approx(ours[2], abs=1e-4)
            assert tier_row(market, 0, floor) == row["tier"] - 1
            if floor > 0:
                below = maintenance(market, 0, floor * (1 - 1e-12))
                assert below == pytest.approx(maintenance(market, 0, floor), abs=1e-2)
            checked += 1

    assert checked == sum(len(rows) for rows in tables.values())
    assert checked > 50


@pytest.mark.rule("M-2")
def test_m2_maintenance_of_spot_is_nothing() -> None:
    """Spot owes nothing, so nothing can be liquidated."""
    market = a_market([(100,) * 4], specs=[a_spec(is_perpetual=False)])
    world = held(market, 10.0, (100, 100, 100))

    assert maintenance(market, 0, 1e9) == 0.0
    assert liquidation_ticks(world, market, 0) == 0


@pytest.mark.rule("M-3")
def test_m3_initial_margin_is_notional_by_leverage_without_the_one_left_out() -> None:
    """Two positions of 100 quote at leverage 10 need 10 each; leaving one out leaves 10."""
    market = a_market([(100,) * 4], [(100,) * 4])
    world = held(market, 1000.0, (100, 100, 100), (-100, 100, 100))

    assert initial_margin(world, market, -1) == pytest.approx(20.0)
    assert initial_margin(world, market, 1) == pytest.approx(10.0)


@pytest.mark.rule("M-7")
def test_m7_flat_instrument_has_no_liquidation_price() -> None:
    """Where nothing is held nothing can be taken."""
    market = a_market([(100,) * 4])
    assert liquidation_ticks(a_world(market), market, 0) == 0


@pytest.mark.rule("M-7")
def test_m7_long_covered_down_to_zero_has_no_liquidation_price() -> None:
    """A wallet that pays for the whole fall is never liquidated."""
    market = a_market([(100,) * 4])
    assert liquidation_ticks(held(market, 200.0, (100, 100, 100)), market, 0) == 0


@pytest.mark.rule("M-7")
def test_m7_short_that_no_price_can_save_is_liquidated_at_any_price() -> None:
    """Another position has eaten the account: the short's liquidation price is the lowest there is, not none."""
    market = a_market([(100,) * 4], [(100,) * 4])
    world = held(market, 10.0, (-10, 100, 100), (1_000, 100, 5))

    assert liquidation_ticks(world, market, 0) == 1


@pytest.mark.rule("M-7")
def test_m7_liquidation_price_at_a_whole_tick_is_not_moved_by_the_noise_of_floats() -> None:
    """199 = 0.995 * 200: exactly tick 200 for a long, where a plain ceiling of the float could say 201."""
    for scale in (1, 3, 7, 11, 13):
        entry = 1_000 * scale
        market = a_market([(entry,) * 4], specs=[a_spec(tick_value=0.001)])
        wallet = 100 * 0.001 * (entry - 0.995 * 200 * scale)
        assert liquidation_ticks(held(market, wallet, (100, entry, entry)), market, 0) == 200 * scale


@pytest.mark.rule("M-8")
def test_m8_bankruptcy_is_where_the_account_is_worth_nothing() -> None:
    """Entry 100 with 1 quote per tick and 11 in the wallet: 89 for a long, 111 for a short."""
    market = a_market([(100,) * 4])
    assert bankruptcy_ticks(held(market, 11.0, (100, 100, 100)), market, 0) == pytest.approx(89.0)
    assert bankruptcy_ticks(held(market, 11.0, (-100, 100, 100)), market, 0) == pytest.approx(111.0)
