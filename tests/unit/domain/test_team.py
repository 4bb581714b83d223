"""Members of a team, and what is refused of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tradewright.domain.errors import InvalidValue
from tradewright.domain.limits import LimitSpec
from tradewright.domain.run import RiskSpec, RunSpec
from tradewright.domain.team import Member, instruments_of, seats_of, settled

BTC, ETH = "BTC/USDT:USDT", "ETH/USDT:USDT"


def member(name: str = "trend", **fields: Any) -> Member:
    """Half of the balance on one instrument."""
    return Member(name, "cross", "1", (), **{"instruments": (BTC,), "share": 0.5} | fields)


def spec(*team: Member) -> RunSpec:
    """A run of a team."""
    return RunSpec("team", "", (), "test", instruments_of(team) or (BTC,), "5m", team=team)


def test_seats_are_the_instruments_of_each_member_in_their_order() -> None:
    """Two members on one instrument have a seat each; numbers begin at 1, and 0 is an account without a team."""
    team = (member("a", instruments=(BTC, ETH)), member("b", instruments=(ETH,)))

    assert seats_of(spec(*team)) == ((1, BTC), (1, ETH), (2, ETH))
    assert seats_of(spec()) == ((0, BTC),)
    assert instruments_of(team) == (BTC, ETH)


def test_a_run_without_a_team_is_described_as_before_there_were_any() -> None:
    """Its fingerprint does not change; that of a team covers every member."""
    assert "team" not in spec().as_dict()
    one, other = spec(member()), spec(member(share=0.4))
    assert one.as_dict()["team"][0]["name"] == "trend"
    assert one.fingerprint != other.fingerprint


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "Trend"}, "name"),
        ({"share": 0.0}, "trend.share"),
        ({"share": 1.01}, "trend.share"),
        ({"share": float("nan")}, "trend.share"),
        ({"instruments": ()}, "trend.instruments"),
        ({"instruments": (BTC, BTC)}, "trend.instruments"),
        ({"risk": (("leverage", 3.0),)}, "trend.risk.leverage"),
    ],
)
def test_a_member_that_cannot_be_is_refused_by_field(fields: dict[str, Any], field: str) -> None:
    """The error names the field as the user wrote it."""
    with pytest.raises(InvalidValue) as error:
        replace(member(), **fields)
    assert error.value.field == field


def test_a_team_is_refused_where_its_members_do_not_go_together() -> None:
    """Names are unique, shares are at most the whole, instruments are the members'."""
    with pytest.raises(InvalidValue, match=r"name: 'a'"):
        spec(member("a", share=0.2), member("a", share=0.2))
    with pytest.raises(InvalidValue, match=r"share: 1\.1 is not allowed"):
        spec(member("a", share=0.6), member("b"))
    with pytest.raises(InvalidValue, match=f"those of the team: {BTC}"):
        replace(spec(member()), instruments=(ETH,))


def test_settings_of_a_member_replace_those_of_the_account() -> None:
    """What it does not say is the account's; what is wrong is named with the member."""
    assert settled(RiskSpec(leverage=2.0), (("size", 0.02),), "a.risk") == RiskSpec(size=0.02, leverage=2.0)
    with pytest.raises(InvalidValue, match=r"a\.risk\.speed: 1 is not allowed; give one of sizing, size"):
        settled(RiskSpec(), (("speed", 1),), "a.risk")
    with pytest.raises(InvalidValue, match=r"a\.limits\.max_heat: -1\.0"):
        settled(LimitSpec(), (("max_heat", -1.0),), "a.limits")
    with pytest.raises(
        InvalidValue, match=r"a\.risk: \{'size': 'much'\} is not allowed; give values of the right types"
    ):
        settled(RiskSpec(), (("size", "much"),), "a.risk")
