"""Several members in one account: the engine against its slow twin."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from tradewright.testing.markets import Case, examples, played
from tradewright.testing.teams import team_cases
from tradewright.testing.twin import Twin
from tradewright.testing.worlds import written


def rows(log: Any) -> list[dict[str, Any]]:
    """Records as plain mappings."""
    return [dict(zip(log.dtype.names, line.item(), strict=True)) for line in log]


@pytest.mark.rule("4.11", "P-3")
@examples(150)
@given(case=team_cases())
def test_team_on_any_market_equals_the_slow_twin(case: Case) -> None:
    """Every fill, closed order, payment and refusal, and the equity of account and members, is the twin's."""
    world = played(case)
    twin = Twin(case.market, case.rules, case.balance, finer=case.finer).run()
    logs = written(world)

    assert twin.books.refusals == rows(logs["refusals"])
    assert twin.books.fills == rows(logs["fills"])
    assert twin.books.closed == rows(logs["closed"])
    assert twin.books.payments == rows(logs["payments"])
    assert twin.books.wallet == world.account[0]["wallet"]
    assert twin.curves == [world.equity.tolist(), *world.shares.tolist()]
