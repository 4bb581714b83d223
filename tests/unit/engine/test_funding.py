"""When funding is due."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.instrument import Instrument
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.feed import Feed
from tradewright.engine.funding import Schedule, funding_schedule
from tradewright.engine.grid import make_grid
from tradewright.market.bars import make_bars

HOUR = Timeframe.parse("1h")
PERPETUAL = Instrument("BTC/USDT:USDT", "test", funding_hours=8)


def schedule(
    hours: list[int], instrument: Instrument = PERPETUAL, recorded: dict[float, float] | None = None
) -> Schedule:
    """Funding of one instrument with hourly bars at the given hours; `recorded` is hour to rate."""
    price = np.full(len(hours), 100.0)
    bars = make_bars(np.array(hours) * HOUR.ns, (price,) * 4, price, HOUR)
    rates = None
    if recorded is not None:
        times = np.array([round(hour * HOUR.ns) for hour in recorded], np.int64)
        rates = (times, np.array(list(recorded.values())))
    feeds = [Feed(instrument, bars, funding=rates)]
    return funding_schedule(feeds, make_grid(feeds), 0.0001)


@pytest.mark.rule("C-4")
def test_without_a_record_the_instruments_own_hours_stand_with_the_assumed_rate() -> None:
    """Hours 6 to 17 hold two payments of an eight-hour schedule, both assumed."""
    found = schedule(list(range(6, 18)))

    assert [8, 16] == (found.events["ts"] // HOUR.ns).tolist()
    assert [2, 10] == found.events["step"].tolist()
    assert [0.0001, 0.0001] == found.events["rate"].tolist()
    assert found.events["at_open"].all()
    assert found.assumed == (2,)


@pytest.mark.rule("C-4")
def test_recorded_rates_are_used_and_only_the_rest_is_assumed() -> None:
    """A record that ends at hour 8 leaves hour 16 to assumption."""
    found = schedule(list(range(6, 18)), recorded={0: 0.0003, 8: -0.0002})

    assert [-0.0002, 0.0001] == found.events["rate"].tolist()
    assert found.assumed == (1,)


@pytest.mark.rule("C-4")
def test_payment_inside_a_bar_is_not_at_its_open() -> None:
    """A time between open and close belongs to that bar and is settled at its close."""
    found = schedule([6, 7, 8], recorded={6.5: 0.001, 8: 0.002})

    assert [0, 2] == found.events["step"].tolist()
    assert [False, True] == found.events["at_open"].tolist()


@pytest.mark.rule("C-4")
def test_payment_in_a_hole_of_the_data_is_due_at_the_next_open() -> None:
    """Bars 8 to 9 are missing; the position was held, so hour 8 is paid at the open of hour 10."""
    found = schedule([6, 7, 10, 11])

    assert [2] == found.events["step"].tolist()
    assert [True] == found.events["at_open"].tolist()
    assert [8] == (found.events["ts"] // HOUR.ns).tolist()


def test_spot_has_no_funding() -> None:
    """Only perpetual contracts pay funding."""
    assert schedule(list(range(24)), Instrument("BTC/USDT", "test")).events.size == 0


def test_instrument_without_schedule_has_only_what_is_recorded() -> None:
    """`funding_hours` of 0 assumes nothing."""
    own = Instrument("BTC/USDT:USDT", "test", funding_hours=0)

    assert schedule(list(range(24)), own).events.size == 0
    assert schedule(list(range(24)), own, {3: 0.001}).events["rate"].tolist() == [0.001]
