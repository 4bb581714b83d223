"""A long and a short leg of one instrument, and rows of one instrument at all: hand-made accounts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tradewright.domain.enums import Code, CommandKind, OrderRole, OrderType, SignalKind
from tradewright.kernels.margin import dies_below, liquidation_ticks
from tradewright.kernels.records import Market, World
from tradewright.testing.teams import as_team
from tradewright.testing.worlds import (
    Row,
    a_command,
    a_market,
    a_signal,
    a_spec,
    a_world,
    commanded,
    hold,
    run,
    some_rules,
    trades,
    written,
)

FLAT = (1_000, 1_000, 1_000, 1_000)


def legs(*bars: Row, **more: Any) -> Market:
    """One instrument with its long leg in row 0 and its short leg in row 1."""
    spec = a_spec(max_conditionals=more.pop("max_conditionals", 0))
    return a_market(bars, bars, specs=[spec | {"underlying": 1, "side": side} for side in (1, -1)], **more)


def holding(market: Market, long: int, short: int, balance: float = 5_000.0) -> World:
    """An account that holds lots of either leg at 1,000 ticks; a tick and a lot are worth 0.01."""
    world = a_world(market, balance)
    hold(world, 0, long, 1_000, 1_000.0)
    hold(world, 1, -short, 1_000, 1_000.0)
    return world


@pytest.mark.rule("P-2", "M-7")
@pytest.mark.parametrize(
    ("long", "short", "price", "falls"),
    [
        # (5,000 - 30 * 1,000 + 10 * 1,000) / (40 * 0.005 - 30 + 10) = 757.58
        (3_000, 1_000, 758, True),
        # (5,000 - 10 * 1,000 + 30 * 1,000) / (40 * 0.005 - 10 + 30) = 1,237.6
        (1_000, 3_000, 1_237, False),
        # (5,000 - 30 * 1,000) / (30 * 0.005 - 30) = 837.5: alone
        (3_000, 0, 838, True),
        # 5,000 / (60 * 0.005) = 16,666.7: only margin grows
        (3_000, 3_000, 16_666, False),
    ],
)
def test_legs_have_one_liquidation_price(long: int, short: int, price: int, falls: bool) -> None:
    """Binance's formula with the terms of both legs; each posts maintenance of its own."""
    market = legs(FLAT)
    world = holding(market, long, short)

    assert dies_below(world, market, 0) == falls
    for k in (0, 1):
        if world.positions[k]["lots"]:
            assert liquidation_ticks(world, market, k) == price


@pytest.mark.rule("P-2", "M-9")
def test_forced_close_takes_both_legs_at_one_price() -> None:
    """Inside the bar at the liquidation price: 5,000 - 30 * 242 + 10 * 242 are left."""
    market = legs(FLAT, (1_000, 1_000, 740, 760))
    world = run(holding(market, 3_000, 1_000), market, some_rules())

    assert [(1, 0, -1, 758, 3_000), (1, 1, 1, 758, 1_000)] == trades(world)
    assert (written(world)["fills"]["role"] == OrderRole.LIQUIDATION).all()
    assert world.account[0]["wallet"] == 160.0


@pytest.mark.rule("P-2", "M-8")
def test_forced_close_after_a_gap_takes_both_legs_at_bankruptcy() -> None:
    """At 750 nothing is left, 5,000 - 20 * 250; the fund pays the rest of the way to the open at 700."""
    market = legs(FLAT, (700, 700, 700, 700))
    world = run(holding(market, 3_000, 1_000), market, some_rules())

    assert [(1, 0, -1, 750, 3_000), (1, 1, 1, 750, 1_000)] == trades(world)
    assert world.account[0]["wallet"] == 0.0


@pytest.mark.rule("P-2")
def test_a_long_that_a_short_covers_outlives_the_fall() -> None:
    """Alone it would be liquidated at 838; with as much on the other side nothing happens down to 500."""
    market = legs(FLAT, (1_000, 1_000, 500, 900))
    world = run(holding(market, 3_000, 3_000), market, some_rules())

    assert [] == trades(world)
    assert world.equity[-1] == 5_000.0


@pytest.mark.rule("P-2", "M-9")
def test_legs_of_one_size_are_closed_where_margin_has_grown_beyond_equity() -> None:
    """Neither gains nor loses on the way up; no price would leave nothing, so none holds the close back."""
    market = legs(FLAT, (1_000, 20_000, 1_000, 18_000))
    world = run(holding(market, 3_000, 3_000), market, some_rules())

    assert [(1, 0, -1, 16_666, 3_000), (1, 1, 1, 16_666, 3_000)] == trades(world)
    assert world.account[0]["wallet"] == 5_000.0


@pytest.mark.rule("P-2")
def test_signals_go_to_the_leg_of_their_side_and_an_exit_to_both() -> None:
    """Long and short stand side by side; nothing turns round."""
    wishes = [a_signal(0, SignalKind.LONG), a_signal(1, SignalKind.SHORT, instrument=1), a_signal(2, SignalKind.EXIT)]
    market = legs(FLAT, FLAT, FLAT, FLAT, signals=wishes)
    world = run(a_world(market), market, some_rules())

    assert [(1, 0, 1, 1_000, 100), (2, 1, -1, 1_000, 100)] == trades(world)[:2]
    assert [(3, 0, -1, 1_000, 100), (3, 1, 1, 1_000, 100)] == trades(world)[2:]


