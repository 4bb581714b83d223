"""Orders go to a venue with money only where all four conditions are met, and a permit cannot be made otherwise."""

from __future__ import annotations

import itertools

import pytest

from tradewright.domain.errors import InvalidValue
from tradewright.services.live.permit import Approval, LivePermit, NotPermitted, approve, grant

NOW = 1_700_000_000_000_000_000
HOUR_NS = 3_600_000_000_000
APPROVAL = approve("binance", "ann", NOW, 24.0, 500.0)
CONDITIONS = ("TRADING_MODE=live", "TRADING_APPROVED=true", "keys")


@pytest.mark.parametrize("met", list(itertools.product([True, False], repeat=4)), ids=str)
def test_all_four_conditions_are_needed(met: tuple[bool, ...]) -> None:
    """Sixteen cases: the permit is given in one of them, and each refusal names exactly what is missing."""
    missing = [words for words, there in zip(CONDITIONS, met, strict=False) if not there]
    approval = APPROVAL if met[3] else None
    if all(met):
        assert grant(missing, approval, "binance", NOW).venue == "binance"
        return
    with pytest.raises(NotPermitted) as refused:
        grant(missing, approval, "binance", NOW)
    told = str(refused.value)
    assert [words in told for words in CONDITIONS] == [not there for there in met[:3]]
    assert ("tradewright live approve binance" in told) is not met[3]


def test_approval_ends_by_itself() -> None:
    """A second before its end it is good, at its end it is not."""
    assert grant((), APPROVAL, "binance", NOW + 24 * HOUR_NS - 1).venue == "binance"
    with pytest.raises(NotPermitted, match="ended at 2023-11-15T22:13:20Z"):
        grant((), APPROVAL, "binance", NOW + 24 * HOUR_NS)


def test_approval_of_one_venue_is_none_of_another() -> None:
    """What was approved of at one exchange says nothing of another."""
    with pytest.raises(NotPermitted, match="approve kraken"):
        grant((), APPROVAL, "kraken", NOW)


def test_permit_is_made_by_grant_alone() -> None:
    """Nobody writes himself a permit."""
    with pytest.raises(NotPermitted, match="grant"):
        LivePermit(object(), APPROVAL)


@pytest.mark.parametrize(
    ("hours", "capital", "field"), [(0.0, 1.0, "hours"), (1e9, 1.0, "hours"), (1.0, 0.0, "capital")]
)
def test_terms_of_an_approval_are_bounded(hours: float, capital: float, field: str) -> None:
    """For ever, for no time and for no money are refused by name."""
    with pytest.raises(InvalidValue, match=field):
        approve("binance", "ann", NOW, hours, capital)


def test_approval_says_until_when() -> None:
    """Hours become an end in UTC ns."""
    assert Approval("binance", "ann", NOW, NOW + 2 * HOUR_NS, 10.0) == approve("binance", "ann", NOW, 2.0, 10.0)
