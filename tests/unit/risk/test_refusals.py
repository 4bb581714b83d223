"""Refusals in words."""

from __future__ import annotations

import pytest

from tradewright.domain.enums import Code
from tradewright.risk.refusals import REASONS, reason_code, reason_name, reason_text

NO_REFUSALS = {Code.OK, Code.NEED_ROOM, Code.NEED_FINER, Code.NEED_ORDER_ROOM}


@pytest.mark.rule("F-7")
def test_every_refusal_has_a_sentence_what_would_help_and_perhaps_a_venue_code() -> None:
    """None can be added without words; a sentence takes the two numbers that were compared."""
    assert set(Code) - NO_REFUSALS == set(REASONS)
    for code, reason in REASONS.items():
        assert "{" not in reason_text(code, 1.0, 2.0)
        assert reason.fix
        assert reason.venue_code is None or -6000 < reason.venue_code < -999


@pytest.mark.rule("F-7")
def test_numbers_that_were_compared_stand_in_the_sentence() -> None:
    """An order of 4.5 quote at a venue that wants 5."""
    assert reason_text(Code.NOTIONAL_BELOW_MINIMUM, 4.5, 5.0) == (
        "the order's value 4.50 is below the venue's minimum 5.00"
    )
    assert REASONS[Code.NOTIONAL_BELOW_MINIMUM].venue_code == -4164


def test_names_lead_back_to_their_codes() -> None:
    """What a result says can be looked up."""
    assert list(REASONS) == [reason_code(reason_name(code)) for code in REASONS]
