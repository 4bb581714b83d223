"""Parents and children: schedules add up, nothing lies beyond the window, nothing is filled twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewright.domain.errors import InvalidValue
from tradewright.domain.timeframe import Timeframe
from tradewright.execution.algorithms import (
    Parent,
    child_commands,
    due_lots,
    iceberg_lots,
    twap,
    volume_profile,
    vwap,
)
from tradewright.execution.parents import worked
from tradewright.kernels.records import World
from tradewright.market.bars import Bars, make_bars
from tradewright.testing.markets import examples
from tradewright.testing.worlds import a_market, a_world, run, some_rules, written

HOUR = 3_600 * 10**9
DAY = 24 * HOUR
FLAT = (100, 101, 99, 100)
PARENT = Parent(tag=100, side=1, lots=10, first=1, last=5)


def played(parent: Parent, schedule: Any, volumes: list[int], participation: float = 1.0) -> World:
    """A schedule followed over flat bars."""
    market = a_market([FLAT] * len(volumes), volumes=[volumes])._replace(commands=child_commands(parent, schedule))
    return run(a_world(market), market, some_rules(participation=participation))


def hourly(volumes: list[float]) -> Bars:
    """Bars of an hour from the epoch on."""
    price = np.full(len(volumes), 100.0)
    return make_bars(np.arange(len(volumes)) * HOUR, (price,) * 4, np.array(volumes), Timeframe(3_600))


@pytest.mark.rule("R-7")
@examples(60)
@given(lots=st.integers(1, 10_000), span=st.integers(1, 60), data=st.data())
def test_children_of_a_twap_sum_to_the_parent_and_differ_by_a_lot_at_most(lots: int, span: int, data: Any) -> None:
    """No lot is lost by rounding, and as many closes as slices send at most a lot more than any other."""
    slices = data.draw(st.integers(1, span))
    schedule = twap(Parent(1, 1, lots, 0, span), slices)
    sent = sorted(schedule.tolist())[span - slices :]

    assert (lots, span) == (schedule.sum(), schedule.size)
    assert sent[-1] - sent[0] <= 1


@pytest.mark.rule("R-7")
def test_vwap_follows_the_volume_of_the_hours_that_its_children_meet() -> None:
    """Three quarters of a day's volume come at noon: three quarters of the parent meet it."""
    profile = np.zeros(24)
    profile[[11, 12]] = 0.25, 0.75
    ts = np.arange(24, dtype=np.int64) * HOUR

    assert [0, 2, 6, 0] == vwap(Parent(1, 1, 8, 9, 13), ts, profile).tolist()


@pytest.mark.rule("R-7", "T-5")
def test_profile_knows_whole_days_before_the_parent_and_nothing_else() -> None:
    """Whatever the day of the parent brings, and all after it, the profile is the same."""
    past, present = [1.0] * 12 + [3.0] * 12, [50.0] * 24
    quiet, loud = (hourly([*past, *past, *(rest * np.ones(48))]) for rest in (1.0, 1e6))
    profiles = [volume_profile(bars, 2 * DAY + 5 * HOUR, slots=2) for bars in (quiet, loud)]

    assert [[0.25, 0.75]] * 2 == [profile.tolist() for profile in profiles]
    assert [0.5, 0.5] == volume_profile(hourly([*past, *present, 1.0]), 2 * DAY, days=1, slots=2).tolist()


@pytest.mark.rule("R-7")
def test_children_carry_their_parent_and_are_found_together() -> None:
    """Two parents in one log; each is put together again from its children alone."""
    other = Parent(tag=200, side=-1, lots=4, first=2, last=4, level_ticks=150)
    market = a_market([FLAT] * 7)
    rows = np.concatenate((child_commands(PARENT, twap(PARENT, 2)), child_commands(other, twap(other, 1))))
    market = market._replace(commands=rows[np.argsort(rows["step"], kind="stable")])
    world = run(a_world(market), market, some_rules())
    first, second = worked(written(world)["closed"], written(world)["fills"])

    assert (100, (1, 3), 10, 10, 100.0) == first[1:]
    assert (200, 4, 0) == (second.parent, second.lots, second.filled)


