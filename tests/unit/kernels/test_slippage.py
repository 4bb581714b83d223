"""What a taker pays beyond the price he meets."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.enums import OrderType, SignalKind, Slippage
from tradewright.kernels.slippage import taker_ticks
from tradewright.testing.worlds import a_market, a_signal, a_spec, a_world, run, some_rules, trades, written

FLAT = (1_000,) * 4


def a_priced_market(model: Slippage, size: float, volume: int = 100, **fields: float):
    """One bar at 1,000 ticks with a volume, and a model."""
    spec = a_spec(slippage=model.value, slippage_size=size, **fields)
    return a_market([FLAT], specs=[spec], volumes=[[volume]])


@pytest.mark.rule("C-2")
def test_c2_ticks_come_on_top_of_half_the_spread() -> None:
    """1,000 with a cost of a thousandth and two ticks: a buyer pays 1,003, a seller gets 997."""
    market = a_priced_market(Slippage.TICKS, 2.0, cost_rate=0.001)

    assert [1_003, 997] == [taker_ticks(market, 0, 0, side, 7, 1_000) for side in (1, -1)]


@pytest.mark.rule("C-2")
@pytest.mark.parametrize(
    ("lots", "volume", "expected"),
    [(0, 100, 1_000), (10, 100, 1_001), (50, 100, 1_025), (100, 100, 1_100), (900, 100, 1_100), (1, 0, 1_100)],
)
def test_c2_volume_share_is_squared_and_at_most_the_whole_bar(lots: int, volume: int, expected: int) -> None:
    """A tenth of the price for the whole volume, a quarter of that for half of it, never more than for all of it."""
    market = a_priced_market(Slippage.VOLUME_SHARE, 0.1, volume)

    assert expected == taker_ticks(market, 0, 0, 1, lots, 1_000)


@pytest.mark.rule("C-2")
def test_c2_square_root_impact_doubles_when_the_quantity_is_four_times_as_much() -> None:
    """Factor 2 times a thousandth for each root of lots: 4 ticks for 4 lots, 8 for 16; a sale mirrors it."""
    market = a_priced_market(Slippage.SQUARE_ROOT, 2.0)._replace(impact=np.array([[0.001]]))

    assert [1_004, 1_008] == [taker_ticks(market, 0, 0, 1, lots, 1_000) for lots in (4, 16)]
    assert 996 == taker_ticks(market, 0, 0, -1, 4, 1_000)


@pytest.mark.rule("C-2")
def test_c2_slippage_inside_a_bar_ends_at_what_was_traded() -> None:
    """A stop at 950 with 20 ticks of slippage in a bar that fell to 940 sells at 940, not at 930; maker pays none."""
    rows = [FLAT, FLAT, (1_000, 1_000, 940, 1_000)]
    spec = a_spec(slippage=Slippage.TICKS.value, slippage_size=20.0)
    entry = a_signal(0, SignalKind.LONG, stop_ticks=950)
    world = run(
        a_world(a_market(rows, signals=[entry], specs=[spec])),
        a_market(rows, signals=[entry], specs=[spec]),
        some_rules(),
    )

    assert [1_020, 940] == [ticks for *_, ticks, _ in trades(world)]
    assert [20.0, 10.0] == written(world)["fills"]["slippage"].tolist()


@pytest.mark.rule("C-2", "L-1")
def test_c2_limit_never_pays_slippage() -> None:
    """A limit at 990 that the bar goes through fills at 990, whatever takers pay."""
    rows = [FLAT, (1_000, 1_000, 900, 1_000)]
    spec = a_spec(slippage=Slippage.VOLUME_SHARE.value, slippage_size=1.0)
    entry = a_signal(0, SignalKind.LONG, order_type=OrderType.LIMIT.value, entry_ticks=990)
    market = a_market(rows, signals=[entry], specs=[spec], volumes=[[10, 10]])

    assert [990] == [ticks for *_, ticks, _ in trades(run(a_world(market), market, some_rules()))]


@pytest.mark.rule("C-2")
def test_c2_forced_close_pays_for_its_size_but_not_beyond_bankruptcy() -> None:
    """It asks nobody for volume: its share is the whole bar, and bankruptcy bounds what that costs."""
    rows = [FLAT, FLAT, (1_000, 1_000, 500, 600)]
    spec = a_spec(slippage=Slippage.VOLUME_SHARE.value, slippage_size=0.05, leverage=10.0)
    market = a_market(rows, signals=[a_signal(0, SignalKind.LONG)], specs=[spec], volumes=[[10**9, 10**9, 1]])
    world = run(a_world(market, 150.0), market, some_rules())
    forced = written(world)["fills"][1]

    # 100 lots at 1,000 with 150 quote: bankrupt at 850; liquidated at 855 where half a per cent of margin is left.
    assert 850 == forced["ticks"]
    assert 5.0 == forced["slippage"]
