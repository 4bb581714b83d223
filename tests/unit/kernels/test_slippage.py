"""What a taker pays beyond the price he meets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tradewright.domain.enums import Code, CommandKind, OrderStatus, OrderType, SignalKind, Slippage
from tradewright.kernels.slippage import half_spread, taker_ticks
from tradewright.testing.worlds import (
    a_command,
    a_market,
    a_signal,
    a_spec,
    a_world,
    commanded,
    marked,
    run,
    some_rules,
    trades,
    written,
)

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


def spread_market(rows: list[tuple[int, int, int, int]], halves: list[float], *wishes: dict[str, Any], **fields: Any):
    """Bars with half of the spread recorded for each."""
    spec = a_spec(has_spread=True, **fields)
    return a_market(rows, signals=wishes, specs=[spec])._replace(spread=np.array([halves]))


@pytest.mark.rule("C-2")
def test_c2_recorded_spread_takes_the_place_of_the_assumed_one() -> None:
    """Half a spread of 7 ticks and slippage of 0.2 %: 1,009 to a buyer, where 0.1 % was assumed it would be 1,003."""
    fields = {"cost_rate": 0.003, "spread_rate": 0.001}
    market = spread_market([FLAT] * 2, [7.0, 0.5], **fields)

    assert [1_009, 991] == [taker_ticks(market, 0, 0, side, 7, 1_000) for side in (1, -1)]
    assert 1_003 == taker_ticks(market, 0, 1, 1, 7, 1_000)
    assert [7.0, 1.0] == [half_spread(m, 0, 0, 1_000) for m in (market, a_market([FLAT], specs=[a_spec(**fields)]))]


@pytest.mark.rule("C-2")
def test_c2_a_fill_pays_the_spread_of_its_own_bar() -> None:
    """Decided at the first close, filled at the second open: half a spread of 4 ticks, no other bar's."""
    market = spread_market([FLAT] * 3, [1.0, 4.0, 9.0], a_signal(0, SignalKind.LONG))

    assert [(1, 0, 1, 1_004, 100)] == trades(run(a_world(market), market, some_rules()))


BOUND = {"slippage": Slippage.TICKS.value, "slippage_size": 80.0, "take_bound": 0.05}


@pytest.mark.rule("C-2")
@pytest.mark.parametrize(("kind", "ticks"), [(SignalKind.LONG, 1_050), (SignalKind.SHORT, 950)])
def test_c2_a_takers_price_ends_at_the_bound(kind: SignalKind, ticks: int) -> None:
    """Eighty ticks of slippage on a mark of 1,000, and five per cent at most: fifty."""
    market = a_market([FLAT] * 2, signals=[a_signal(0, kind)], specs=[a_spec(**BOUND)])

    assert ticks == trades(run(a_world(market), market, some_rules()))[0][3]


@pytest.mark.rule("C-2")
def test_c2_a_limit_knows_no_bound() -> None:
    """A limit that takes has a price of its own: 1,080 is not beyond it."""
    entry = a_signal(0, SignalKind.LONG, order_type=OrderType.LIMIT.value, entry_ticks=1_090)
    market = a_market([FLAT] * 2, signals=[entry], specs=[a_spec(**BOUND)])

    assert 1_080 == trades(run(a_world(market), market, some_rules()))[0][3]


@pytest.mark.rule("C-2")
def test_c2_an_entry_expires_where_the_market_is_beyond_the_bound() -> None:
    """Trades at 1,000 and the mark at 900: nobody may buy more than five per cent above it; selling is free."""
    rows, mark = [FLAT] * 3, [(900,) * 4] * 3
    ends = []
    for kind in (SignalKind.LONG, SignalKind.SHORT):
        market = marked(a_market(rows, signals=[a_signal(0, kind)], specs=[a_spec(take_bound=0.05)]), mark)
        world = run(a_world(market), market, some_rules())
        ends.append([(line["status"], line["code"]) for line in written(world)["closed"]])

    assert [(OrderStatus.REJECTED, Code.BEYOND_TAKE_BOUND)] == ends[0]
    assert [(OrderStatus.FILLED, Code.OK)] == ends[1]


@pytest.mark.rule("C-2")
@pytest.mark.parametrize("inside", [True, False])
def test_c2_a_stop_loss_beyond_the_bound_waits_and_is_not_lost(inside: bool) -> None:
    """Trades crash to 900 while the mark stays: the stop is pulled, waits, and sells once the two have met again."""
    crash = (1_000, 1_000, 900, 900) if inside else (900, 900, 900, 900)
    far = (1_000, 1_100, 1_000, 1_100) if inside else (1_000,) * 4
    rows = [FLAT, FLAT, crash, (900,) * 4, (960,) * 4]
    mark = [FLAT, FLAT, far, (1_000,) * 4, (1_000,) * 4]
    wish = a_signal(0, SignalKind.LONG, stop_ticks=950)
    spec = a_spec(take_bound=0.05, leverage=2.0)
    market = marked(a_market(rows, signals=[wish], specs=[spec]), mark)
    world = run(a_world(market), market, some_rules())

    expected = (2, 0, -1, 950, 100) if inside else (4, 0, -1, 960, 100)
    assert [(1, 0, 1, 1_000, 100), expected] == trades(world)


@pytest.mark.rule("C-2")
def test_c2_an_order_as_such_expires_beyond_the_bound_even_where_it_reduces() -> None:
    """What a strategy gives itself is the venue's to refuse: -4131."""
    orders = [
        a_command(0, CommandKind.PLACE, lots=5),
        a_command(1, CommandKind.PLACE, side=-1, lots=5, reduce_only=True),
    ]
    rows, mark = [FLAT, FLAT, (900,) * 4], [FLAT, FLAT, FLAT]
    market = commanded(marked(a_market(rows, specs=[a_spec(take_bound=0.05)]), mark), *orders)
    world = run(a_world(market), market, some_rules())

    assert [Code.OK, Code.BEYOND_TAKE_BOUND] == written(world)["closed"]["code"].tolist()