@pytest.mark.rule("R-7", "L-4")
@pytest.mark.parametrize("level", [0, 100])
def test_nothing_of_a_parent_fills_beyond_its_window(level: int) -> None:
    """Bars that fill two lots each: four bars of the window give eight of ten; the rest goes with its last bar."""
    parent = PARENT._replace(level_ticks=level)
    world = played(parent, twap(parent, 1), [2] * 9)
    (found,) = worked(written(world)["closed"], written(world)["fills"])

    assert all(parent.first < step <= parent.last for step in written(world)["fills"]["step"])
    assert found.filled <= 8
    assert 0 == world.positions[0]["n_orders"]


@pytest.mark.rule("R-7")
@examples(100)
@given(lots=st.integers(1, 500), span=st.integers(1, 30), shown=st.integers(0, 40), data=st.data())
def test_parent_is_never_overfilled_whatever_becomes_of_its_children(
    lots: int, span: int, shown: int, data: Any
) -> None:
    """Each child fills in parts, or is cancelled; what was sent and can still fill never exceeds what is lacking."""
    parent = Parent(1, 1, lots, 0, span)
    schedule, filled, working = twap(parent, span), 0, 0
    for step in range(span + 3):
        more = (
            iceberg_lots(parent, shown, step, filled, working)
            if shown
            else due_lots(parent, schedule, step, filled, working)
        )
        assert more == 0 or step < span
        working += more
        assert filled + working <= lots
        done = data.draw(st.integers(0, working))
        filled, working = filled + done, data.draw(st.sampled_from((0, working - done)))


@pytest.mark.rule("R-7")
def test_what_a_cancelled_child_left_is_sent_again() -> None:
    """Seven are due by the third close, three are filled and none is working: four are asked for."""
    parent = Parent(1, 1, 10, 0, 4)

    assert [2, 5, 7] == [due_lots(parent, twap(parent, 4), step, filled=0, working=0) for step in range(3)]
    assert 4 == due_lots(parent, twap(parent, 4), 2, filled=3, working=0)
    assert 0 == due_lots(parent, twap(parent, 4), 4, filled=3, working=0)


@pytest.mark.rule("R-7")
def test_iceberg_shows_its_next_part_when_the_last_is_gone() -> None:
    """Four at a time of ten; the last part is what is left."""
    parts = [
        iceberg_lots(PARENT, 4, 2, filled, working) for filled, working in ((0, 0), (2, 2), (4, 0), (8, 0), (10, 0))
    ]

    assert [4, 0, 4, 2, 0] == parts


@pytest.mark.parametrize(("call", "field"), [
    (lambda: twap(PARENT._replace(tag=0), 1), "tag"),
    (lambda: twap(PARENT._replace(side=0), 1), "side"),
    (lambda: twap(PARENT._replace(lots=0), 1), "lots"),
    (lambda: twap(PARENT._replace(last=1), 1), "last"),
    (lambda: twap(PARENT, 5), "slices"),
    (lambda: vwap(PARENT, np.arange(5), np.ones(1)), "last"),
    (lambda: vwap(PARENT, np.arange(6), np.zeros(1)), "profile"),
    (lambda: volume_profile(hourly([1.0] * 24), DAY, days=0), "days"),
    (lambda: volume_profile(hourly([1.0] * 24), DAY, slots=0), "slots"),
    (lambda: volume_profile(hourly([1.0] * 24), DAY // 2), "before"),
    (lambda: iceberg_lots(PARENT, 0, 1, 0, 0), "shown"),
])  # fmt: skip
def test_what_cannot_be_worked_is_refused_by_name(call: Any, field: str) -> None:
    """Field, value, and what is allowed."""
    with pytest.raises(InvalidValue, match=field):
        call()
