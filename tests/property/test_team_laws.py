"""Laws of several members in one account."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from tradewright.kernels.records import Market
from tradewright.testing.markets import Case, cases, examples, played
from tradewright.testing.teams import as_team, team_cases
from tradewright.testing.worlds import some_rules, written


def with_idler(market: Market) -> Market:
    """The market with one more member that has capital, an instrument, and nothing to say."""

    def longer(array: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(np.concatenate((array, array[:1])))

    columns = ("open", "high", "low", "close", "volume", "has_bar", "impact", "specs")
    marks = ("mark_open", "mark_high", "mark_low", "mark_close")
    wider = market._replace(**{name: longer(getattr(market, name)) for name in (*columns, *marks)})
    idler = np.array([(*some_rules(), 10.0)], dtype=market.team.dtype)
    wider.specs["member"][-1] = market.team.size + 1
    return wider._replace(team=np.concatenate((market.team, idler)))


@pytest.mark.rule("4.11")
@examples(80)
@given(case=team_cases())
def test_an_idle_member_changes_nothing_of_the_others(case: Case) -> None:
    """Whatever the others do, they do it all the same: every log, and the equity of everyone."""
    world, wider = played(case), played(case._replace(market=with_idler(case.market)))

    for name, log in written(world).items():
        assert log.tolist() == written(wider)[name].tolist()
    assert world.equity.tolist() == wider.equity.tolist()
    assert world.shares.tolist() == wider.shares[:-1].tolist()
    assert (wider.shares[-1] == 10.0).all()


@pytest.mark.rule("4.11", "P-3")
@examples(80)
@given(case=cases())
def test_a_member_that_owns_everything_is_the_account(case: Case) -> None:
    """With the account's rules and all its money a member trades as the account would, to the byte."""
    team = as_team(case.market, [(case.rules, case.balance)], [1] * len(case.market.specs))
    world, alone = played(case._replace(market=team)), played(case)

    for name, log in written(alone).items():
        assert log.tolist() == written(world)[name].tolist()
    assert alone.equity.tolist() == world.equity.tolist() == world.shares[0].tolist()


@pytest.mark.rule("P-3")
@examples(80)
@given(case=team_cases())
def test_what_members_own_and_nobody_was_given_is_the_account(case: Case) -> None:
    """Money does not get lost between members: shares and idle cash add up to equity at every close."""
    world = played(case)
    idle = case.balance - float(case.market.team["capital"].sum())

    assert np.allclose(world.shares.sum(axis=0) + idle, world.equity, rtol=1e-12, atol=1e-6)
