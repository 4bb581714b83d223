"""Fees that fall with the turnover of thirty days."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.enums import SignalKind
from tradewright.kernels.records import World
from tradewright.testing.markets import slower
from tradewright.testing.worlds import a_market, a_signal, a_spec, a_world, digest, run, some_rules, written

LONG, EXIT = SignalKind.LONG, SignalKind.EXIT
TIERS = np.array([(0.0, 0.001, 0.002), (150.0, 0.0005, 0.001), (400.0, -0.0001, 0.0005)])
DAY = 1_440


def a_month(*days: int, count: int = 40, **fields: object):
    """Days of 100 ticks; at the close before each of `days` in turn one unit, worth 100 quote, is bought or sold."""
    wishes = [a_signal(day - 1, EXIT if place % 2 else LONG) for place, day in enumerate(days)]
    spec = a_spec(has_fee_tiers=True, maker_rate=9.0, taker_rate=9.0) | fields
    return slower(a_market([(100,) * 4] * count, signals=wishes, specs=[spec])._replace(fees=TIERS), DAY)


def fees_of(market) -> list[float]:
    """What each fill paid."""
    return written(run(a_world(market, 1e6), market, some_rules()))["fills"]["fee"].tolist()


@pytest.mark.rule("C-1")
def test_c1_tier_follows_from_the_days_before_today() -> None:
    """100, 100 and 100 traded on three days: the third day knows of 200 only, the fifth of 400."""
    assert [0.2, 0.2, 0.1, 0.1, 0.05] == fees_of(a_month(1, 2, 3, 4, 5))


@pytest.mark.rule("C-1")
def test_c1_turnover_of_today_counts_from_tomorrow_on() -> None:
    """200 on one day, by two hours of it, pay the first tier; the day after is the second's."""
    wishes = [a_signal(0, LONG), a_signal(1, EXIT), a_signal(24, LONG)]
    spec = a_spec(has_fee_tiers=True)
    market = a_market([(100,) * 4] * 30, signals=wishes, specs=[spec])._replace(fees=TIERS)

    assert [0.2, 0.2, 0.1] == fees_of(slower(market, 60))


@pytest.mark.rule("C-1")
@pytest.mark.parametrize(("day", "fee"), [(31, 0.1), (32, 0.2)])
def test_c1_turnover_of_more_than_thirty_days_ago_is_forgotten(day: int, fee: float) -> None:
    """100 on day 1 and on day 2 are 200 for day 31, and 100 for day 32."""
    assert fee == fees_of(a_month(1, 2, day))[-1]


@pytest.mark.rule("C-1")
def test_c1_instrument_without_tiers_keeps_its_own_rates() -> None:
    """Spot beside a table of perpetuals pays what it says itself."""
    assert [0.1, 0.1, 0.1] == fees_of(a_month(1, 2, 3, has_fee_tiers=False, taker_rate=0.001))


@pytest.mark.rule("C-1", "4.11")
def test_c1_run_stopped_and_resumed_remembers_its_turnover() -> None:
    """The days are in the arrays: a copy of them goes on at the same tier."""
    market = a_month(1, 2, 3, 4, 5)
    half = run(a_world(market, 1e6), market, some_rules(), 4)
    copy = World(*(array.copy() for array in half))

    assert digest(run(copy, market, some_rules())) == digest(run(a_world(market, 1e6), market, some_rules()))
    assert 400.0 == copy.turnover[[1, 2, 3, 4]].sum()