@pytest.mark.rule("P-2")
def test_an_exit_closes_the_leg_that_is_there_and_is_refused_where_none_is() -> None:
    """Said on either leg, it means both."""
    wishes = [a_signal(0, SignalKind.SHORT, instrument=1), a_signal(1, SignalKind.EXIT), a_signal(2, SignalKind.EXIT)]
    market = legs(FLAT, FLAT, FLAT, FLAT, signals=wishes)
    world = run(a_world(market), market, some_rules())

    assert [(1, 1, -1, 1_000, 100), (2, 1, 1, 1_000, 100)] == trades(world)
    assert [Code.NOTHING_TO_EXIT] == written(world)["refusals"]["code"].tolist()


@pytest.mark.rule("R-1")
def test_on_a_leg_what_goes_against_it_only_closes() -> None:
    """The flag itself is refused there, as is closing what the order's side would open."""
    orders = [
        a_command(0, CommandKind.PLACE, lots=50),
        a_command(1, CommandKind.PLACE, side=-1, lots=80),
        a_command(2, CommandKind.PLACE, side=-1, lots=1, reduce_only=True),
        a_command(2, CommandKind.PLACE, type=OrderType.STOP_MARKET, level_ticks=2_000, close_position=True),
    ]
    market = commanded(legs(FLAT, FLAT, FLAT, FLAT), *orders)
    world = run(a_world(market), market, some_rules())

    assert [(1, 0, 1, 1_000, 50), (2, 0, -1, 1_000, 50)] == trades(world)
    assert [Code.LEG_SAYS_WHAT_REDUCES] * 2 == written(world)["refusals"]["code"].tolist()


@pytest.mark.rule("F-4")
def test_orders_of_both_legs_count_towards_the_venue_limit() -> None:
    """The venue counts by instrument."""
    stop = {"type": OrderType.STOP_MARKET, "lots": 1}
    orders = [
        a_command(0, CommandKind.PLACE, level_ticks=1_100, **stop),
        a_command(0, CommandKind.PLACE, level_ticks=900, side=-1, instrument=1, **stop),
    ]
    market = commanded(legs(FLAT, FLAT, max_conditionals=1), *orders)
    world = run(a_world(market), market, some_rules())

    assert [Code.TOO_MANY_CONDITIONALS] == written(world)["refusals"]["code"].tolist()


@pytest.mark.rule("L-4", "C-3")
def test_members_share_the_volume_of_a_bar() -> None:
    """Of 400 lots a quarter may be bought: the first row gets what it wants, the second what is left."""
    bars = (FLAT, FLAT, FLAT)
    spec = a_spec(underlying=1)
    wishes = [a_signal(0, SignalKind.LONG, instrument=k) for k in (0, 1)]
    market = a_market(bars, bars, specs=[spec, spec], signals=wishes, volumes=[[400] * 3, [400] * 3])
    rules = some_rules(participation=0.25, size=0.6)
    market = as_team(market, [(rules, 5_000.0), (rules, 5_000.0)], [1, 2])
    world = run(a_world(market), market, rules)

    assert [(1, 0, 1, 1_000, 60), (1, 1, 1, 1_000, 40), (2, 1, 1, 1_000, 20)] == trades(world)


@pytest.mark.rule("P-3")
def test_what_the_fund_pays_is_credited_to_the_row_closed_last() -> None:
    """Members' shares still add up to the account: 5,000 that were lost, and the fund's part."""
    bars = (FLAT, (500, 500, 500, 500))
    market = a_market(bars, bars, specs=[a_spec(underlying=1, liquidation_rate=0.01)] * 2)
    market = as_team(market, [(some_rules(), 2_500.0), (some_rules(), 2_500.0)], [1, 2])
    world = a_world(market, 5_000.0)
    for k in (0, 1):
        hold(world, k, 1_500, 1_000, 1_000.0)
    run(world, market, some_rules())

    assert world.account[0]["wallet"] == 0.0
    assert world.account[0]["insurance"] > 0.0
    assert np.allclose(world.shares[:, -1].sum(), 0.0, atol=1e-8)


@pytest.mark.rule("P-2", "M-9")
def test_clearance_fee_of_one_leg_does_not_move_the_price_of_the_other() -> None:
    """At 750 nothing is left; the fees of 225 and 75 are the fund's, and the short leg is bought back there as well."""
    spec = a_spec(liquidation_rate=0.01)
    market = a_market(*([FLAT, (700,) * 4],) * 2, specs=[spec | {"underlying": 1, "side": side} for side in (1, -1)])
    world = run(holding(market, 3_000, 1_000), market, some_rules())

    assert [(1, 0, -1, 750, 3_000), (1, 1, 1, 750, 1_000)] == trades(world)
    assert world.account[["wallet", "insurance"]].tolist() == [(0.0, 300.0)]
