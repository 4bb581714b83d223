"""What may be asked in a span of time."""

from __future__ import annotations

import random

import pytest

from tradewright.adapters.venues.transport.budget import Budget


def test_a_cost_that_fits_goes_at_once_and_one_that_does_not_waits_for_room() -> None:
    """The wait ends when so much of what was taken has left the span that the cost fits."""
    budget = Budget(10, 60.0)
    for ts, cost in ((0.0, 4), (5.0, 4)):
        assert 0.0 == budget.wait(cost, ts)
        budget.take(cost, ts)
    assert 0.0 == budget.wait(2, 6.0)
    assert 54.0 == budget.wait(3, 6.0)
    assert 59.0 == budget.wait(10, 6.0)
    assert 0.0 == budget.wait(6, 60.0)


def test_no_span_wherever_it_begins_holds_more_than_the_limit() -> None:
    """A venue whose minute begins at any moment of ours never counts more than its limit."""
    chance, budget, now = random.Random(4), Budget(100, 60.0), 0.0
    taken: list[tuple[float, int]] = []
    for _ in range(2_000):
        cost = chance.choice((1, 2, 5, 10, 20))
        while wait := budget.wait(cost, now):
            now += wait
        budget.take(cost, now)
        taken.append((now, cost))
        now += chance.expovariate(2.0)
    ends = [sum(cost for ts, cost in taken if begin <= ts < begin + 60.0) for begin in range(0, int(now), 7)]
    assert 100 >= max(ends)
    assert 90 < max(ends)  # and it is used


def test_the_venues_own_count_stands_for_what_others_of_our_address_ask() -> None:
    """A header that tells more than we took is counted at once; one that tells less changes nothing."""
    budget = Budget(100, 60.0, "X-MBX-USED-WEIGHT-1M")
    budget.take(10, 0.0)
    budget.learn(95, 1.0)
    assert 95 == budget.used(1.0)
    budget.learn(20, 2.0)
    assert 95 == budget.used(2.0)
    assert 0.0 < budget.wait(10, 2.0)
    assert "x-mbx-used-weight-1m" == budget.header


def test_what_is_not_urgent_leaves_a_share_to_what_is() -> None:
    """With 75 of 100 taken a download waits, an order does not."""
    budget = Budget(100, 60.0)
    budget.take(75, 0.0)
    assert 59.0 == budget.wait(5, 1.0, share=0.75)
    assert 0.0 == budget.wait(5, 1.0)


def test_a_cost_above_the_limit_goes_when_nothing_else_was_taken() -> None:
    """It can never fit, so it waits for an empty span instead of for ever."""
    budget = Budget(10, 60.0)
    assert 0.0 == budget.wait(40, 0.0)
    budget.take(1, 0.0)
    assert 60.0 == budget.wait(40, 0.0)


@pytest.mark.parametrize("cost", [1, 50])
def test_a_closed_budget_gives_nothing_until_it_opens(cost: int) -> None:
    """When the venue asks for quiet, even what would fit waits; a later word does not shorten an earlier one."""
    budget = Budget(100, 60.0)
    budget.close(30.0)
    budget.close(10.0)
    assert 25.0 == budget.wait(cost, 5.0)
    assert 0.0 == budget.wait(cost, 30.0)
