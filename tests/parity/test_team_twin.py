"""Several members in one account: the engine against its slow twin."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from tradewright.testing.markets import Case, examples, played
from tradewright.testing.teams import hedged_cases, shared_cases, team_cases
from tradewright.testing.twin import Twin
from tradewright.testing.worlds import written


def rows(log: Any) -> list[dict[str, Any]]:
    """Records as plain mappings."""
    return [dict(zip(log.dtype.names, line.item(), strict=True)) for line in log]


def compare(case: Case) -> None:
    """Hold the engine against the twin."""
    world = played(case)
    twin = Twin(case.market, case.rules, case.balance, finer=case.finer).run()
    logs = written(world)

    assert twin.books.refusals == rows(logs["refusals"])
    assert twin.books.fills == rows(logs["fills"])
    assert twin.books.closed == rows(logs["closed"])
    assert twin.books.payments == rows(logs["payments"])
    assert twin.books.wallet == world.account[0]["wallet"]
    assert twin.liquidations == world.account[0]["n_liquidations"]
    assert twin.curves == [world.equity.tolist(), *world.shares.tolist()]


@pytest.mark.rule("4.11", "P-3")
@examples(150)
@given(case=team_cases())
def test_team_on_any_market_equals_the_slow_twin(case: Case) -> None:
    """Every fill, closed order, payment and refusal, and the equity of account and members, is the twin's."""
    compare(case)


@pytest.mark.rule("4.11", "L-4")
@examples(150)
@given(case=shared_cases())
def test_members_on_one_instrument_equal_the_slow_twin(case: Case) -> None:
    """They share its volume, its filters, its coin and one liquidation price."""
    compare(case)


@pytest.mark.rule("4.11", "P-2", "R-1")
@examples(150)
@given(case=hedged_cases())
def test_hedge_on_any_market_equals_the_slow_twin(case: Case) -> None:
    """A long and a short leg for each row, with and without a team."""
    compare(case)
